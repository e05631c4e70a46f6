import { describe, expect, it } from 'vitest'
import { runRules } from '../../../src/core/rules/check-stack.ts'
import { checkStack, RULES } from '../../../src/core/rules/index.ts'
import type { Rule } from '../../../src/core/rules/rule.ts'
import { viewOf } from '../../../src/core/rules/view.ts'
import { aStack, lint } from '../../helpers/a-stack.ts'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const CASES: RuleCase[] = [
  [
    'codes that do not exist or cannot be silenced',
    'bad-silence',
    'silence: {no-chek: x}\nservices: {a: {image: "x:1", silence: {unknown-dependency: x, no-check: y}}}',
    [
      'silence.no-chek: no rule has the code "no-chek"',
      'services.a.silence.unknown-dependency: "unknown-dependency" cannot be silenced: name a job of this stack',
    ],
  ],
  [
    'silences of nothing',
    'unused-silence',
    'silence: {image-latest: x}\nservices: {a: {image: "x:1", silence: {no-check: y, secret-literal: z}}}',
    [
      'silence.image-latest: "image-latest" is silenced, but there is nothing to silence',
      'services.a.silence.secret-literal: "secret-literal" is silenced, but there is nothing to silence',
    ],
  ],
  ['a silence of silences', 'unused-silence', 'silence: {image-latest: x, unused-silence: only in prod}', []],
  [
    'a silence of one job',
    'no-check',
    'services: {a: {image: "x:1", silence: {no-check: x}}, b: {image: "x:1"}}',
    ['services.b: the service b has no check'],
  ],
  [
    'a silence of the stack',
    'no-check',
    'silence: {no-check: x}\nservices: {a: {image: "x:1"}, b: {image: "x:1"}}',
    [],
  ],
  [
    'a shared block that one of its two jobs silences',
    'secret-literal',
    'environments: {e: {API_KEY: abcdef}}\nservices: {a: {image: "x:1", env_from: [e], silence: {secret-literal: x}}, b: {image: "x:1", env_from: [e]}}',
    ['environments.e.API_KEY: the variable API_KEY holds a secret, written into the stack'],
  ],
  [
    'a shared block that both of them silence',
    'secret-literal',
    'environments: {e: {API_KEY: abcdef}}\nservices: {a: {image: "x:1", env_from: [e], silence: {secret-literal: x}}, b: {image: "x:1", env_from: [e], silence: {secret-literal: x}}}',
    [],
  ],
]

describe('silences', () => testCases(CASES))

describe('runRules', () => {
  const rule = (findings: Iterable<{ path: string[]; message: string; fix?: string }>): Rule => ({
    code: 'a-rule',
    severity: 'warning',
    silenceable: true,
    reason: 'Because.',
    fix: 'mend it',
    check: () => findings,
  })

  it('fills in code, severity and the fix of the rule, or of the finding', () => {
    const findings = [
      { path: ['routes'], message: 'one' },
      { path: ['routes'], message: 'two', fix: 'mend this' },
    ]
    expect(runRules(aStack({}), [rule(findings)])).toEqual([
      { severity: 'warning', code: 'a-rule', path: ['routes'], message: 'one', fix: 'mend it' },
      { severity: 'warning', code: 'a-rule', path: ['routes'], message: 'two', fix: 'mend this' },
    ])
  })

  it('tells the same thing once', () => {
    const finding = { path: ['environments', 'e'], message: 'one' }
    expect(runRules(aStack({}), [rule([finding, finding])])).toHaveLength(1)
  })

  it('does not take a path that only looks like a job for one', () => {
    const stack = aStack({ services: { a: { image: 'x:1', silence: { 'a-rule': 'x' } } } })
    expect(runRules(stack, [rule([{ path: ['routes', 'a'], message: 'one' }])])).toHaveLength(1)
  })
})

describe('checkStack', () => {
  it('says nothing about an empty stack', () => {
    expect(lint({})).toEqual([])
  })

  it('runs in time that grows with the stack', () => {
    const stackOf = (jobs: number) =>
      aStack({
        secrets: { s: {} },
        services: Object.fromEntries(
          Array.from({ length: jobs }, (_, index) => [
            `job-${index}`,
            {
              image: 'x:1',
              ports: { p: 80 },
              checks: [{ type: 'tcp' }],
              env: { S: { secret: 's' }, NEXT: index === 0 ? 'none' : { service: `job-${index - 1}` } },
              depends_on: index === 0 ? [] : [`job-${index - 1}`],
            },
          ]),
        ),
      })
    const milliseconds = (jobs: number) => {
      const times = Array.from({ length: 5 }, () => {
        // What was found in a job is remembered, so each turn has jobs of its own.
        const stack = stackOf(jobs)
        const start = performance.now()
        expect(checkStack(stack)).toEqual([])
        return performance.now() - start
      })
      return Math.min(...times)
    }
    milliseconds(200)
    // Eight times the jobs; anything quadratic would take 64 times as long.
    expect(milliseconds(1600) / milliseconds(200)).toBeLessThan(48)
  })
})

