import type { QueueReading, QueueSample } from './sample.ts'
import { isFresh } from './situation.ts'

/** What the queues of a group ask for; a lower bound while some of them are unknown. */
export interface Demand {
  /** Tasks that a free worker would take now. */
  readonly waiting: number
  /** Tasks that workers have. */
  readonly active: number
  /** Something is there that only moves while a worker is, though it may be counted nowhere. */
  readonly needsOne: boolean
  /** Of the oldest waiting task. */
  readonly oldestAgeMs?: number
  readonly unknown: readonly UnknownQueue[]
}

export interface UnknownQueue {
  readonly queue: string
  readonly isStale: boolean
  readonly code: string
  readonly message: string
}

/** Adds up the queues of a group. What cannot be taken now (paused, rate-limited, over a limit) does not count. */
export function demandOf(
  queues: readonly string[],
  samples: ReadonlyMap<string, QueueReading>,
  now: number,
  staleAfterMs?: number,
): Demand {
  let waiting = 0
  let active = 0
  let needsOne = false
  let oldestAgeMs: number | undefined
  const unknown: UnknownQueue[] = []
  for (const queue of queues) {
    const reading = samples.get(queue)
    if (reading === undefined || !reading.ok) {
      unknown.push({ queue, isStale: false, ...(reading?.cause ?? NEVER_READ) })
    } else if (!isFresh(reading.sample.at, now, staleAfterMs)) {
      const age = Math.round((now - reading.sample.at) / 1000)
      unknown.push({ queue, isStale: true, code: 'stale', message: `read ${age} s ago` })
    } else {
      const { sample } = reading
      const held = heldIn(sample)
      const limit = sample.concurrencyLimit ?? Number.POSITIVE_INFINITY
      const useful = Math.max(0, Math.min(takeable(sample, now), limit - held))
      waiting += useful
      active += held
      needsOne ||= asksForOne(sample, now)
      if (useful > 0 && sample.oldestAgeMs !== undefined) {
        const age = sample.oldestAgeMs + Math.max(0, now - sample.at)
        oldestAgeMs = Math.max(oldestAgeMs ?? 0, age)
      }
    }
  }
  return { waiting, active, needsOne, ...(oldestAgeMs === undefined ? {} : { oldestAgeMs }), unknown }
}

const NEVER_READ = { code: 'no-data', message: 'not read yet' } as const

function takeable(sample: QueueSample, now: number): number {
  if (sample.paused || (sample.rateLimitedUntil ?? 0) > now) return 0
  return sample.waiting + (sample.due ?? 0) + (sample.unacked ? 0 : (sample.orphaned ?? 0))
}

/**
 * What workers hold. Of a source that does not tell held from running, everything unacknowledged is held except what
 * has not come due, and what a vanished worker has: that comes back by itself, at its own time.
 */
function heldIn({ active = 0, unacked }: QueueSample): number {
  if (unacked === undefined) return active
  const { total, running = 0, prefetched = 0, eta = 0, orphaned = 0 } = unacked
  return Math.max(active, running + prefetched, total - eta - orphaned)
}

function asksForOne(sample: QueueSample, now: number): boolean {
  if (sample.paused) return false
  // Held until its time comes by a worker that would put it back, for the next one to be started and hold it.
  if ((sample.unacked?.eta ?? 0) > 0) return true
  if ((sample.unacked?.orphaned ?? 0) > 0) return true
  return sample.needsWakeAt !== undefined && sample.needsWakeAt <= now
}
