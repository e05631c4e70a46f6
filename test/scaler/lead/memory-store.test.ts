import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryStore } from '../../../scaler/lead/memory-store.ts'
import { SYSTEM_TIMERS } from '../../../scaler/timers.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function aStore(answers: boolean[] = []) {
  const written: number[] = []
  const state = { now: 0, isLeader: true }
  const store = createMemoryStore(
    SYSTEM_TIMERS,
    async () => {
      const { now } = state
      await new Promise((resolve) => setTimeout(resolve, 10))
      const answer = answers.shift() ?? true
      if (answer) written.push(now)
      return answer
    },
    () => state.isLeader,
  )
  return { store, written, state }
}

it('gathers what may wait', async () => {
  const { store, written, state } = aStore()
  for (state.now = 1; state.now <= 5; state.now++) store.touch()
  await vi.advanceTimersByTimeAsync(1000)
  expect(written).toEqual([6])
})

it('flushes at once, and a change during a write is in the next', async () => {
  const { store, written, state } = aStore()
  state.now = 1
  const first = store.flush()
  await vi.advanceTimersByTimeAsync(5)
  state.now = 2
  const others = [store.flush(), store.flush(), store.flush()]
  await vi.advanceTimersByTimeAsync(30)
  expect(await Promise.all([first, ...others])).toEqual([true, true, true, true])
  expect(written).toEqual([1, 2])
})

it('tells that it failed, and tries again by itself', async () => {
  const { store, written, state } = aStore([false])
  state.now = 1
  const flushed = store.flush()
  await vi.advanceTimersByTimeAsync(20)
  expect(await flushed).toBe(false)
  await vi.advanceTimersByTimeAsync(2000)
  expect(written).toEqual([1])
})

it('does not try again for one that does not lead', async () => {
  const { store, written, state } = aStore([false, false, false])
  state.isLeader = false
  void store.flush()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(written).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
