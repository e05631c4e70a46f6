import type { GroupMemory } from '../../src/core/scaling/group.ts'
import type { WorkersReading } from '../../src/core/scaling/sample.ts'

/** A worker that was asked to leave does so at once when it is idle; after this time the word cannot have reached it. */
const HEEDED_MS = 30_000

/**
 * Allocations that are remembered as asked to leave, but cannot have heard it: long after, they are known to run nothing
 * or to take tasks. This happens when a daemon dies between writing down what it is about to do and doing it. One that
 * is busy, or of which nothing is known, is left alone: a second signal would be the harsher one.
 */
export function lostRetirements(memory: GroupMemory, reading: WorkersReading, now: number): string[] {
  if (memory.retiring.length === 0 || !reading.ok) return []
  return memory.retiring.flatMap(({ allocation, since }) => {
    if (now - since < HEEDED_MS) return []
    const worker = reading.workers.find((one) => one.allocation === allocation)
    if (worker === undefined || worker.seenAt - since < HEEDED_MS) return []
    if (worker.intake === 'draining') return []
    return worker.busy === 0 ? [allocation] : []
  })
}
