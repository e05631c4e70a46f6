import { describe, expect, it } from 'vitest'
import type { ComposeService } from '../../../src/core/compose/service.ts'
import { bare, readTexts, service } from './read-texts.ts'

const read = (lines: string, top = ''): ComposeService => {
  const { model, issues } = readTexts({ 'c.yml': service(lines, top) })
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([])
  return model.services.a as ComposeService
}
/** What is wrong with these lines of a service. */
const wrong = (lines: string): readonly string[] => readTexts({ 'c.yml': service(lines) }).lines

describe('ports', () => {
  it.each<[string, object[]]>([
    ['"127.0.0.1:6382:6379"', [{ target: 6379, published: 6382, hostIp: '127.0.0.1', protocol: 'tcp' }]],
    ['"8000:8000"', [{ target: 8000, published: 8000, protocol: 'tcp' }]],
    ['"3000"', [{ target: 3000, protocol: 'tcp' }]],
    ['3000', [{ target: 3000, protocol: 'tcp' }]],
    ['"53:53/udp"', [{ target: 53, published: 53, protocol: 'udp' }]],
    ['"[::1]:80:81"', [{ target: 81, published: 80, hostIp: '::1', protocol: 'tcp' }]],
    ['"127.0.0.1::80"', [{ target: 80, hostIp: '127.0.0.1', protocol: 'tcp' }]],
    [
      '"3000-3001"',
      [
        { target: 3000, protocol: 'tcp' },
        { target: 3001, protocol: 'tcp' },
      ],
    ],
    [
      '"9000-9001:80-81"',
      [
        { target: 80, published: 9000, protocol: 'tcp' },
        { target: 81, published: 9001, protocol: 'tcp' },
      ],
    ],
    ['"9000-9009:80"', [{ target: 80, published: { from: 9000, to: 9009 }, protocol: 'tcp' }]],
    ['{target: 80}', [{ target: 80, protocol: 'tcp' }]],
    [
      '{target: 80, published: "8080", host_ip: 127.0.0.1, protocol: udp, mode: host, name: web, app_protocol: http}',
      [
        {
          target: 80,
          published: 8080,
          hostIp: '127.0.0.1',
          protocol: 'udp',
          mode: 'host',
          name: 'web',
          appProtocol: 'http',
        },
      ],
    ],
    ['"${P:-8000}:80"', [{ target: 80, published: 8000, protocol: 'tcp' }]],
  ])('%s', (port, expected) => {
    const { ports } = read(`ports: [${port}]`)
    expect(bare(ports)).toEqual(expected)
    expect(ports.map(({ key }) => key)).toEqual(expected.map(() => 'ports[0]'))
  })

  it.each([
    ['"a:b"', '"a:b" is not a port (write "[IP:][PUBLISHED:]CONTAINER[/udp]")'],
    ['"80:70000"', '"70000" is not a port between 1 and 65535'],
    ['"0:0"', '"0" is not a port between 1 and 65535'],
    ['"9000-9002:80-81"', 'the ranges 9000-9002 and 80-81 differ in length'],
    ['"90-80"', '"90-80" is not a port between 1 and 65535'],
    ['{published: 80}', 'has no target (add "target: PORT")'],
  ])('%s is refused', (port, message) => {
    expect(wrong(`ports:\n- ${port}`)).toEqual([`c.yml:5:7 services.a.ports[0]: ${message}`])
  })
})

