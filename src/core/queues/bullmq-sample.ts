import type { QueueSample } from '../scaling/sample.ts'
import type { BullmqRow } from './bullmq-script.ts'
import { wakeAt } from './wake.ts'

/** Who runs the active jobs of a queue, as far as the jobs say. */
export interface BullmqActives {
  /** Worker to how many jobs it runs. */
  readonly byWorker: ReadonlyMap<string, number>
  /** Whether every one of them has a named worker. */
  readonly isComplete: boolean
  /** How many a worker still renews the lock of; absent when there were too many to look. */
  readonly held?: number
}

/** What `rateLimit()` of a worker writes as count: no job is taken, whatever the limit. */
const STOPPED = Number.MAX_SAFE_INTEGER

/**
 * A row of BULLMQ_SCRIPT as a sample. `seenPerMin` is what the event stream told of the last minute. Written out, since
 * thousands are made at every sweep.
 */
export function bullmqSample(
  queue: string,
  row: BullmqRow,
  { held }: BullmqActives,
  at: number,
  seenPerMin?: number,
): QueueSample {
  const {
    prioritized = 0,
    delayed = 0,
    due = 0,
    active = 0,
    waitingChildren = 0,
    completed = 0,
    recent = 0,
  } = row
  const sample: Writable<QueueSample> = {
    queue,
    at,
    waiting: (row.listed ?? 0) + prioritized,
    prioritized,
    due,
    delayed: delayed - due,
    active: held ?? active,
    waitingChildren,
    paused: row.paused !== undefined,
    completed,
    failed: row.failed ?? 0,
  }
  if (held !== undefined) sample.orphaned = active - held
  if (row.concurrency !== undefined) sample.concurrencyLimit = Number(row.concurrency)
  if (seenPerMin !== undefined) sample.throughputPerMin = seenPerMin
  // Finished jobs may be removed at once, or all but the last few: then the set does not tell.
  else if (recent < completed) sample.throughputPerMin = recent
  if (row.limiterTtl !== undefined && Number(row.limiterCount) >= Number(row.limitMax ?? STOPPED))
    sample.rateLimitedUntil = at + row.limiterTtl
  const next = earliestAfter(at, row.nextDue, row.nextSchedule)
  if (next !== undefined) sample.nextDueAt = next
  if (row.oldestSince !== undefined) sample.oldestAgeMs = Math.max(0, at - Number(row.oldestSince))
  const wake = wakeAt(sample)
  if (wake !== undefined) sample.needsWakeAt = wake
  return sample
}

function earliestAfter(at: number, ...texts: readonly (string | undefined)[]): number | undefined {
  let earliest: number | undefined
  for (const text of texts) {
    const time = Number(text)
    if (time > at && (earliest === undefined || time < earliest)) earliest = time
  }
  return earliest
}

const NOBODY: BullmqActives = { byWorker: new Map(), isComplete: true, held: 0 }
/** Of a queue that could not be read, or that has too many active jobs to look at. */
export const UNTOLD: BullmqActives = { byWorker: new Map(), isComplete: false }

export function bullmqActives(row: BullmqRow): BullmqActives {
  const { active = 0, actives: pairs } = row
  if (active === 0) return NOBODY
  if (!pairs) return UNTOLD
  const byWorker = new Map<string, number>()
  let held = 0
  let named = 0
  for (let index = 0; index < pairs.length; index += 2) {
    if (pairs[index] !== 1) continue
    held++
    const worker = String(pairs[index + 1])
    if (worker === '') continue
    named++
    byWorker.set(worker, (byWorker.get(worker) ?? 0) + 1)
  }
  return { byWorker, isComplete: named === held, held }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
