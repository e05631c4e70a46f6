import { describe, expect, it } from 'vitest'
import type { WorkerState, WorkersReading } from '../../../src/core/scaling/sample.ts'
import { occupationOf, whyBusy } from '../../../src/core/up/busy-allocations.ts'
import type { LiveAllocation } from '../../../src/core/up/nomad-answers.ts'

const STARTED = '2026-11-24T10:00:00Z'

const allocation = (ID: string, more: Partial<LiveAllocation> = {}): LiveAllocation => ({
  ID,
  TaskGroup: 'w',
  ClientStatus: 'running',
  DesiredStatus: 'run',
  TaskStates: { w: { StartedAt: STARTED } },
  ...more,
})
const worker = (id: string, busy?: number): WorkerState => ({
  worker: id,
  allocation: id,
  seenAt: 0,
  ...(busy === undefined ? {} : { busy }),
})
const known = (...workers: WorkerState[]): WorkersReading => ({ ok: true, workers })
const BLIND: WorkersReading = { ok: false, cause: { code: 'unreachable', message: 'Redis is away' } }

describe('who of a worker group is busy', () => {
  it.each<[string, LiveAllocation[], WorkersReading, string | undefined]>([
    ['nobody runs', [], BLIND, undefined],
    ['idle', [allocation('a'), allocation('b')], known(worker('a', 0), worker('b', 0)), undefined],
    [
      'one is busy',
      [allocation('a'), allocation('b')],
      known(worker('a', 2), worker('b', 0)),
      '1 of 2 workers is busy',
    ],
    ['the only one', [allocation('a')], known(worker('a', 1)), '1 of 1 worker is busy'],
    [
      'all',
      [allocation('a'), allocation('b')],
      known(worker('a', 1), worker('b', 1)),
      '2 of 2 workers are busy',
    ],
    ['a worker that says nothing', [allocation('a')], known(worker('a')), '1 of 1 worker may be busy'],
    ['a worker that is not heard of', [allocation('a')], known(worker('x', 0)), '1 of 1 worker may be busy'],
    [
      'one busy, one not known',
      [allocation('a'), allocation('b')],
      known(worker('a', 1)),
      '1 of 2 workers is busy, 1 may be',
    ],
    [
      'the queues cannot be read',
      [allocation('a'), allocation('b')],
      BLIND,
      '2 of 2 workers may be busy: Redis is away',
    ],
    [
      'a worker of a node that is out of reach',
      [allocation('a', { ClientStatus: 'unknown' })],
      known(),
      '1 of 1 worker may be busy',
    ],
    ['one that has finished', [allocation('a', { ClientStatus: 'complete' })], BLIND, undefined],
    ['one that is told to stop', [allocation('a', { DesiredStatus: 'stop' })], BLIND, undefined],
    ['another group', [allocation('a', { TaskGroup: 'x' })], BLIND, undefined],
    [
      'not placed on the node yet',
      [allocation('a', { ClientStatus: 'pending', TaskStates: null })],
      BLIND,
      undefined,
    ],
    [
      'running, of unknown tasks',
      [allocation('a', { TaskStates: null })],
      BLIND,
      '1 of 1 worker may be busy: Redis is away',
    ],
    [
      'the main task still waits',
      [allocation('a', { TaskStates: { init: { StartedAt: STARTED }, w: { StartedAt: null } } })],
      BLIND,
      undefined,
    ],
    [
      'it restarts, and nobody heard of it since',
      [allocation('a', { ClientStatus: 'pending' })],
      known(),
      '1 of 1 worker may be busy',
    ],
  ])('%s', (_, allocations, workers, why) => {
    expect(whyBusy(occupationOf('w', allocations, workers))).toBe(why)
  })
})
