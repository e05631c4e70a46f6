import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/scaling/decide.ts'
import { type GroupMemory, NO_MEMORY } from '../../../src/core/scaling/group.ts'
import { nextWakeAt } from '../../../src/core/scaling/next-wake-at.ts'
import { remember, rememberDone } from '../../../src/core/scaling/remember.ts'
import {
  aGroup,
  anAllocation,
  aPolicy,
  aReading,
  aSituation,
  aWorker,
  BLIND,
  GROUP,
  NOW,
} from './situations.ts'

const idle = (index: number) => ({ worker: `w${index}`, allocation: `a${index}`, busy: 0, seenAt: NOW })
const ask = (allocation: string) => ({ allocation, since: NOW - 1000 })

describe('remember', () => {
  const kept = (memory: Partial<GroupMemory>, workers: Parameters<typeof aSituation>[3] = {}) =>
    remember(aSituation(aGroup(2, { memory: { ...NO_MEMORY, ...memory } }), {}, [], workers))
  const seen = (...list: ReturnType<typeof idle>[]) => ({ workers: { ok: true, workers: list } as const })

  it('notes since when a worker is idle', () => {
    expect(kept({}, seen(idle(0))).idleSince).toEqual({ a0: NOW })
  })

  it('goes on counting, and does not count one that is gone', () => {
    expect(kept({ idleSince: { a0: NOW - 5000, a9: 1 } }, seen(idle(0))).idleSince).toEqual({
      a0: NOW - 5000,
    })
  })

  it.each([
    ['work', seen({ ...idle(0), busy: 1 })],
    ['not knowing', seen()],
    ['not knowing of anybody', { workers: BLIND }],
    ['an old word', seen({ ...idle(0), seenAt: NOW - 15_001 })],
  ])('starts anew after %s', (_, workers) => {
    expect(kept({ idleSince: { a0: NOW - 5000 } }, workers).idleSince).toEqual({})
  })

  it('forgets who has left, but not because Nomad is silent', () => {
    const memory = { ...NO_MEMORY, retiring: [ask('a0'), ask('a1')], cordoned: [ask('a9')] }
    const group = aGroup([anAllocation(0), anAllocation(1, { clientStatus: 'complete' })], { memory })
    expect(remember(aSituation(group, {}))).toMatchObject({ retiring: [ask('a0')], cordoned: [] })
    expect(remember(aSituation({ ...group, heardAt: NOW - 65_001 }, {}))).toBe(memory)
  })

  it('keeps changes for ten minutes, and the last one for a cooldown that is longer', () => {
    const change = (secondsAgo: number) => ({ at: NOW - secondsAgo * 1000, from: 0, to: 1 })
    expect(kept({ changes: [change(900), change(601), change(600)] }).changes).toEqual([change(600)])
    expect(kept({ changes: [change(900), change(800)] }).changes).toEqual([change(800)])
  })

  it('notes what is wanted when that changes, as far back as stabilization asks', () => {
    const policy = aPolicy({ down: { cooldownMs: 0, stabilizationMs: 60_000 } })
    const proposals = [90, 70, 30].map((ago) => ({ at: NOW - ago * 1000, count: ago }))
    const memory = { ...NO_MEMORY, proposals }
    const after = remember(aSituation(aGroup(1, { memory }), { waiting: 3 }, [], { policy })).proposals
    expect(after).toEqual([...proposals.slice(1), { at: NOW, count: 2 }])
    const again = { ...memory, proposals: after }
    expect(
      remember(aSituation(aGroup(1, { memory: again }), { waiting: 4 }, [], { policy })).proposals,
    ).toEqual(after)
    expect(remember(aSituation(aGroup(1, { memory: again }), BLIND, [], { policy })).proposals).toEqual(after)
    expect(remember(aSituation(aGroup(1, { memory: again }), {})).proposals).toEqual([])
  })

  it('forgets a pause that is over', () => {
    const paused = { since: NOW - 1000, until: NOW }
    expect(kept({ paused })).not.toHaveProperty('paused')
    expect(kept({ paused: { ...paused, until: NOW + 1 } })).toHaveProperty('paused')
  })

  it('is the same object while nothing is new', () => {
    const memory = { ...NO_MEMORY, idleSince: { a0: NOW - 5000 }, retiring: [ask('a1')] }
    const situation = aSituation(aGroup(2, { memory }), {}, [], seen(idle(0)))
    expect(remember(situation)).toBe(memory)
  })
})

