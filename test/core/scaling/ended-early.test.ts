import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/scaling/decide.ts'
import { nextTryAt } from '../../../src/core/scaling/ended-early.ts'
import { explainDecision } from '../../../src/core/scaling/explain.ts'
import { type AllocationState, type GroupMemory, NO_MEMORY } from '../../../src/core/scaling/group.ts'
import { nextWakeAt } from '../../../src/core/scaling/next-wake-at.ts'
import { remember } from '../../../src/core/scaling/remember.ts'
import type { Situation } from '../../../src/core/scaling/situation.ts'
import { outcome } from './outcome.ts'
import { aGroup, anAllocation, aPolicy, aSituation, NOW } from './situations.ts'

const JUST_NOW = { createdAt: NOW - 900, startedAt: NOW - 500 }
const ended = (index: number, more: Partial<AllocationState> = {}) =>
  anAllocation(index, { clientStatus: 'complete', ...JUST_NOW, ...more })
const noted = (inARow: number, at = NOW - 100, seen: readonly string[] = []): GroupMemory => ({
  ...NO_MEMORY,
  endedEarly: { inARow, at, seen },
})
const inARow = (
  allocations: readonly AllocationState[],
  memory: GroupMemory = NO_MEMORY,
  more: Partial<Situation> = {},
) =>
  remember(aSituation(aGroup(allocations, { count: 2, memory }), { waiting: 4 }, [], more)).endedEarly?.inARow

describe('workers that end at once', () => {
  it.each<[what: string, times: number | undefined]>([
    ['one did', inARow([ended(0)])],
    ['both did, at the same time', inARow([ended(0), ended(1)])],
    ['nobody did', inARow([anAllocation(0)])],
    ['it had never been seen to start', inARow([ended(0, { startedAt: undefined as never })])],
    ['it lived for longer than a start-up', inARow([ended(0, { startedAt: NOW - 30_001 })])],
    ['it failed, which Nomad sees to', inARow([ended(0, { clientStatus: 'failed' })])],
    ['Nomad stopped it', inARow([ended(0, { desiredStatus: 'stop' })])],
    [
      'it was asked to',
      inARow([ended(0)], { ...NO_MEMORY, retiring: [{ allocation: 'a0', since: NOW - 9 }] }),
    ],
    ['it had come so far as to be idle', inARow([ended(0)], { ...NO_MEMORY, idleSince: { a0: NOW - 9 } })],
    [
      'a service, which Nomad starts again',
      inARow([ended(0)], NO_MEMORY, { policy: aPolicy({ jobType: 'service' }) }),
    ],
  ])('are noticed: %s', (what, times) => {
    const isNoticed = what.startsWith('one') || what.startsWith('both') || what.startsWith('it had never')
    expect(times ?? 0).toBe(isNoticed ? 1 : 0)
  })

  it('are counted once for each time that places were filled', () => {
    const changed = (at: number) => ({ changes: [{ at, from: 0, to: 2 }] })
    const once = noted(1, NOW - 100, ['a0'])
    expect(inARow([ended(0)], once)).toBe(1)
    expect(inARow([ended(0), ended(1)], { ...once, ...changed(NOW - 200) })).toBe(1)
    expect(inARow([ended(5)], { ...once, ...changed(NOW - 50) })).toBe(2)
  })

  it('are not those of whom it was known that they were asked, a look later', () => {
    const asked = { ...NO_MEMORY, retiring: [{ allocation: 'a0', since: NOW - 9 }] }
    const group = aGroup([ended(0)], { count: 1, memory: asked })
    const memory = remember(aSituation(group, {}))
    expect(memory.retiring).toEqual([])
    expect(inARow([ended(0)], memory)).toBe(0)
  })

  it.each<[what: string, allocations: readonly AllocationState[], at: number, times: number | undefined]>([
    [
      'a later one lives',
      [anAllocation(0, { createdAt: NOW - 50_000, startedAt: NOW - 40_001 })],
      NOW - 60_000,
      0,
    ],
    [
      'it lives, but not for long enough',
      [anAllocation(0, { createdAt: NOW - 50_000, startedAt: NOW - 40_000 })],
      NOW - 60_000,
      3,
    ],
    ['one of before lives', [anAllocation(0)], NOW - 60_000, 3],
    ['it was long ago', [], NOW - 630_001, 0],
  ])('are over: %s', (_, allocations, at, times) => {
    expect(inARow(allocations, noted(3, at)) ?? 0).toBe(times)
  })

  it('stay what they are while Nomad is silent', () => {
    const group = aGroup([ended(0)], { memory: noted(3, NOW - 900_000), heardAt: NOW - 65_001 })
    expect(remember(aSituation(group, {}))).toBe(group.memory)
  })
})

it.each([
  [1, 0],
  [2, 2000],
  [3, 4000],
  [6, 32_000],
  [7, 60_000],
  [500, 60_000],
])('after %d times in a row the wait is %d ms', (times, ms) => {
  expect(nextTryAt(noted(times, NOW))).toBe(ms === 0 ? 0 : NOW + ms)
  expect(nextTryAt(NO_MEMORY)).toBe(0)
})

describe('a place that one left at once', () => {
  const needed = (memory: GroupMemory, more: Partial<Situation> = {}) =>
    aSituation(aGroup([ended(0)], { count: 1, memory }), { waiting: 1 }, [], more)

  it('is filled again at once the first time, then later each time, whatever min says', () => {
    expect(outcome(decide(needed(noted(1))))).toBe('1 -> 1 refill')
    const waiting = needed(noted(4), { policy: aPolicy({ min: 1 }) })
    const decision = decide(waiting)
    expect(outcome(decision)).toBe('hold ends-at-once')
    expect(explainDecision(decision)).toBe(
      'hold 1: its workers end by themselves at once; the next try (8 s more)',
    )
    expect(nextWakeAt(waiting, decision)).toBe(NOW + 7900)
    expect(outcome(decide(needed(noted(4, NOW - 8000))))).toBe('1 -> 1 refill')
  })

  it('is given up when nothing is needed any more', () => {
    const idle = aSituation(aGroup([ended(0)], { count: 1, memory: noted(4) }), {})
    expect(outcome(decide(idle))).toBe('1 -> 0 follow')
  })
})
