import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { normalize } from '../../../src/core/stack/normalize.ts'
import { stackSchema } from '../../../src/core/stack/schema/stack.ts'
import type { Stack } from '../../../src/core/stack/stack.ts'
import { aStack } from '../../helpers/a-stack.ts'

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
      external: [],
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