describe('rememberDone', () => {
  const base = { group: GROUP, at: NOW, reasons: [] }
  const memory = { ...NO_MEMORY, cordoned: [ask('a0'), ask('a1')] }

  it('notes a change of the count', () => {
    const decision = { ...base, kind: 'scale', from: 1, to: 3, cause: 'grow', jobModifyIndex: 1 } as const
    expect(rememberDone(memory, decision, NOW).changes).toEqual([{ at: NOW, from: 1, to: 3 }])
  })

  it('notes a refill as what comes into places that were left', () => {
    const gone = { kind: 'capacity', running: 1, starting: 0, retiring: 0, gone: 2 } as const
    const reasons = [gone]
    const decision = {
      ...base,
      reasons,
      kind: 'scale',
      from: 3,
      to: 2,
      cause: 'refill',
      jobModifyIndex: 1,
    } as const
    expect(rememberDone(memory, decision, NOW).changes).toEqual([{ at: NOW, from: 1, to: 2 }])
  })

  it('notes who was asked to leave', () => {
    expect(rememberDone(memory, { ...base, kind: 'retire', allocations: ['a2'] }, NOW).retiring).toEqual([
      { allocation: 'a2', since: NOW },
    ])
  })

  it('notes who was cordoned, again from now on, and who was not any more', () => {
    expect(rememberDone(memory, { ...base, kind: 'cordon', allocations: ['a1'] }, NOW).cordoned).toEqual([
      ask('a0'),
      { allocation: 'a1', since: NOW },
    ])
    expect(rememberDone(memory, { ...base, kind: 'lift', allocations: ['a1'] }, NOW).cordoned).toEqual([
      ask('a0'),
    ])
  })
})

describe('nextWakeAt', () => {
  const wake = (...args: Parameters<typeof aSituation>): number | undefined => {
    const situation = aSituation(...args)
    const next = nextWakeAt(situation, decide(situation))
    return next === undefined ? undefined : next - NOW
  }

  it('is when the reading grows old', () => expect(wake(aGroup(0), { at: NOW - 3000 })).toBe(12_001))
  it('is when Nomad has been silent too long', () =>
    expect(wake(aGroup(0, { heardAt: NOW - 60_000 }), {})).toBe(5001))
  it('is when the keep-alive ends', () => {
    const workers = { ok: true, workers: [aWorker(0, 0, { idleSince: NOW - 299_000 })] } as const
    expect(wake(aGroup(1), {}, [], { workers })).toBe(1000)
  })
  it('is when a task comes due', () => {
    expect(wake(aGroup(0), { needsWakeAt: NOW + 500 })).toBe(500)
    expect(wake(aGroup(0), { waiting: 1, rateLimitedUntil: NOW + 700 })).toBe(700)
  })
  it('is the next minute where there are schedules', () => {
    const window = { name: 's', timeZone: 'UTC', weekdays: [1], isOutside: false, min: 1 }
    const policy = aPolicy({ schedules: [window] })
    const later = { policy, now: NOW + 55_000 }
    const samples = new Map([['q', aReading({ at: NOW + 55_000 })]])
    expect(wake(aGroup(0, { heardAt: NOW + 55_000 }), {}, [], { ...later, samples })).toBe(60_000)
  })
  it('is when a pause ends', () => {
    const memory = { ...NO_MEMORY, paused: { since: NOW, until: NOW + 900 } }
    expect(wake(aGroup(0, { memory }), {})).toBe(900)
  })
  it('is nothing that has passed', () => {
    expect(wake(aGroup(0, { heardAt: 0 }), { at: 0, needsWakeAt: NOW })).toBeUndefined()
  })
})
