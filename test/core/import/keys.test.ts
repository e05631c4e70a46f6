import { describe, expect, it } from 'vitest'
import type { Shape } from '../../../src/core/compose/shape.ts'
import { serviceShape } from '../../../src/core/compose/shapes.ts'
import { importTexts, serviceA } from './import-texts.ts'

/** Every key that a compose service can have, with all that stands below it. */
const SAMPLES: Readonly<Record<string, string>> = {
  annotations: '{a: b}',
  attach: 'true',
  blkio_config: '{weight: 300}',
  build:
    '{context: ., dockerfile: D, target: t, args: {A: 1}, cache_from: [x], labels: {l: m}, network: host, no_cache: true, platforms: [linux/amd64], shm_size: 1m, tags: [t:1], secrets: [s], ssh: {default: }, pull: true, dockerfile_inline: FROM x}',
  cap_add: '[SYS_TIME]',
  cap_drop: '[ALL]',
  cgroup: 'private',
  cgroup_parent: 'm',
  command: '[run]',
  configs: '[{source: c, target: /c, uid: "1", gid: "1", mode: "0440"}]',
  container_name: 'x',
  cpu_count: '2',
  cpu_percent: '50',
  cpu_period: '1000',
  cpu_quota: '1000',
  cpu_rt_period: '1000',
  cpu_rt_runtime: '1000',
  cpu_shares: '512',
  cpus: '0.5',
  cpuset: '"0,1"',
  credential_spec: '{file: x}',
  depends_on: '{b: {condition: service_started, restart: true, required: false}}',
  deploy:
    '{endpoint_mode: vip, labels: {l: m}, mode: replicated, placement: {constraints: [node.id == 1], preferences: [{spread: node.labels.z}], max_replicas_per_node: 2}, replicas: 2, resources: {limits: {cpus: "1", memory: 1g, pids: 5}, reservations: {cpus: "1", memory: 1g, devices: [{capabilities: [gpu]}], generic_resources: [{x: 1}]}}, restart_policy: {condition: any, delay: 1s, max_attempts: 3, window: 1s}, rollback_config: {parallelism: 1, order: stop-first}, update_config: {parallelism: 1, delay: 1s, failure_action: rollback, monitor: 1s, max_failure_ratio: 0.1, order: stop-first}}',
  develop: '{watch: [{path: ., action: sync}]}',
  device_cgroup_rules: '["c 1:3 mr"]',
  devices: '["/dev/x:/dev/x"]',
  dns: '[1.1.1.1]',
  dns_opt: '[use-vc]',
  dns_search: '[x.y]',
  domainname: 'x.y',
  driver_opts: '{a: b}',
  entrypoint: '[e]',
  env_file: '[{path: a.env, required: false, format: raw}]',
  environment: '{A: b}',
  expose: '["81"]',
  extends: '{service: c}',
  external_links: '[x:y]',
  extra_hosts: '["h:1.2.3.4"]',
  gpus: 'all',
  group_add: '[mail]',
  healthcheck:
    '{test: "curl localhost:80", interval: 1s, timeout: 1s, retries: 1, start_period: 1s, start_interval: 1s}',
  hostname: 'h',
  image: 'a:1',
  init: 'true',
  ipc: 'host',
  isolation: 'default',
  label_file: '[l.env]',
  labels: '{l: m}',
  links: '[b]',
  logging: '{driver: json-file, options: {max-size: 1m, max-file: "2", tag: x}}',
  mac_address: '02:42:ac:11:65:43',
  mem_limit: '1g',
  mem_reservation: '1g',
  mem_swappiness: '5',
  memswap_limit: '2g',
  models: '[m]',
  network_mode: 'bridge',
  networks:
    '{default: {aliases: [q], driver_opts: {a: b}, gw_priority: 1, interface_name: eth1, ipv4_address: 10.0.0.2, ipv6_address: "::2", link_local_ips: [169.254.1.1], mac_address: 02:42:ac:11:65:43, priority: 1}}',
  oom_kill_disable: 'true',
  oom_score_adj: '5',
  pid: 'host',
  pids_limit: '5',
  platform: 'linux/amd64',
  ports:
    '[{target: 80, published: "80", host_ip: 127.0.0.1, protocol: tcp, mode: host, name: web, app_protocol: http}]',
  post_start: '[{command: x}]',
  pre_stop: '[{command: x}]',
  privileged: 'true',
  profiles: '[p]',
  provider: '{type: x}',
  pull_policy: 'missing',
  pull_refresh_after: '1h',
  read_only: 'true',
  restart: 'always',
  runtime: 'runc',
  scale: '2',
  secrets: '[{source: s, target: /s, uid: "1", gid: "1", mode: "0440"}]',
  security_opt: '["no-new-privileges:true"]',
  shm_size: '1m',
  stdin_open: 'true',
  stop_grace_period: '1m',
  stop_signal: 'SIGTERM',
  storage_opt: '{size: 1G}',
  sysctls: '{a.b: 1}',
  tmpfs: '[/t]',
  tty: 'true',
  ulimits: '{nofile: {soft: 1, hard: 2}, nproc: 3}',
  use_api_socket: 'true',
  user: 'u',
  userns_mode: 'host',
  uts: 'host',
  volumes:
    '[{type: volume, source: v, target: /v, read_only: true, consistency: cached, volume: {nocopy: true, subpath: s, labels: {l: m}}}, {type: bind, source: /b, target: /b, bind: {propagation: rshared, create_host_path: true, selinux: z, recursive: enabled}}, {type: image, source: i, target: /i, image: {subpath: x}}]',
  volumes_from: '[b]',
  working_dir: '/w',
}

