import type { Clock } from '../../src/ports.ts'
import type { Timers } from '../timers.ts'

/** How long a lock that was taken may be relied upon. */
export interface Lease {
  /** To be called with the time before the request that Nomad has answered. */
  extend(from: Moment): void
  now(): Moment
  end(): void
  /** Milliseconds for which nobody else can have the lock; 0 when there is no telling. */
  remainingMs(): number
}

/** Both clocks: the one that only goes forward may stand still while the machine sleeps, the other may be set. */
export interface Moment {
  readonly elapsed: number
  readonly at: number
}

/** @param heldMs for how long after a renewal Nomad lets nobody else have the lock, less a margin */
export function createLease(timers: Timers, clock: Clock, heldMs: number): Lease {
  let from: Moment | undefined
  const now = (): Moment => ({ elapsed: timers.elapsed(), at: clock.now() })
  return {
    now,
    extend(moment) {
      from = moment
    },
    end() {
      from = undefined
    },
    remainingMs() {
      if (from === undefined) return 0
      const { elapsed, at } = now()
      return Math.max(0, heldMs - Math.max(elapsed - from.elapsed, at - from.at))
    },
  }
}
