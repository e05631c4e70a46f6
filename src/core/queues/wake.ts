import type { QueueSample } from '../scaling/sample.ts'

/**
 * When a worker must be there for anything to move: a queue promotes its delayed jobs and takes up orphaned ones
 * only inside its workers. Absent while there is nothing to do, or while it is paused.
 */
export function wakeAt(sample: QueueSample): number | undefined {
  if (sample.paused) return undefined
  const work = sample.waiting + (sample.due ?? 0) + (sample.orphaned ?? 0)
  const first = work > 0 ? sample.at : sample.nextDueAt
  return first === undefined ? undefined : Math.max(first, sample.rateLimitedUntil ?? 0)
}