const REST = `  b:
    image: b:1
    expose: ["80"]
  c:
    image: c:1
    expose: ["80"]
volumes: {v: {driver: local, driver_opts: {o: p}, labels: {l: m}, external: false}}
networks: {default: {driver: bridge, driver_opts: {a: b}, attachable: true, enable_ipv6: true, enable_ipv4: true, internal: true, ipam: {driver: default}, labels: {l: m}, name: n}}
secrets: {s: {file: ./s}}
configs: {c: {content: text}}
x-own: {a: 1}
`

/** Said of keys that nobody has thought of. */
const NO_WORD = 'a stack has no key for it'

const keysOf = (shape: Shape): string[] => (shape.kind === 'map' ? Object.keys(shape.keys) : [])

describe('every key of a compose service', () => {
  it('is among the samples', () => {
    expect(Object.keys(SAMPLES).sort()).toEqual(keysOf(serviceShape).sort())
  })

  it.each(Object.keys(SAMPLES))('%s is mapped, or has a reason of its own', (key) => {
    const others = key === 'image' ? '' : 'image: a:1\n'
    const lines = key === 'expose' ? '' : 'expose: ["80"]\n'
    const imported = importTexts(serviceA(`${others}${lines}${key}: ${SAMPLES[key]}`, REST))
    expect(imported.report.filter(({ note }) => note === NO_WORD)).toEqual([])
    const own = imported.report.filter(
      (entry) =>
        entry.service === 'a' &&
        (entry.key === key || (/^[.[]/.test(entry.key.slice(key.length)) && entry.key.startsWith(key))),
    )
    expect(own.length).toBeGreaterThan(0)
    expect(imported.errors).toEqual([])
  })

  it('stands in the report with its place, once for each time it is written', () => {
    const base =
      'services:\n  a:\n    image: a:1\n    ports: ["80:80"]\n    environment: {A: 1}\n    command: x\n    labels: {l: m}\n'
    const over =
      'services:\n  a:\n    ports: !override ["81:80"]\n    environment: {A: 2}\n    command: !reset null\n    labels: !reset []\nversion: "3"\nx-more: {a: 1}\n'
    const { report } = importTexts({ 'base.yml': base, 'over.yml': over })
    const lines = report.map(
      ({ position, key, state, note }) =>
        `${position.file}:${position.line} ${key} ${state}${note ? `: ${note}` : ''}`,
    )
    expect(lines).toEqual([
      'base.yml:3 image mapped',
      'base.yml:4 ports[0] replaced: replaced at over.yml:3',
      'base.yml:5 environment.A replaced: replaced at over.yml:4',
      'base.yml:6 command replaced: removed by !reset at over.yml:5',
      'base.yml:7 labels.l replaced: removed by !reset at over.yml:6',
      'over.yml:3 ports[0] mapped',
      'over.yml:4 environment.A mapped',
      'over.yml:5 command replaced: removed by !reset at over.yml:5',
      'over.yml:6 labels replaced: removed by !reset at over.yml:6',
      'over.yml:7 version mapped: compose itself ignores it',
      'over.yml:8 x-more mapped: means nothing by itself; its keys are listed where an alias uses them',
    ])
  })
})
