import { describe, expect, it } from 'vitest'
import { groupOf, planned, serviceIn, taskOf } from './planned.ts'

const WORKER = { image: 'a:1', queues: ['q'], scale: { min: 1, max: 3 } }
const CRON = { image: 'a:1', cron: '@daily' }
const ONE_NODE = { cluster: { nodes: 'one' } }
const GOES_ON = { attempts: 3, interval: '1m', delay: '15s', mode: 'delay' }
const GIVES_UP = { attempts: 3, interval: '5m', delay: '15s', mode: 'fail' }
const NONE = { attempts: 0, mode: 'fail' }
const NUMBERS = { attempts: 2, interval: '1m', delay: '5s', mode: 'fail' }

describe('restart', () => {
  it.each([
    ['a service that may move', serviceIn({}), GIVES_UP],
    [
      'one with a volume',
      serviceIn({ volumes: { v: { type: 'host' } } }, { volumes: [{ volume: 'v', to: '/v' }] }),
      GOES_ON,
    ],
    ['one with a path of the node', serviceIn({}, { volumes: [{ host: '/h', to: '/h' }] }), GOES_ON],
    [
      'one whose sidecar has a volume',
      serviceIn({}, { sidecars: { s: { image: 's:1', volumes: [{ host: '/h', to: '/h' }] } } }),
      GOES_ON,
    ],
    ['any on a cluster of one node', serviceIn(ONE_NODE), GOES_ON],
    ['a system job', { system: { it: { image: 'a:1' } } }, GOES_ON],
    ['a worker', { workers: { it: WORKER } }, GIVES_UP],
    ['a batch job', { batch: { it: { image: 'a:1' } } }, NONE],
    ['a periodic job', { periodic: { it: CRON } }, NONE],
    ['numbers of its own', serviceIn({}, { restart: NUMBERS }), NUMBERS],
    ['never', serviceIn({}, { restart: 'never' }), NONE],
  ])('%s', (_, written, restart) => expect(groupOf(written).restart).toEqual(restart))

  it('a task of its own mind says so, the others go by the group', () => {
    const written = {
      batch: {
        it: {
          image: 'a:1',
          init: { i: { image: 'i:1' }, j: { image: 'i:1', restart: NUMBERS } },
          sidecars: { s: { image: 's:1' } },
        },
      },
    }
    expect(taskOf(written).restart).toBeUndefined()
    expect(taskOf(written, 'i').restart).toBeUndefined()
    expect(taskOf(written, 'j').restart).toEqual(NUMBERS)
    expect(taskOf(written, 's').restart).toEqual(GIVES_UP)
  })
})

describe('reschedule', () => {
  const BACK_OFF = { delay: '30s', delay_function: 'exponential', max_delay: '10m', unlimited: true }
  const NO = { attempts: 0, unlimited: false }

  it.each([
    ['a service', serviceIn({}), BACK_OFF],
    ['a service with numbers of its own', serviceIn({}, { restart: NUMBERS }), BACK_OFF],
    ['a service that never restarts', serviceIn({}, { restart: 'never' }), NO],
    [
      'a worker: at once, for ever',
      { workers: { it: WORKER } },
      { attempts: 0, interval: '0s', delay: '30s', delay_function: 'constant', unlimited: true },
    ],
    ['a worker that is a service', { workers: { it: { ...WORKER, job_type: 'service' } } }, BACK_OFF],
    ['a worker that never restarts', { workers: { it: { ...WORKER, restart: 'never' } } }, NO],
    ['a batch job', { batch: { it: { image: 'a:1' } } }, NO],
    // Nomad refuses `unlimited` beside the one attempt that batch jobs have by default.
    [
      'a batch job that always restarts',
      { batch: { it: { image: 'a:1', restart: 'always' } } },
      { attempts: 0, interval: '0s', ...BACK_OFF },
    ],
    [
      'a periodic job that always restarts',
      { periodic: { it: { ...CRON, restart: 'always' } } },
      { attempts: 0, interval: '0s', ...BACK_OFF },
    ],
    ['a batch job with numbers of its own', { batch: { it: { image: 'a:1', restart: NUMBERS } } }, NO],
    ['a system job', { system: { it: { image: 'a:1' } } }, undefined],
  ])('%s', (_, written, reschedule) => expect(groupOf(written).reschedule).toEqual(reschedule))
})

describe('deployments', () => {
  const update = (written: object) => planned(written).update

  it('health goes by checks where there are some', () => {
    expect(update(serviceIn({}))).toEqual({
      max_parallel: 1,
      health_check: 'task_states',
      min_healthy_time: '10s',
      healthy_deadline: '5m',
      progress_deadline: '10m',
      auto_revert: true,
    })
    expect(update(serviceIn({}, { checks: [{ type: 'script', command: 'x' }] }))?.health_check).toBe('checks')
  })

  it('canaries', () => {
    expect(
      update(
        serviceIn({}, { update: { canary: 2, auto_promote: true, max_parallel: 2, auto_revert: false } }),
      ),
    ).toMatchObject({
      max_parallel: 2,
      canary: 2,
      auto_promote: true,
      auto_revert: false,
    })
  })

  it('workers have none, batch jobs by nature and services by word', () => {
    expect(update({ workers: { it: WORKER } })).toBeUndefined()
    const service = { ...WORKER, job_type: 'service' }
    expect(update({ workers: { it: service } })).toEqual({ max_parallel: 0 })
    const rest = { cluster: { max_kill_timeout: '2h' } }
    expect(update({ ...rest, workers: { it: service } })).toEqual({
      max_parallel: 0,
      progress_deadline: '2h',
    })
  })
})

describe('disk for logs', () => {
  it.each([
    ['three files of 10 MB fit into what Nomad gives', {}, undefined],
    [
      'a hundred MB and the logs of both streams, when they do not',
      { logs: { files: 10, file_size: '20MB' } },
      { size: 500 },
    ],
    [
      'of all tasks together',
      {
        logs: { files: 5, file_size: '20MB' },
        sidecars: { s: { image: 's:1', logs: { files: 1, file_size: '50MB' } } },
      },
      { size: 400 },
    ],
  ])('%s', (_, it, disk) => expect(groupOf(serviceIn({}, it)).ephemeral_disk).toEqual(disk))
})

describe('resources', () => {
  const RESOURCES = { cpu: 2, cpu_reservation: 0.5, memory: '1GB', memory_reservation: '256MB' }

  it.each([
    ['the limit is reserved', {}, RESOURCES, { cpu: 1250, memory: 1024 }],
    [
      'memory is shared',
      { memory_oversubscription: true },
      RESOURCES,
      { cpu: 1250, memory: 256, memory_max: 1024 },
    ],
    ['nothing to share', { memory_oversubscription: true }, { memory: '1GB' }, { cpu: 250, memory: 1024 }],
    ['other cores', { cpu_mhz_per_core: 3333 }, { cpu: 0.3 }, { cpu: 1000, memory: 300 }],
    ['hardly anything', {}, { cpu: 0.0001 }, { cpu: 1, memory: 300 }],
    ['whole cores', {}, { cores: 2 }, { cores: 2, memory: 300 }],
  ])('%s', (_, cluster, resources, spec) => {
    expect(taskOf(serviceIn({ cluster }, { resources })).resources).toEqual(spec)
  })
})
