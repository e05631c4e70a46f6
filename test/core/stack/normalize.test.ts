import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { normalize } from '../../../src/core/stack/normalize.ts'
import { stackSchema } from '../../../src/core/stack/schema/stack.ts'
import type { Job, Stack } from '../../../src/core/stack/stack.ts'
import { tasksOf } from '../../../src/core/stack/stack.ts'
import { aStack } from '../../helpers/a-stack.ts'

/** The only job of a stack that has one entry in one section. */
function jobOf(section: string, written: object, rest: object = {}): Job {
  const job = aStack({ ...rest, [section]: { it: written } }).jobs[0]
  if (!job) throw new Error('no job')
  return job
}

const service = (written: object = {}, rest: object = {}): Job =>
  jobOf('services', { image: 'a:1', ...written }, rest)
const worker = (written: object = {}, rest: object = {}): Job =>
  jobOf('workers', { image: 'a:1', queues: ['q'], scale: { max: 3 }, ...written }, rest)

describe('normalize: the stack', () => {
  it('fills in every default of an empty stack', () => {
    expect(aStack({})).toEqual({
      name: 'shop',
      cluster: {
        namespace: 'default',
        datacenters: ['*'],
        nodes: 'many',
        cpuMhzPerCore: 2500,
        memoryOversubscription: false,
        maxKillTimeoutMs: 30_000,
        hostNetworks: [],
        isolation: 'none',
        addresses: 'host',
        dockerVolumes: false,
      },
      secrets: {},
      networks: {},
      volumes: {},
      scaling: { intervalMs: 5000, schedules: {} },
      routes: {},
      jobs: [],
      silence: {},
    } satisfies Stack)
  })

  it('takes the cluster as written', () => {
    const { cluster } = aStack({
      cluster: {
        region: 'eu',
        namespace: 'prod',
        datacenters: ['dc1'],
        node_pool: 'gpu',
        nodes: 'one',
        cpu_mhz_per_core: 3000,
        memory_oversubscription: true,
        max_kill_timeout: '1h30m',
        host_networks: ['loopback'],
        isolation: 'docker',
        addresses: 'allocation',
        docker_volumes: true,
        prices: { core_hour: 0.5, gb_hour: 0.1 },
      },
    })
    expect(cluster).toEqual({
      region: 'eu',
      namespace: 'prod',
      datacenters: ['dc1'],
      nodePool: 'gpu',
      nodes: 'one',
      cpuMhzPerCore: 3000,
      memoryOversubscription: true,
      maxKillTimeoutMs: 5_400_000,
      hostNetworks: ['loopback'],
      isolation: 'docker',
      addresses: 'allocation',
      dockerVolumes: true,
      prices: { currency: 'USD', coreHour: 0.5, gbHour: 0.1 },
    })
  })

  it.each([
    ['a secret of which nothing is said', { a: null }, { a: { path: 'nomad/jobs', key: 'a' } }],
    ['an empty one', { a: {} }, { a: { path: 'nomad/jobs', key: 'a' } }],
    [
      'one with a place of its own',
      { a: { path: 'team/db', key: 'pass', description: 'why' } },
      { a: { path: 'team/db', key: 'pass', description: 'why' } },
    ],
  ])('secrets: %s', (_, secrets, normal) => expect(aStack({ secrets }).secrets).toEqual(normal))

  it.each([
    [{ n: null }, { n: { internal: false } }],
    [{ n: { internal: true, description: 'd' } }, { n: { internal: true, description: 'd' } }],
  ])('networks: %j', (networks, normal) => expect(aStack({ networks }).networks).toEqual(normal))

  it.each([
    [{ type: 'host' }, { type: 'host', source: 'v' }],
    [
      { type: 'host', source: 's' },
      { type: 'host', source: 's' },
    ],
    [{ type: 'dynamic' }, { type: 'dynamic', plugin: 'mkdir', mode: '0700' }],
    [
      { type: 'dynamic', plugin: 'p', capacity: '1GB', uid: 0, gid: 5, mode: '770' },
      { type: 'dynamic', plugin: 'p', capacityMb: 1024, uid: 0, gid: 5, mode: '770' },
    ],
    [
      { type: 'csi', access_mode: 'single-node-writer' },
      {
        type: 'csi',
        source: 'v',
        accessMode: 'single-node-writer',
        attachmentMode: 'file-system',
        mountFlags: [],
      },
    ],
    [
      {
        type: 'csi',
        source: 's',
        access_mode: 'multi-node-multi-writer',
        attachment_mode: 'block-device',
        mount_flags: ['ro'],
        fs_type: 'xfs',
      },
      {
        type: 'csi',
        source: 's',
        accessMode: 'multi-node-multi-writer',
        attachmentMode: 'block-device',
        mountFlags: ['ro'],
        fsType: 'xfs',
      },
    ],
    [{ type: 'docker' }, { type: 'docker', source: 'shop_v', options: {} }],
    [
      { type: 'docker', source: 's', driver: 'nfs', options: { o: 'addr' } },
      { type: 'docker', source: 's', driver: 'nfs', options: { o: 'addr' } },
    ],
  ])('volumes: %j', (volume, normal) =>
    expect(aStack({ volumes: { v: volume } }).volumes).toEqual({ v: normal }),
  )

  it.each([
    [
      { software: 'celery', service: 'redis' },
      { software: 'celery', service: 'redis', database: 0, prefix: '', visibilityTimeoutMs: 3_600_000 },
    ],
    [
      {
        software: 'bullmq',
        service: 'redis',
        port: 'main',
        database: 3,
        prefix: 'p:',
        password: { secret: 's' },
        visibility_timeout: '90s',
      },
      {
        software: 'bullmq',
        service: 'redis',
        port: 'main',
        database: 3,
        prefix: 'p:',
        password: 's',
        visibilityTimeoutMs: 90_000,
      },
    ],
  ])('broker: %j', (broker, normal) => expect(aStack({ broker }).broker).toEqual(normal))

  it('keeps the order of sections and of the jobs in them', () => {
    const task = { image: 'a:1' }
    const stack = aStack({
      system: { s: task },
      batch: { z: task, b: task },
      periodic: { p: { ...task, cron: '@daily' } },
      workers: { w: { ...task, queues: ['q'], scale: { max: 1 } } },
      services: { y: task, a: task },
    })
    expect(stack.jobs.map(({ name, kind, section }) => [name, kind, section])).toEqual([
      ['y', 'service', 'services'],
      ['a', 'service', 'services'],
      ['w', 'worker', 'workers'],
      ['z', 'batch', 'batch'],
      ['b', 'batch', 'batch'],
      ['p', 'periodic', 'periodic'],
      ['s', 'system', 'system'],
    ])
  })

  it('reports what it cannot make sense of, each at its place', () => {
    const written = parse(`
      name: shop
      environments: { base: { A: 1 } }
      services:
        api:
          image: a:1
          command: "run 'open"
          env_from: [base, bse]
          files:
            /a: {}
            /b: { content: x, source: y }
            /c: { content: "@B@ b", values: { B: { secret: s }, MISSING: { secret: s } } }
          checks: [{ type: script, command: 'a \\' }]
    `)
    const { issues } = normalize(stackSchema.parse(written), new Map([['y', '']]))
    expect(issues.map(({ code, path, fix }) => [code, path.join('.'), fix])).toEqual([
      ['unclosed-quote', 'services.api.checks.0.command', 'close it, or write the command as a list'],
      ['unclosed-quote', 'services.api.command', 'close it, or write the command as a list'],
      ['unknown-environment', 'services.api.env_from.1', 'it has: base'],
      ['file-content', 'services.api.files./a', 'give exactly one of the two'],
      ['file-content', 'services.api.files./b', 'give exactly one of the two'],
      [
        'unused-file-value',
        'services.api.files./c.values.MISSING',
        'remove the value, or mark its place in the text',
      ],
    ])
  })
})