describe('volumes', () => {
  it.each<[string, object]>([
    ['data:/data', { type: 'volume', source: 'data', target: '/data', readOnly: false }],
    ['data:/data:ro', { type: 'volume', source: 'data', target: '/data', readOnly: true }],
    ['data:/data:rw,z', { type: 'volume', source: 'data', target: '/data', readOnly: false, selinux: 'z' }],
    ['data:/data:nocopy', { type: 'volume', source: 'data', target: '/data', readOnly: false, nocopy: true }],
    ['/data', { type: 'volume', target: '/data', readOnly: false }],
    ['/data:ro', { type: 'volume', target: '/data', readOnly: true }],
    ['./a/:/a:ro', { type: 'bind', source: './a', target: '/a', readOnly: true }],
    ['../b/./c:/a', { type: 'bind', source: '../b/c', target: '/a', readOnly: false }],
    ['/:/rootfs:ro', { type: 'bind', source: '/', target: '/rootfs', readOnly: true }],
    [
      '~/x:/x:rshared',
      { type: 'bind', source: '~/x', target: '/x', readOnly: false, propagation: 'rshared' },
    ],
    ['C:\\a:/a', { type: 'bind', source: 'C:\\a', target: '/a', readOnly: false }],
    [
      '{type: bind, source: ./a, target: /a, read_only: true, bind: {selinux: Z, propagation: shared}}',
      { type: 'bind', source: './a', target: '/a', readOnly: true, selinux: 'Z', propagation: 'shared' },
    ],
    [
      '{type: volume, source: data, target: /d, volume: {nocopy: true, subpath: s}}',
      { type: 'volume', source: 'data', target: '/d', readOnly: false, nocopy: true, subpath: 's' },
    ],
    [
      '{type: tmpfs, target: /t, tmpfs: {size: 64m, mode: 01777}}',
      { type: 'tmpfs', target: '/t', readOnly: false, sizeBytes: 64 * 1024 ** 2, mode: 0o1777 },
    ],
    [
      '{type: tmpfs, target: /t, tmpfs: {size: 1048576, mode: 504}}',
      { type: 'tmpfs', target: '/t', readOnly: false, sizeBytes: 1024 ** 2, mode: 0o770 },
    ],
    ['${D:-./d}:/d', { type: 'bind', source: './d', target: '/d', readOnly: false }],
  ])('%s', (volume, expected) => {
    expect(bare(read(`volumes:\n  - ${volume}`, 'volumes: {data: {}}').volumes)).toEqual([expected])
  })

  it.each([
    ['data:/data:xx', '"xx" is not a mount option (options are ro, rw, z, Z, nocopy)'],
    ['./a:b', '"b" is not an absolute path in the container'],
    [
      '{type: disk, target: /a}',
      '"disk" is not a type of mount (types are volume, bind, tmpfs, image, npipe, cluster)',
    ],
    ['{type: bind, target: /a}', 'is a bind mount without a source'],
    ['{type: volume, source: data}', 'has no target (name a path in the container)'],
  ])('%s is refused', (volume, message) => {
    expect(wrong(`volumes:\n- ${volume}`)).toContain(`c.yml:5:7 services.a.volumes[0]: ${message}`)
  })
})

describe('tmpfs', () => {
  it.each<[string, object]>([
    ['/tmp', { target: '/tmp', options: [] }],
    ['/tmp:size=50M,mode=1770', { target: '/tmp', sizeBytes: 50 * 1024 ** 2, mode: 0o1770, options: [] }],
    ['/run:mode=0770,uid=1,noexec', { target: '/run', mode: 0o770, options: ['uid=1', 'noexec'] }],
  ])('%s', (line, expected) => {
    expect(bare(read(`tmpfs: ${line}`).tmpfs)).toEqual([expected])
    expect(bare(read(`tmpfs:\n  - ${line}`).tmpfs)).toEqual([expected])
  })

  it.each([
    ['tmp', '"tmp" is not an absolute path in the container'],
    ['/tmp:size=x', '"x" is not a size such as "50M"'],
    ['/tmp:mode=9', '"9" is not an octal mode such as "1770"'],
  ])('%s is refused', (line, message) => {
    expect(wrong(`tmpfs: ${line}`)).toEqual([`c.yml:4:5 services.a.tmpfs[0]: ${message}`])
  })
})

