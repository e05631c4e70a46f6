import type { QueueReading, QueueSample, WorkerState, WorkersReading } from '../../src/core/scaling/sample.ts'

/** Whether two readings of a queue say the same, apart from when. */
export function isSameReading(one: QueueReading | undefined, other: QueueReading): boolean {
  if (one === undefined || one.ok !== other.ok) return false
  if (one.ok && other.ok) return isSameSample(one.sample, other.sample)
  return (
    !one.ok && !other.ok && one.cause.code === other.cause.code && one.cause.message === other.cause.message
  )
}

/** Whether two readings of a group's workers say the same, apart from when they were seen and what their tasks are called. */
export function isSameWorkers(one: WorkersReading, other: WorkersReading): boolean {
  if (one === other) return true
  if (!one.ok || !other.ok) return !one.ok && !other.ok && one.cause.code === other.cause.code
  const { workers } = one
  if (workers.length !== other.workers.length) return false
  for (const [index, worker] of workers.entries())
    if (!isSameWorker(worker, other.workers[index] as WorkerState)) return false
  return true
}

function isSameWorker(one: WorkerState, other: WorkerState): boolean {
  return (
    one.worker === other.worker &&
    one.busy === other.busy &&
    one.intake === other.intake &&
    one.idleSince === other.idleSince &&
    one.concurrency === other.concurrency
  )
}

/** Written out: it runs for every queue at every sweep. What was finished changes no decision. */
function isSameSample(one: QueueSample, other: QueueSample): boolean {
  return (
    one.waiting === other.waiting &&
    one.active === other.active &&
    one.delayed === other.delayed &&
    one.due === other.due &&
    one.orphaned === other.orphaned &&
    one.oldestAgeMs === other.oldestAgeMs &&
    one.paused === other.paused &&
    one.concurrencyLimit === other.concurrencyLimit &&
    one.rateLimitedUntil === other.rateLimitedUntil &&
    one.nextDueAt === other.nextDueAt &&
    one.waitingChildren === other.waitingChildren &&
    isSameUnacked(one, other)
  )
}

function isSameUnacked({ unacked: one }: QueueSample, { unacked: other }: QueueSample): boolean {
  return (
    one?.total === other?.total &&
    one?.running === other?.running &&
    one?.prefetched === other?.prefetched &&
    one?.eta === other?.eta &&
    one?.orphaned === other?.orphaned
  )
}