describe('normalize: a task', () => {
  it('fills in every default of a service', () => {
    const { main, ...job } = service()
    expect(main).toEqual({
      name: 'it',
      path: ['services', 'it'],
      driver: 'docker',
      image: 'a:1',
      env: {},
      envPaths: {},
      files: [],
      mounts: [],
      tmpfs: [],
      readOnly: false,
      securityOpt: [],
      capAdd: [],
      capDrop: [],
      ulimits: {},
      resources: { cpu: 0.1, cpuReserved: 0.1, cpuHardLimit: false, memoryMb: 300, memoryReservedMb: 300 },
      logs: { files: 3, fileSizeMb: 10 },
      killTimeout: '30s',
      restart: 'always',
      config: {},
    })
    expect(job).toEqual({
      name: 'it',
      kind: 'service',
      section: 'services',
      path: ['services', 'it'],
      profiles: [],
      dependsOn: [],
      networks: ['default'],
      ports: [],
      checks: [],
      init: [],
      sidecars: [],
      count: 1,
      update: {
        maxParallel: 1,
        canary: 0,
        autoPromote: false,
        autoRevert: true,
        minHealthyTime: '10s',
        healthyDeadline: '5m',
        progressDeadline: '10m',
      },
      datacenters: ['*'],
      constraints: [],
      affinities: [],
      spread: [],
      meta: {},
      labels: {},
      tags: [],
      silence: {},
    })
  })

  it.each([
    [
      'nothing',
      {},
      { cpu: 0.1, cpuReserved: 0.1, cpuHardLimit: false, memoryMb: 300, memoryReservedMb: 300 },
    ],
    [
      'fractions of cores',
      { cpu: 1.5 },
      { cpu: 1.5, cpuReserved: 1.5, cpuHardLimit: false, memoryMb: 300, memoryReservedMb: 300 },
    ],
    [
      'a reservation of each',
      { cpu: 2, cpu_reservation: 0.25, memory: '2GB', memory_reservation: '512MB' },
      { cpu: 2, cpuReserved: 0.25, cpuHardLimit: false, memoryMb: 2048, memoryReservedMb: 512 },
    ],
    [
      'sizes that are no whole MB, rounded up',
      { memory: '1.3GB', memory_reservation: '20481KB' },
      { cpu: 0.1, cpuReserved: 0.1, cpuHardLimit: false, memoryMb: 1332, memoryReservedMb: 21 },
    ],
    [
      'whole cores',
      { cores: 3 },
      { cpu: 0, cpuReserved: 0, cpuHardLimit: false, cores: 3, memoryMb: 300, memoryReservedMb: 300 },
    ],
    [
      'a hard limit',
      { cpu: 1, cpu_hard_limit: true },
      { cpu: 1, cpuReserved: 1, cpuHardLimit: true, memoryMb: 300, memoryReservedMb: 300 },
    ],
  ])('resources: %s', (_, resources, normal) => expect(service({ resources }).main.resources).toEqual(normal))

  it.each([
    [undefined, undefined, { files: 3, fileSizeMb: 10 }],
    [undefined, { files: 5, file_size: '20MB' }, { files: 5, fileSizeMb: 20 }],
    [{ files: 2 }, { files: 5, file_size: '20MB' }, { files: 2, fileSizeMb: 10 }],
    [{ file_size: '10KB' }, undefined, { files: 3, fileSizeMb: 1 }],
    [{ file_size: '0MB' }, undefined, { files: 3, fileSizeMb: 1 }],
  ])('logs %j in a stack with logs %j', (own, shared, normal) => {
    const rest = shared === undefined ? {} : { logs: shared }
    expect(service(own === undefined ? {} : { logs: own }, rest).main.logs).toEqual(normal)
  })

  it('tmpfs, ulimits and mounts', () => {
    const { main } = service({
      tmpfs: { '/tmp': {}, '/run': { size: '1.5MB', mode: '1770' }, '/x': { mode: '755' } },
      ulimits: { nofile: 1024, nproc: { soft: 10, hard: -1 } },
      volumes: [
        { volume: 'v', to: '/v' },
        { host: '/h', to: '/t', read_only: true },
      ],
    })
    expect(main.tmpfs).toEqual([
      { to: '/tmp' },
      { to: '/run', sizeBytes: 1_572_864, mode: 0o1770 },
      { to: '/x', mode: 0o755 },
    ])
    expect(main.ulimits).toEqual({ nofile: { soft: 1024, hard: 1024 }, nproc: { soft: 10, hard: -1 } })
    expect(main.mounts).toEqual([
      { volume: 'v', to: '/v', readOnly: false, path: ['services', 'it', 'volumes', 0] },
      { host: '/h', to: '/t', readOnly: true, path: ['services', 'it', 'volumes', 1] },
    ])
  })

  it('env: later blocks win, own values win, names are sorted, and each knows where it is written', () => {
    const { main } = service(
      { env_from: ['one', 'two'], env: { D: true, B: ['x', 1, { secret: 's' }, 'y', 2] } },
      { environments: { one: { A: 1, B: 'one', C: 'one' }, two: { C: 'two' } } },
    )
    expect(Object.entries(main.env)).toEqual([
      ['A', ['1']],
      ['B', ['x1', { secret: 's' }, 'y2']],
      ['C', ['two']],
      ['D', ['true']],
    ])
    expect(main.envPaths).toEqual({
      A: ['environments', 'one', 'A'],
      B: ['services', 'it', 'env', 'B'],
      C: ['environments', 'two', 'C'],
      D: ['services', 'it', 'env', 'D'],
    })
  })

  it('files: defaults, marks and modes', () => {
    const { main } = service({
      files: {
        '/a': { content: '@A@-@B@@A@\n', values: { A: { service: 'db' }, B: { secret: 's' } } },
        '/b': { content: '@A@', mode: '600', on_change: 'signal', signal: 'SIGUSR1' },
      },
    })
    const db = { service: 'db', part: 'address', wait: true }
    expect(main.files).toEqual([
      {
        to: '/a',
        content: [db, '-', { secret: 's' }, db, '\n'],
        mode: '0644',
        onChange: 'restart',
        signal: 'SIGHUP',
        path: ['services', 'it', 'files', '/a'],
      },
      {
        to: '/b',
        content: ['@A@'],
        mode: '600',
        onChange: 'signal',
        signal: 'SIGUSR1',
        path: ['services', 'it', 'files', '/b'],
      },
    ])
  })

  it('files: a source is the text that was read for it', () => {
    const written = { services: { it: { image: 'a:1', files: { '/a': { source: 'conf/a' } } } } }
    const stack = aStack(written, new Map([['conf/a', 'text']]))
    expect(stack.jobs[0]?.main.files[0]?.content).toEqual(['text'])
  })

  it.each([
    ['services', {}, 'always'],
    ['batch', {}, 'never'],
    ['periodic', { cron: '@daily' }, 'never'],
    ['system', {}, 'always'],
    ['workers', { queues: ['q'], scale: { max: 1 } }, 'always'],
  ])('restart in %s: the default, and what is written', (section, more, restart) => {
    expect(jobOf(section, { image: 'a:1', ...more }).main.restart).toBe(restart)
    const numbers = { attempts: 1, interval: '90s', delay: '1.5s', mode: 'fail' }
    expect(jobOf(section, { image: 'a:1', ...more, restart: numbers }).main.restart).toEqual({
      attempts: 1,
      interval: '1m30s',
      delay: '1s500ms',
      mode: 'fail',
    })
    expect(jobOf(section, { image: 'a:1', ...more, restart: 'never' }).main.restart).toBe('never')
  })

  it('init tasks restart as the main task does, sidecars always, unless they say otherwise', () => {
    const job = jobOf('batch', {
      image: 'a:1',
      init: { one: { image: 'a:1' }, two: { image: 'a:1', restart: 'always' } },
      sidecars: { three: { image: 'a:1' }, four: { image: 'a:1', restart: 'never' } },
    })
    expect(tasksOf(job).map(({ name, restart }) => [name, restart])).toEqual([
      ['one', 'never'],
      ['two', 'always'],
      ['it', 'never'],
      ['three', 'always'],
      ['four', 'never'],
    ])
    expect(job.sidecars[0]?.path).toEqual(['batch', 'it', 'sidecars', 'three'])
  })
})