describe('command and entrypoint', () => {
  it.each<[string, unknown]>([
    ['a b', ['a', 'b']],
    ['[a, "b c"]', ['a', 'b c']],
    ['>\n  a\n  --b="x y"\n', ['a', '--b=x y']],
    ['|\n  sh -c "\n    a &&\n    b\n  "\n', ['sh', '-c', '\n  a &&\n  b\n']],
    ['[]', []],
    ['""', []],
    ['[sh, -c, "echo $$X"]', ['sh', '-c', 'echo $X']],
    ['[run, 5, true]', undefined],
  ])('%j', (written, expected) => {
    const { model, lines } = readTexts({ 'c.yml': service(`command: ${written}`) })
    if (expected === undefined) expect(lines).toHaveLength(2)
    else expect(bare(model.services.a?.command)).toEqual(expected)
  })

  it('keeps a variable whole', () => {
    const { model } = readTexts(
      { 'c.yml': service('command: redis-server --requirepass ${P:?set it}') },
      { env: { P: 'a b' } },
    )
    expect(model.services.a?.command?.value).toEqual([
      ['redis-server'],
      ['--requirepass'],
      [{ variable: 'P', required: true, message: 'set it', emptyIsUnset: true }],
    ])
  })

  it('refuses an open quote and warns of shell syntax', () => {
    expect(wrong('command: sh -c "a')).toEqual([
      'c.yml:4:5 services.a.command: a quote or a backslash has nothing to end it (close the quote, or write a list)',
    ])
    expect(wrong('entrypoint: a && b')).toEqual([
      'c.yml:4:5 services.a.entrypoint: "&&" is an argument here, not shell syntax: no shell runs this command (write ["sh", "-c", "..."] if a shell is meant)',
    ])
  })
})

describe('health checks', () => {
  it.each<[string, unknown]>([
    ['[CMD, curl, -f, "http://h"]', { kind: 'exec', words: [['curl'], ['-f'], ['http://h']] }],
    ['[CMD-SHELL, "a | b"]', { kind: 'shell', command: ['a | b'] }],
    ['a || exit 1', { kind: 'shell', command: ['a || exit 1'] }],
    ['[NONE]', { kind: 'none' }],
  ])('%s', (test, expected) => {
    expect(
      read(`healthcheck: {test: ${test.startsWith('[') ? test : JSON.stringify(test)}}`).healthcheck?.test
        ?.value,
    ).toEqual(expected)
  })

  it('reads times and counts', () => {
    const lines =
      'healthcheck:\n  test: x\n  interval: 1m30s\n  timeout: 500ms\n  retries: 5\n  start_period: 2h\n  start_interval: 5s\n  disable: false'
    expect(bare(read(lines).healthcheck)).toMatchObject({
      intervalMs: 90_000,
      timeoutMs: 500,
      retries: 5,
      startPeriodMs: 7_200_000,
      startIntervalMs: 5000,
      disable: false,
    })
  })

  it.each([
    ['[RUN, a]', '"RUN" is not CMD, CMD-SHELL or NONE'],
    ['[CMD]', 'CMD has no command'],
    ['[CMD-SHELL]', 'CMD-SHELL has no command'],
  ])('%s is refused', (test, message) => {
    expect(wrong(`healthcheck:\n  test: ${test}`)).toEqual([
      `c.yml:5:7 services.a.healthcheck.test: ${message} (write ["CMD", PROGRAM, ARGUMENT...] or one text for a shell)`,
    ])
  })
})