describe('every rule', () => {
  it('keeps quiet about a stack that uses all there is', () => {
    expect(linesOfAll(SOUND)).toEqual([])
  })

  it.each(RULES)('$code bears a stack where everything is wrong', ({ check }) => {
    expect(() => [...check({ ...viewOfBroken() })]).not.toThrow()
  })
})

function viewOfBroken() {
  return viewOf(aStack(BROKEN), new Map(RULES.map((rule) => [rule.code, rule])), new Set())
}

function linesOfAll(stack: string): string[] {
  return lint(stack).map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`)
}

const BROKEN = `
broker: {software: celery, service: nobody, password: {secret: none}}
routes: {x: nowhere}
scaling: {schedules: {s: {otherwise: t, min: {u: 1}}}, budget: {max_per_hour: 1}, alerts: {webhook: {secret: none}, on: [at-max]}}
services:
  a:
    depends_on: {b: completed, c: healthy, a: started}
    networks: [no, none]
    env: {A: {service: d, port: e}, B: {secret: f}}
    command: [{service: x}]
    volumes: [{volume: v, to: /v}]
    checks: [{type: grpc, port: p}]
`.replace('command: [{service: x}]', 'command: [[{service: x}]]')

const SOUND = `
cluster:
  nodes: many
  memory_oversubscription: true
  max_kill_timeout: 2h
  host_networks: [loopback]
  isolation: intentions
  docker_volumes: true
  prices: {core_hour: 0.04, gb_hour: 0.005}
environments:
  common:
    REDIS_URL: ['redis://:', {secret: redis_password}, '@', {service: redis}, /0]
secrets: {redis_password: {}, webhook: {}}
networks: {edge: {}, data: {internal: true}}
volumes:
  redis_data: {type: dynamic}
  shared: {type: csi, access_mode: multi-node-multi-writer}
broker: {software: celery, service: redis, port: redis, password: {secret: redis_password}, visibility_timeout: 2h}
routes: {'mail.*': mail, '*': default}
scaling:
  schedules:
    office: {from: '09:00', to: '18:00', weekdays: [1, 2, 3, 4, 5], time_zone: Europe/Berlin, min: {light: 2}}
    night: {otherwise: office, max: {light: 3}}
  budget: {max_per_hour: 5}
  alerts: {webhook: {secret: webhook}, on: [at-max]}
services:
  redis:
    image: redis:7.4
    networks: [data]
    ports: {redis: {container: 6379, publish: '127.0.0.1:6379'}}
    env: {REDISCLI_AUTH: {secret: redis_password}}
    command: redis-server /etc/redis.conf
    files:
      /etc/redis.conf: {content: "maxmemory-policy noeviction\\nrequirepass @PASSWORD@\\n", values: {PASSWORD: {secret: redis_password}}}
    volumes: [{volume: redis_data, to: /data}]
    checks: [{type: script, command: redis-cli ping}]
  api:
    image: shop:1.2
    count: 2
    networks: [edge, data]
    env_from: [common]
    env: {NAME: '\${NOMAD_ALLOC_ID}'}
    command: serve --port 8000 --worker \${NOMAD_ALLOC_INDEX}
    ports: {http: 8000, metrics: 9100}
    checks:
      - {type: http, port: http, path: /health}
      - {type: grpc, port: metrics}
    depends_on: {redis: healthy, migrate: completed}
    resources: {cpu: 2, cpu_reservation: 0.5, memory: 2GB, memory_reservation: 512MB}
    tmpfs: {/tmp: {size: 100MB, mode: '1770'}}
    volumes: [{volume: shared, to: /shared}]
    read_only: true
    hostname: api
    update: {canary: 1, auto_promote: true}
    restart: {attempts: 3, interval: 5m, delay: 15s, mode: fail}
    constraints: [{attribute: '\${attr.kernel.name}', value: linux}]
    spread: [{attribute: '\${meta.zone}', targets: {a: 50, b: 50}}]
    config: {init: true, shm_size: 67108864}
    init: {warm: {image: 'shop:1.2', command: [sh, -c, 'echo \${HOME:-/} && ./warm']}}
    sidecars: {log-shipper: {image: 'shipper:3'}}
workers:
  light:
    image: shop:1.2
    networks: [data]
    env_from: [common]
    queues: [mail, default]
    concurrency: 4
    scale: {min: 1, max: 4, strategies: {step: {up_at: 20, down_at: 0, cooldown: 3m}}}
    celery: {app: shop.tasks, time_limit: 1h, soft_time_limit: 55m}
    volumes: [{volume: shared, to: /shared}]
batch:
  migrate: {image: 'shop:1.2', networks: [], command: ./migrate}
periodic:
  report: {image: 'shop:1.2', networks: [data], env_from: [common], command: ./report, cron: '30 2 * * 1-5'}
system:
  node-exporter:
    image: node-exporter:1.9.0
    networks: [data]
    ports: {http: 9100}
    checks: [{type: http, path: /metrics}]
    volumes: [{host: /proc, to: /host/proc, read_only: true}]
`