describe('normalize: ports, checks and deployments', () => {
  it.each([
    [80, { container: 80 }],
    [{ container: 80 }, { container: 80 }],
    [
      { container: 80, publish: 8080 },
      { container: 80, publish: { port: 8080 } },
    ],
    [
      { container: 80, publish: '0.0.0.0:8080' },
      { container: 80, publish: { port: 8080 } },
    ],
    [
      { container: 80, publish: '127.0.0.1:8080' },
      { container: 80, publish: { port: 8080, hostNetwork: 'loopback' } },
    ],
    [
      { container: 80, publish: '127.0.0.2:8080' },
      { container: 80, publish: { port: 8080, hostNetwork: 'loopback' } },
    ],
    [
      { container: 80, publish: 'inner_net:8080' },
      { container: 80, publish: { port: 8080, hostNetwork: 'inner_net' } },
    ],
  ])('port %j', (port, normal) =>
    expect(service({ ports: { p: port } }).ports).toEqual([{ name: 'p', ...normal }]),
  )

  it('checks: the defaults of each type', () => {
    const timing = { interval: '30s', timeout: '10s', retries: 3, grace: '30s', onUnhealthy: 'restart' }
    const path = (index: number) => ['services', 'it', 'checks', index]
    const { checks } = service({
      ports: { p: 80 },
      checks: [
        { type: 'http', path: '/' },
        { type: 'tcp' },
        { type: 'grpc' },
        { type: 'script', command: 'a "b c"' },
        { type: 'tcp', name: 'mine' },
      ],
    })
    expect(checks).toEqual([
      { ...timing, name: 'http-1', type: 'http', httpPath: '/', path: path(0) },
      { ...timing, name: 'tcp-2', type: 'tcp', path: path(1) },
      { ...timing, name: 'grpc-3', type: 'grpc', path: path(2) },
      { ...timing, name: 'script-4', type: 'script', command: [['a'], ['b c']], path: path(3) },
      { ...timing, name: 'mine', type: 'tcp', path: path(4) },
    ])
    expect(service({ checks: [{ type: 'tcp' }] }).checks[0]?.name).toBe('tcp')
  })

  it('checks: everything that can be written', () => {
    const [http, grpc] = service({
      ports: { p: 80 },
      checks: [
        {
          type: 'http',
          path: '/x',
          method: 'HEAD',
          protocol: 'https',
          headers: { Host: ['a', 'b'] },
          name: 'n',
          port: 'p',
          interval: '90s',
          timeout: '1.5s',
          retries: 1,
          grace: '2m',
          on_unhealthy: 'report',
        },
        { type: 'grpc', grpc_service: 's', tls: true },
      ],
    }).checks
    expect(http).toEqual({
      type: 'http',
      httpPath: '/x',
      method: 'HEAD',
      protocol: 'https',
      headers: { Host: ['a', 'b'] },
      name: 'n',
      port: 'p',
      interval: '1m30s',
      timeout: '1s500ms',
      retries: 1,
      grace: '2m',
      onUnhealthy: 'report',
      path: ['services', 'it', 'checks', 0],
    })
    expect(grpc).toMatchObject({ grpcService: 's', tls: true })
  })

  it('checks of workers report, unless they say otherwise', () => {
    expect(worker({ checks: [{ type: 'tcp' }] }).checks[0]?.onUnhealthy).toBe('report')
    expect(worker({ checks: [{ type: 'tcp', on_unhealthy: 'restart' }] }).checks[0]?.onUnhealthy).toBe(
      'restart',
    )
  })

  it.each([
    ['no check', {}, '5m', '10m'],
    ['a quick check', { checks: [{ type: 'tcp' }] }, '5m', '10m'],
    // 2m of grace, 60 rounds of 5 s + 5 s, and a minute on top.
    [
      'a slow check',
      { checks: [{ type: 'tcp', interval: '5s', timeout: '5s', retries: 60, grace: '2m' }] },
      '13m',
      '26m',
    ],
    ['a long kill timeout', { kill_timeout: '2h' }, '5m', '2h'],
    ['a long healthy time', { update: { min_healthy_time: '10m' } }, '20m', '40m'],
    ['a deadline of its own', { update: { healthy_deadline: '20m' } }, '20m', '40m'],
    ['both', { update: { healthy_deadline: '1m', progress_deadline: '2m' } }, '1m', '2m'],
  ])('deadlines of a job with %s', (_, written, healthy, progress) => {
    expect(service(written).update).toMatchObject({ healthyDeadline: healthy, progressDeadline: progress })
  })

  it.each([
    ['services', true],
    ['system', true],
    ['batch', false],
    ['workers', false],
  ])('%s have an update block: %s', (section, has) => {
    const more = section === 'workers' ? { queues: ['q'], scale: { max: 1 } } : {}
    expect(jobOf(section, { image: 'a:1', ...more }).update !== undefined).toBe(has)
  })

  it.each([
    [{ ports: { p: 80 } }, '5s'],
    [{ checks: [{ type: 'script', command: 'x' }] }, '1s'],
    [{}, undefined],
    [{ ports: { p: 80 }, shutdown_delay: '0s' }, '0s'],
    [{ shutdown_delay: '90s' }, '1m30s'],
  ])('shutdown delay of %j', (written, delay) => expect(service(written).shutdownDelay).toBe(delay))

  it.each([
    [undefined, []],
    [
      ['a', 'b'],
      [
        ['a', 'healthy', [0]],
        ['b', 'healthy', [1]],
      ],
    ],
    [
      { a: 'started', b: 'completed' },
      [
        ['a', 'started', ['a']],
        ['b', 'completed', ['b']],
      ],
    ],
  ])('depends_on %j', (written, normal) => {
    const job = service(written === undefined ? {} : { depends_on: written })
    expect(job.dependsOn).toEqual(
      normal.map(([on, condition, at]) => ({
        on,
        condition,
        path: ['services', 'it', 'depends_on', ...(at as unknown[])],
      })),
    )
  })

  it('placement', () => {
    const job = service(
      {
        constraints: [{ attribute: '${attr.a}', value: 'x' }],
        affinities: [{ attribute: '${attr.b}', operator: '!=', value: 'y', weight: -5 }],
        spread: [{ attribute: '${meta.zone}' }, { attribute: '${meta.rack}', weight: 1, targets: { a: 10 } }],
        priority: 70,
        node_pool: 'gpu',
      },
      { cluster: { datacenters: ['dc1'], node_pool: 'all' } },
    )
    expect(job).toMatchObject({
      constraints: [{ attribute: '${attr.a}', operator: '=', value: 'x' }],
      affinities: [{ attribute: '${attr.b}', operator: '!=', value: 'y', weight: -5 }],
      spread: [
        { attribute: '${meta.zone}', weight: 50, targets: {} },
        { attribute: '${meta.rack}', weight: 1, targets: { a: 10 } },
      ],
      priority: 70,
      datacenters: ['dc1'],
      nodePool: 'gpu',
    })
    expect(service({}, { cluster: { node_pool: 'all' } }).nodePool).toBe('all')
    expect(service({ datacenters: ['dc2'] }, { cluster: { datacenters: ['dc1'] } }).datacenters).toEqual([
      'dc2',
    ])
  })

  it('periodic jobs', () => {
    const cron = (written: object) => jobOf('periodic', { image: 'a:1', ...written }).periodic
    expect(cron({ cron: '@daily' })).toEqual({ crons: ['@daily'], timeZone: 'UTC', overlap: false })
    expect(cron({ cron: ['a', 'b'], time_zone: 'Europe/Paris', overlap: true })).toEqual({
      crons: ['a', 'b'],
      timeZone: 'Europe/Paris',
      overlap: true,
    })
  })
})

