import fc from 'fast-check'
import { expect, it } from 'vitest'
import { reconcileGroup } from '../../../../src/sandbox/nomad/schedule/reconcile.ts'
import { canonicalJob } from '../../../../src/sandbox/nomad/state/canonical-job.ts'
import { indexOf, isTerminal } from '../../../../src/sandbox/nomad/state/status.ts'
import type { Allocation, Job } from '../../../../src/sandbox/nomad/state/types.ts'

/** A job of one group and what became of it, step by step; nothing takes time. */
function world(type: string) {
  const group = { Name: 'g', Count: 0, Tasks: [{ Name: 'w', Driver: 'raw_exec' }], ...REST[type] }
  let job = canonicalJob({ ID: 'j', Type: type, TaskGroups: [group] }, 'default')
  let all: Allocation[] = []
  let serial = 0
  const live = () => all.filter((one) => !isTerminal(one))
  const settle = () => {
    const [group] = job.TaskGroups
    const plan = reconcileGroup({
      job,
      group,
      allocations: all,
      deployment: undefined,
      now: 0,
      attempts: () => [],
      isDestructive: () => false,
    })
    const stopped = new Set(plan.stop.map(({ allocation }) => allocation.ID))
    const carried = new Set(plan.inPlace.map(({ ID }) => ID))
    all = all.map((one) => ({
      ...one,
      ...(stopped.has(one.ID) ? { DesiredStatus: 'stop' as const } : {}),
      ...(carried.has(one.ID) ? { Job: job } : {}),
    }))
    const placed = plan.place.map(({ index }) => allocation(job, `a${++serial}`, index))
    all = [...all, ...placed]
    return { stopped, placed: placed.map(({ ID }) => ID) }
  }
  return {
    live,
    settle,
    count: () => job.TaskGroups[0]?.Count ?? 0,
    scale(Count: number) {
      const Version = job.Version + 1
      job = {
        ...job,
        Version,
        JobModifyIndex: Version,
        TaskGroups: job.TaskGroups.map((one) => ({ ...one, Count })),
      }
      return settle()
    },
    end(at: number, ClientStatus: 'complete' | 'failed') {
      const one = live()[at % Math.max(1, live().length)]
      all = all.map((other) => (other === one ? { ...other, ClientStatus } : other))
      return one
    },
  }
}

const OFF = { ReschedulePolicy: { Attempts: 0, Interval: 0, Unlimited: false } }
const REST: Readonly<Record<string, object>> = { batch: OFF, service: { ...OFF, Update: { MaxParallel: 0 } } }

function allocation(job: Job, ID: string, index: number): Allocation {
  return {
    ID,
    Name: `j.g[${index}]`,
    Job: job,
    TaskGroup: 'g',
    DesiredStatus: 'run',
    DesiredTransition: {},
    ClientStatus: 'running',
    NextAllocation: '',
    TaskStates: null,
    ModifyTime: 0,
  } as unknown as Allocation
}

const counts = fc.array(fc.nat(9), { minLength: 1, maxLength: 12 })

it.each(['batch', 'service'])('%s: whatever the counts were, those that live are 0 to count - 1', (type) => {
  fc.assert(
    fc.property(counts, (history) => {
      const one = world(type)
      for (const count of history) {
        one.scale(count)
        expect(one.live().map(indexOf).sort()).toEqual(Array.from({ length: count }, (_, at) => at))
        // What is settled stays so.
        expect(one.settle()).toEqual({ stopped: new Set(), placed: [] })
      }
    }),
  )
})

it('batch: workers that have left are not replaced, and the count that follows them stops nobody', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.nat(8), { maxLength: 9 }), (count, leavers) => {
      const one = world('batch')
      one.scale(count)
      for (const at of leavers) {
        one.end(at, 'complete')
        expect(one.settle().placed).toEqual([])
      }
      const left = one.live().map(({ ID }) => ID)
      const followed = one.scale(left.length)
      // At 0 Nomad tells those too that have left, which is nothing to them.
      expect([...followed.stopped].filter((id) => left.includes(id))).toEqual([])
      expect(followed.placed).toEqual([])
      expect(one.live().map(({ ID }) => ID)).toEqual(left)
    }),
  )
})

it('batch: any version with a higher count fills the holes, and leaves the others as they are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.nat(8), { maxLength: 5 }), (count, leavers) => {
      const one = world('batch')
      one.scale(count)
      for (const at of leavers) one.end(at, 'complete')
      const left = one.live().map(({ ID }) => ID)
      one.scale(count)
      expect(one.live().map(indexOf).sort()).toEqual(Array.from({ length: count }, (_, at) => at))
      expect(one.live().map(({ ID }) => ID)).toEqual(expect.arrayContaining(left))
    }),
  )
})

it('service: a failed one that is not placed again counts, so that a live one is stopped for it', () => {
  const one = world('service')
  one.scale(4)
  one.end(1, 'failed')
  one.settle()
  expect(one.live().map(indexOf)).toEqual([0, 2, 3])
  one.scale(3)
  expect(one.live().map(indexOf)).toEqual([0, 2])
})
