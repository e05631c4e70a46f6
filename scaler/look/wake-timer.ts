import type { Timers } from '../timers.ts'

/** One timer for the deadlines of all groups. */
export interface WakeTimer<T> {
  /** Replaces the former deadline of this one. `at` as of Timers.elapsed(); undefined: none. */
  set(one: T, at: number | undefined): void
  close(): void
}

/** Calls with everything that is due. Deadlines are few and looked through only when the timer fires. */
export function createWakeTimer<T>(timers: Timers, onDue: (due: readonly T[]) => void): WakeTimer<T> {
  const deadlines = new Map<T, number>()
  let firesAt = Number.POSITIVE_INFINITY
  let cancel: (() => void) | undefined

  function arm(at: number) {
    cancel?.()
    firesAt = at
    // A timer of Node's holds no more than 2^31 ms; fired early, it finds nothing due and is set again.
    cancel = timers.after(Math.min(at - timers.elapsed(), 3_600_000), fire)
  }

  function fire() {
    cancel = undefined
    firesAt = Number.POSITIVE_INFINITY
    const now = timers.elapsed()
    const due: T[] = []
    let next = Number.POSITIVE_INFINITY
    for (const [one, at] of deadlines)
      if (at <= now) due.push(one)
      else if (at < next) next = at
    for (const one of due) deadlines.delete(one)
    if (next < Number.POSITIVE_INFINITY) arm(next)
    if (due.length > 0) onDue(due)
  }

  return {
    set(one, at) {
      if (at === undefined) {
        deadlines.delete(one)
        return
      }
      deadlines.set(one, at)
      if (at < firesAt) arm(at)
    },
    close() {
      cancel?.()
      deadlines.clear()
    },
  }
}
