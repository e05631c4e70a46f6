import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createWakeTimer } from '../../../scaler/look/wake-timer.ts'
import { SYSTEM_TIMERS } from '../../../scaler/timers.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function started() {
  const due: [name: string, at: number][] = []
  const begin = SYSTEM_TIMERS.elapsed()
  const timer = createWakeTimer<string>(SYSTEM_TIMERS, (names) => {
    for (const name of names) due.push([name, Math.round(SYSTEM_TIMERS.elapsed() - begin)])
  })
  return { due, set: (name: string, ms: number | undefined) => timer.set(name, ms && begin + ms), timer }
}

it('calls each at its own time, with one timer', async () => {
  const { due, set } = started()
  set('late', 500)
  set('early', 100)
  set('middle', 300)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(due).toEqual([
    ['early', 100],
    ['middle', 300],
    ['late', 500],
  ])
  expect(vi.getTimerCount()).toBe(0)
})

it('takes the last word: later, sooner, or never', async () => {
  const { due, set } = started()
  set('a', 100)
  set('a', 400)
  set('b', 400)
  set('b', 200)
  set('c', 100)
  set('c', undefined)
  await vi.advanceTimersByTimeAsync(1000)
  expect(due).toEqual([
    ['b', 200],
    ['a', 400],
  ])
})

it('waits for days without overflowing', async () => {
  const { due, set } = started()
  set('a', 40 * 24 * 3_600_000)
  await vi.advanceTimersByTimeAsync(39 * 24 * 3_600_000)
  expect(due).toEqual([])
  await vi.advanceTimersByTimeAsync(2 * 24 * 3_600_000)
  expect(due).toHaveLength(1)
})

it('is silent once it is closed', async () => {
  const { due, set, timer } = started()
  set('a', 100)
  timer.close()
  await vi.advanceTimersByTimeAsync(1000)
  expect(due).toEqual([])
})
