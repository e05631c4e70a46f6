import { expect, it } from 'vitest'
import { lint } from '../../helpers/a-stack.ts'

/** The E2I platform as its compose files have it, line by line, down to what matters here. */
const E2I = `
cluster: {host_networks: [loopback]}
secrets: {redis_password: {}}
broker: {software: celery, service: redis, database: 1, password: {secret: redis_password}}
volumes: {redis_data: {type: docker}, ml_artifacts: {type: docker}}
services:
  redis:
    image: redis:7-alpine
    ports: {redis: {container: 6379, publish: '127.0.0.1:6382'}}
    volumes: [{volume: redis_data, to: /data}]
    command: [redis-server, --appendonly, 'yes', --maxmemory, 512mb, --maxmemory-policy, allkeys-lru, --requirepass, [{secret: redis_password}]]
    checks: [{type: script, command: [redis-cli, -a, [{secret: redis_password}], ping], interval: 10s, timeout: 5s}]
    resources: {cpu: 1, cpu_reservation: 0.5, memory: 1GB, memory_reservation: 512MB}
  postgres-exporter: {image: 'postgres-exporter:v0.16.0', ports: {http: 9187}}
  opik-backend:
    image: opik-backend:1.10.8
    ports: {http: 8080}
    checks: [{type: http, path: /health-check, interval: 10s, timeout: 30s}]
    env: {PYTHON_EVALUATOR_URL: ['http://', {service: opik-python-backend}]}
  opik-python-backend:
    image: opik-python-backend:1.10.8
    ports: {http: 8001}
    checks: [{type: script, command: [sh, -c, 'wget --spider --quiet http://127.0.0.1:8001/healthcheck || exit 0'], interval: 30s}]
    env: {OPIK_URL_OVERRIDE: ['http://', {service: opik-backend}]}
workers:
  worker_light:
    image: e2i-api:1
    queues: [default, quick, api]
    concurrency: 4
    scale: {min: 2, max: 4}
    volumes: [{volume: ml_artifacts, to: /app/data/ml_artifacts}]
    command: celery -A src.workers.celery_app worker --concurrency=4 --queues=default,quick,api --prefetch-multiplier=2 --hostname=worker_light@%h
    checks: [{type: script, command: [echo, ok], interval: 2m}]
  worker_heavy:
    image: e2i-api:1
    queues: [shap, causal, ml, twins]
    concurrency: 2
    scale: {max: 4}
    longest_task: 2h
    volumes: [{volume: ml_artifacts, to: /app/data/ml_artifacts}]
    command: celery -A src.workers.celery_app worker --concurrency=2 --queues=shap,causal,ml,twins --prefetch-multiplier=1 --time-limit=3600 --soft-time-limit=3300 --hostname=worker_heavy@%h
`

it('finds what is wrong with the E2I platform', () => {
  expect(lint(E2I).map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
    'service-name-mapped workers.worker_light',
    'address-cycle services.opik-backend.env.PYTHON_EVALUATOR_URL',
    'memory-max-ignored services.redis.resources.memory_reservation',
    'volume-on-many-nodes volumes.ml_artifacts',
    'check-timeout-long services.opik-backend.checks.0.timeout',
    'check-always-passes services.opik-python-backend.checks.0.command',
    'check-always-passes workers.worker_light.checks.0.command',
    'no-check services.postgres-exporter',
    'kill-timeout-capped workers.worker_heavy',
    'secret-in-arguments services.redis.command.8',
    'secret-in-arguments services.redis.checks.0.command.2',
    'broker-evicts services.redis.command',
    'visibility-timeout broker.visibility_timeout',
    'time-limits-disagree workers.worker_heavy.command',
    'prefetch-hides-backlog workers.worker_light.command',
    'worker-not-identified workers.worker_light.command',
    'worker-not-identified workers.worker_heavy.command',
  ])
})
