import { describe, expect, it } from 'vitest'
import { observe } from '../../../scaler/look/observe.ts'
import type { AllocationState } from '../../../src/core/scaling/group.ts'
import type { ClusterGroup } from '../../../src/ports.ts'

const ONE: AllocationState = {
  id: 'abcdef12-0000-4000-8000-000000000000',
  name: 'heavy.heavy[0]',
  index: 0,
  node: 'n1',
  clientStatus: 'running',
  desiredStatus: 'run',
  jobVersion: 3,
  createdAt: 1,
}
const GROUP: ClusterGroup = {
  job: 'present',
  jobType: 'batch',
  count: 2,
  jobModifyIndex: 10,
  jobVersion: 3,
  deploymentActive: false,
  allocations: [ONE],
}
const STRANGER = { isOwnCount: false, retiring: new Set<string>(), draining: new Set<string>() }
const NAME = 'heavy.heavy[0] (abcdef12)'

const withOne = (over: Partial<AllocationState>): ClusterGroup => ({
  ...GROUP,
  allocations: [{ ...ONE, ...over }],
})

describe('observe', () => {
  it.each<[what: string, before: ClusterGroup | undefined, after: ClusterGroup | undefined, lines: string[]]>(
    [
      ['nothing', GROUP, GROUP, []],
      ['a job that came', undefined, GROUP, ['the job is there, with count 2']],
      [
        'a job that went',
        GROUP,
        undefined,
        ['the job is gone from Nomad: it was purged, or collected as garbage'],
      ],
      [
        'a stop',
        GROUP,
        { ...GROUP, job: 'stopped' },
        ['the job was stopped: nothing is scaled until it runs again'],
      ],
      ['a start', { ...GROUP, job: 'stopped' }, GROUP, ['the job was started again']],
      [
        'a count by hand',
        GROUP,
        { ...GROUP, count: 0, jobVersion: 4 },
        ['the count was changed from 2 to 0, not by Drover (job version 4)'],
      ],
      [
        'a failure, in Nomad’s words',
        GROUP,
        withOne({ clientStatus: 'failed', trouble: 'Exit Code: 1' }),
        [`${NAME} failed: Exit Code: 1`],
      ],
      ['a lost node', GROUP, withOne({ clientStatus: 'lost' }), [`${NAME} is lost with its node n1`]],
      [
        'a silent node',
        GROUP,
        withOne({ clientStatus: 'unknown' }),
        [`${NAME} is not heard of: its node n1 does not answer`],
      ],
      ['one that left', GROUP, withOne({ clientStatus: 'complete' }), [`${NAME} has left by itself`]],
      [
        'one that was stopped and is complete',
        GROUP,
        withOne({ clientStatus: 'complete', desiredStatus: 'stop' }),
        [],
      ],
      ['a second crash', withOne({ restarts: 1 }), withOne({ restarts: 2 }), []],
      [
        'a third crash',
        withOne({ restarts: 2 }),
        withOne({ restarts: 3, trouble: 'OOM' }),
        [`${NAME} has crashed 3 times: OOM`],
      ],
      ['a fourth crash', withOne({ restarts: 3 }), withOne({ restarts: 4 }), []],
      ['a sixth crash', withOne({ restarts: 5 }), withOne({ restarts: 6 }), [`${NAME} has crashed 6 times`]],
      ['an eviction', GROUP, withOne({ desiredStatus: 'evict' }), [`${NAME} is evicted from n1`]],
      ['a new allocation', { ...GROUP, allocations: [] }, GROUP, []],
      [
        'one that is new and failed',
        { ...GROUP, allocations: [] },
        withOne({ clientStatus: 'failed' }),
        [`${NAME} failed`],
      ],
    ],
  )('tells of %s', (_, before, after, lines) => {
    expect(observe(before, after, STRANGER)).toEqual(lines)
  })

  it('says nothing of its own doings', () => {
    const own = { ...STRANGER, isOwnCount: true, retiring: new Set([ONE.id]) }
    expect(observe(GROUP, { ...GROUP, count: 0, jobVersion: 4 }, own)).toEqual([])
    expect(observe(GROUP, withOne({ clientStatus: 'complete' }), own)).toEqual([])
  })

  it('tells a drained node from a stop', () => {
    const after = withOne({ desiredStatus: 'stop' })
    expect(observe(GROUP, after, STRANGER)).toEqual([])
    expect(observe(GROUP, after, { ...STRANGER, draining: new Set(['n1']) })).toEqual([
      `${NAME} has to leave n1, which is drained`,
    ])
  })
})