describe('everything else', () => {
  it('reads each form', () => {
    const result = read(
      `
user: "1000:1000"
working_dir: /app
hostname: h
init: true
privileged: "true"
shm_size: 64m
stop_grace_period: 1m
stop_signal: SIGINT
restart: on-failure:3
extra_hosts: {db: 10.0.0.1, api: [10.0.0.2, "::1"]}
cap_add: [NET_ADMIN]
ulimits: {nofile: {soft: 10, hard: 20}, nproc: 5}
logging: {driver: json-file, options: {max-size: 10m, max-file: 3}}
network_mode: host
group_add: [staff, 100]
mem_limit: 512m
mem_reservation: 256M
cpus: "0.5"
pids_limit: 100
scale: 3
environment: {N: 1, F: 1.5, B: false, E: "", X: }
labels: [a=b=c, flag]
dns: [1.1.1.1]
pull_policy: always
annotations: {x: y}
deploy:
  mode: global
  labels: [d=1]
  placement: {constraints: [node.role == worker], preferences: [{spread: node.labels.zone}], max_replicas_per_node: 2}
  restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 2m}
  update_config: {parallelism: 2, delay: 10s, order: start-first, failure_action: rollback, monitor: 30s, max_failure_ratio: 0.1}
`,
    )
    expect(bare(result)).toMatchObject({
      user: '1000:1000',
      workingDir: '/app',
      hostname: 'h',
      init: true,
      privileged: true,
      shmSizeBytes: 64 * 1024 ** 2,
      stopGracePeriodMs: 60_000,
      stopSignal: 'SIGINT',
      restart: { policy: 'on-failure', attempts: 3 },
      extraHosts: ['db:10.0.0.1', 'api:10.0.0.2', 'api:::1'],
      capAdd: ['NET_ADMIN'],
      ulimits: { nofile: { soft: 10, hard: 20 }, nproc: { soft: 5, hard: 5 } },
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
      networkMode: 'host',
      groupAdd: ['staff', '100'],
      resources: {
        memoryLimitBytes: 512 * 1024 ** 2,
        memoryReservationBytes: 256 * 1024 ** 2,
        cpuLimit: 0.5,
        pidsLimit: 100,
      },
      count: 3,
      environment: { N: '1', F: '1.5', B: 'false', X: null },
      labels: { a: 'b=c', flag: null },
      dns: ['1.1.1.1'],
      pullPolicy: 'always',
      annotations: { x: 'y' },
      deploy: {
        mode: 'global',
        labels: { d: '1' },
        constraints: ['node.role == worker'],
        preferences: ['node.labels.zone'],
        maxPerNode: 2,
        restartCondition: 'on-failure',
        restartDelayMs: 5000,
        restartAttempts: 3,
        restartWindowMs: 120_000,
        update: {
          parallelism: 2,
          delayMs: 10_000,
          order: 'start-first',
          failureAction: 'rollback',
          monitorMs: 30_000,
          maxFailureRatio: 0.1,
        },
        rollback: {},
      },
    })
    expect(result.environment.E?.value).toEqual([])
  })

  it('prefers deploy to the older keys', () => {
    const result = read('mem_limit: 1g\nscale: 5\ndeploy: {replicas: 2, resources: {limits: {memory: 2g}}}')
    expect(bare([result.resources.memoryLimitBytes, result.count])).toEqual([2 * 1024 ** 3, 2])
  })

  it('tells no networks from the default one', () => {
    expect(read('networks: []').networks).toEqual({})
    expect(read('user: x')).not.toHaveProperty('networks')
    expect(
      bare(read('networks: {n: {aliases: [x], ipv4_address: 10.0.0.2}}', 'networks: {n: }').networks),
    ).toEqual({
      n: { aliases: ['x'], ipv4Address: '10.0.0.2' },
    })
  })

  it('mounts secrets and configs under their targets', () => {
    const top =
      'secrets: {s: {file: ./s}, t: {environment: T}}\nconfigs: {c: {content: "x"}, d: {external: {name: dd}}}'
    const { secrets, configs } = read(
      'secrets: [s, {source: t, target: /x, uid: "1", mode: 0400}]\nconfigs: [c]',
      top,
    )
    expect(bare([secrets, configs])).toEqual([
      [
        { source: 's', target: '/run/secrets/s' },
        { source: 't', target: '/x', uid: '1', mode: 0o400 },
      ],
      [{ source: 'c', target: '/c' }],
    ])
    const { model } = readTexts({ 'c.yml': service('user: x', top) })
    expect(bare([model.secrets, model.configs])).toEqual([
      { s: { file: './s' }, t: { environment: 'T' } },
      { c: { content: 'x' }, d: { external: true, name: 'dd' } },
    ])
  })

  it.each([
    [
      'restart: sometimes',
      'restart: "sometimes" is not a restart policy (write no, always, unless-stopped, on-failure or on-failure:TIMES)',
    ],
    ['shm_size: big', 'shm_size: "big" is not a size such as "512m" or "2g"'],
    [
      'stop_grace_period: 5 minutes',
      'stop_grace_period: "5 minutes" is not a duration such as "30s" or "1m30s"',
    ],
    ['deploy: {replicas: "${N:-two}"}', 'deploy.replicas: "two" is not a number'],
    ['init: "${I:-maybe}"', 'init: "maybe" is not true or false'],
  ])('%s is refused', (lines, message) => {
    expect(wrong(lines)).toEqual([expect.stringMatching(/^c\.yml:4:\d+ services\.a\./)])
    expect(wrong(lines)[0]).toContain(`services.a.${message}`)
  })

  it('does not complain a second time where a missing variable left a blank', () => {
    expect(wrong('scale: $N\nports: ["$P:80"]').map((line) => line.replace(/ \(.*/, ''))).toEqual([
      'c.yml:4:5 services.a.scale: N is not set and stays blank',
      'c.yml:5:13 services.a.ports[0]: P is not set and stays blank',
    ])
  })
})
