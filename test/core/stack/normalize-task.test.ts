import { describe, expect, it } from 'vitest'
import { tasksOf } from '../../../src/core/stack/stack.ts'
import { aStack } from '../../helpers/a-stack.ts'
import { jobOf, service } from './job-of.ts'

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