describe('normalize: workers', () => {
  it('fills in every default', () => {
    const job = worker()
    expect(job.worker).toEqual({
      queues: ['q'],
      concurrency: 1,
      scale: {
        min: 0,
        max: 3,
        typical: 1,
        keepAliveMs: 300_000,
        startUpMs: 30_000,
        strategies: { backlog: {} },
      },
      jobType: 'batch',
    })
    expect(job.count).toBe(0)
    expect(job.main.files).toEqual([])
  })

  it.each([
    [{ max: 4 }, 2],
    [{ min: 1, max: 4 }, 2],
    [{ min: 3, max: 3 }, 3],
    [{ min: 0, max: 4, typical: 0 }, 0],
  ])('typical count of %j', (scale, typical) => expect(worker({ scale }).worker?.scale.typical).toBe(typical))

  it('starts with the least count', () => expect(worker({ scale: { min: 2, max: 4 } }).count).toBe(2))

  it.each([
    ['what the client allows', {}, '30s', '30s'],
    ['what the client allows, when that is much', {}, '3h', '3h'],
    ['the longest task and a minute', { longest_task: '10m' }, '3h', '11m'],
    ['no more than the client allows', { longest_task: '10m' }, '5m', '5m'],
    ['the time limit and a minute', { celery: { app: 'a', time_limit: '2h' } }, '3h', '2h1m'],
    [
      'the longest task before the time limit',
      { longest_task: '1h', celery: { app: 'a', time_limit: '2h' } },
      '3h',
      '1h1m',
    ],
    ['what is written', { kill_timeout: '5s', longest_task: '1h' }, '3h', '5s'],
  ])('kill timeout: %s', (_, written, most, timeout) => {
    expect(worker(written, { cluster: { max_kill_timeout: most } }).main.killTimeout).toBe(timeout)
  })

  it('a file that changes does not disturb a worker', () => {
    const { main } = worker({ files: { '/a': { content: '' }, '/b': { content: '', on_change: 'restart' } } })
    expect(main.files.map(({ onChange }) => onChange)).toEqual(['none', 'restart'])
  })

  it('writes the command of a Celery worker, unless there is one', () => {
    const celery = { app: 'src.app' }
    expect(worker({ celery }).main.command?.flat()).toContain('--hostname=it@${NOMAD_ALLOC_ID}')
    expect(worker({ celery, command: 'own thing' }).main.command).toEqual([['own'], ['thing']])
  })
})

describe('normalize: schedules and budget', () => {
  it('fills in the defaults', () => {
    const { scaling } = aStack({
      scaling: {
        schedules: {
          day: {},
          night: { enabled: false, from: '22:30', to: '24:00', weekdays: [6], min: { w: 1 } },
        },
        forecast: {},
        budget: { max_per_hour: 5 },
        alerts: { webhook: { secret: 's' }, on: ['at-max'] },
      },
    })
    expect(scaling).toEqual({
      intervalMs: 5000,
      schedules: {
        day: {
          path: ['scaling', 'schedules', 'day'],
          enabled: true,
          timeZone: 'UTC',
          weekdays: [1, 2, 3, 4, 5, 6, 7],
          min: {},
          max: {},
        },
        night: {
          path: ['scaling', 'schedules', 'night'],
          enabled: false,
          timeZone: 'UTC',
          weekdays: [6],
          fromMinutes: 1350,
          toMinutes: 1440,
          min: { w: 1 },
          max: {},
        },
      },
      forecast: { enabled: true, lookBackMs: 86_400_000, horizonMs: 900_000 },
      budget: { enabled: true, maxPerHour: 5 },
      alerts: { enabled: true, webhook: 's', on: ['at-max'] },
    })
  })
})
