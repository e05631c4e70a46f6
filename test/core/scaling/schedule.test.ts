import { describe, expect, it } from 'vitest'
import { boundsNow } from '../../../src/core/scaling/bounds.ts'
import { NO_MEMORY } from '../../../src/core/scaling/group.ts'
import type { BoundsWindow } from '../../../src/core/scaling/policy.ts'
import { isInForce } from '../../../src/core/scaling/schedule.ts'
import { aPolicy, NOW } from './situations.ts'

const ALL = [1, 2, 3, 4, 5, 6, 7]
const utc = (text: string): number => Date.parse(`${text}Z`)
const window = (more: Partial<BoundsWindow> = {}): BoundsWindow => ({
  name: 'office',
  timeZone: 'UTC',
  weekdays: ALL,
  isOutside: false,
  ...more,
})
const office = { fromMinutes: 9 * 60, toMinutes: 18 * 60 }
const night = { fromMinutes: 22 * 60, toMinutes: 6 * 60 }

// 2026-11-24 is a Tuesday.
const CASES: readonly (readonly [string, Partial<BoundsWindow>, string, boolean])[] = [
  ['before it', office, '2026-11-24T08:59:59', false],
  ['at its begin', office, '2026-11-24T09:00', true],
  ['before its end', office, '2026-11-24T17:59:59', true],
  ['at its end', office, '2026-11-24T18:00', false],
  ['until midnight', { fromMinutes: 600, toMinutes: 1440 }, '2026-11-24T23:59', true],
  ['on another day', { ...office, weekdays: [1, 3] }, '2026-11-24T12:00', false],
  ['whole days', { weekdays: [2] }, '2026-11-24T00:00', true],
  ['whole days: the next', { weekdays: [2] }, '2026-11-25T00:00', false],
  ['over midnight: evening', night, '2026-11-24T22:00', true],
  ['over midnight: morning', night, '2026-11-24T05:59', true],
  ['over midnight: day', night, '2026-11-24T06:00', false],
  ['over midnight belongs to the day of its begin', { ...night, weekdays: [1] }, '2026-11-24T05:00', true],
  ['and not to the day of its end', { ...night, weekdays: [2] }, '2026-11-24T05:00', false],
  ['over Sunday night', { ...night, weekdays: [7] }, '2026-11-23T05:00', true],
  ['outside of it', { ...office, isOutside: true }, '2026-11-24T20:00', true],
  ['not within it', { ...office, isOutside: true }, '2026-11-24T12:00', false],
  ['in another zone', { ...office, timeZone: 'America/New_York' }, '2026-11-24T13:59', false],
  ['in another zone, begun', { ...office, timeZone: 'America/New_York' }, '2026-11-24T14:00', true],
  ['in another zone in summer', { ...office, timeZone: 'America/New_York' }, '2026-07-21T13:00', true],
  ['a zone with half an hour', { ...office, timeZone: 'Asia/Kolkata' }, '2026-11-24T03:30', true],
  ['another day there', { weekdays: [3], timeZone: 'Asia/Tokyo' }, '2026-11-24T15:00', true],
]

describe('isInForce', () => {
  it.each(CASES)('%s', (_, more, time, expected) => {
    expect(isInForce(window(more), utc(time))).toBe(expected)
  })
})

describe('boundsNow', () => {
  const policy = aPolicy({ min: 1, max: 6 })
  const at = (...schedules: readonly Partial<BoundsWindow>[]) => ({
    ...policy,
    schedules: schedules.map(window),
  })

  it('is what the policy says', () => {
    expect(boundsNow(policy, NO_MEMORY, NOW)).toEqual({
      min: 1,
      max: 6,
      minBy: 'min',
      maxBy: 'max',
      by: 'policy',
    })
  })

  it('is narrowed by every schedule in force', () => {
    const schedules = at({ min: 2, max: 5 }, { name: 'more', min: 3 }, { ...night, max: 2 })
    expect(boundsNow(schedules, NO_MEMORY, NOW)).toEqual({
      min: 3,
      max: 5,
      minBy: 'schedule',
      maxBy: 'schedule',
      by: 'schedule office, more',
    })
  })

  it('has the largest count hold where two contradict', () => {
    expect(boundsNow(at({ min: 5 }, { max: 2 }), NO_MEMORY, NOW)).toMatchObject({ min: 2, max: 2 })
  })

  it('goes by hand before schedules, and never outside of what Nomad enforces', () => {
    const bounds = { min: 0, max: 99, by: 'ann', since: NOW }
    expect(boundsNow(at({ min: 3, max: 4 }), { bounds }, NOW)).toEqual({
      min: 1,
      max: 6,
      minBy: 'by-hand',
      maxBy: 'by-hand',
      by: 'schedule office, by hand (ann)',
    })
  })
})
