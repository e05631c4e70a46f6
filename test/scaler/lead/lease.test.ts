import { expect, it } from 'vitest'
import { createLease } from '../../../scaler/lead/lease.ts'
import { SYSTEM_TIMERS } from '../../../scaler/timers.ts'

function aLease() {
  const time = { elapsed: 0, at: 1_000_000 }
  const timers = { ...SYSTEM_TIMERS, elapsed: () => time.elapsed }
  return { time, lease: createLease(timers, { now: () => time.at }, 10_000) }
}

it.each<[what: string, elapsed: number, at: number, left: number]>([
  ['nothing has happened', 0, 0, 10_000],
  ['both clocks went on', 4000, 4000, 6000],
  ['the clock was set back', 4000, -3_600_000, 6000],
  ['the clock was set forward', 1000, 3_600_000, 0],
  ['the machine slept: the other clock stood still', 10, 60_000, 0],
  ['it ran out', 10_001, 10_001, 0],
])('%s', (_, elapsed, at, left) => {
  const { time, lease } = aLease()
  lease.extend(lease.now())
  time.elapsed += elapsed
  time.at += at
  expect(lease.remainingMs()).toBe(left)
})

it('counts from the request, not from its answer', () => {
  const { time, lease } = aLease()
  const before = lease.now()
  time.elapsed += 3000
  lease.extend(before)
  expect(lease.remainingMs()).toBe(7000)
})

it('is nothing before it was had and after it is over', () => {
  const { lease } = aLease()
  expect(lease.remainingMs()).toBe(0)
  lease.extend(lease.now())
  lease.end()
  expect(lease.remainingMs()).toBe(0)
})
