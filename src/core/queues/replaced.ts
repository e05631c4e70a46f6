import type { QueueReading, SourceCause } from '../scaling/sample.ts'

/** What is remembered between readings to notice that a Redis came back without its data. */
export interface ReplacedMemory {
  /** When the server's identity last changed; absent: not while we looked. */
  readonly changedAt?: number
  readonly runId?: string
  /** Queues that had something in them before the change and have not been seen with anything since. */
  readonly missing: ReadonlySet<string>
  readonly filled: ReadonlySet<string>
}

export const NOTHING_REMEMBERED: ReplacedMemory = { missing: new Set(), filled: new Set() }

/** For how long an empty queue of a new server is not believed to be empty. */
export const DOUBT_MS = 60_000

const CAUSE: SourceCause = {
  code: 'replaced',
  message: 'Redis was restarted or replaced, and the queue that had jobs before is empty now',
}

/** The readings of a sweep, the doubtful ones replaced, and what to remember. */
export function doubtReplaced(
  memory: ReplacedMemory,
  readings: ReadonlyMap<string, QueueReading>,
  runId: string | undefined,
  at: number,
): { readings: ReadonlyMap<string, QueueReading>; memory: ReplacedMemory } {
  const isNew = runId !== undefined && memory.runId !== undefined && memory.runId !== runId
  const changedAt = isNew ? at : memory.changedAt
  const inDoubt = changedAt !== undefined && at - changedAt < DOUBT_MS
  const suspects = isNew ? new Set([...memory.missing, ...memory.filled]) : memory.missing
  const missing = new Set<string>()
  const filled = new Set<string>()
  let judged: Map<string, QueueReading> | undefined
  for (const [queue, reading] of readings) {
    const has = reading.ok && holdsAnything(reading)
    const isMissing = suspects.has(queue) && !has && inDoubt
    if (isMissing) missing.add(queue)
    if (has || (!reading.ok && memory.filled.has(queue))) filled.add(queue)
    if (!isMissing || !reading.ok) continue
    judged ??= new Map(readings)
    judged.set(queue, { ok: false, cause: CAUSE })
  }
  const known = runId ?? memory.runId
  return {
    readings: judged ?? readings,
    memory: {
      missing,
      filled,
      ...(changedAt === undefined ? {} : { changedAt }),
      ...(known === undefined ? {} : { runId: known }),
    },
  }
}

function holdsAnything({ sample }: QueueReading & { ok: true }): boolean {
  const { waiting, due = 0, delayed = 0, active = 0, orphaned = 0, unacked, waitingChildren = 0 } = sample
  return waiting + due + delayed + active + orphaned + waitingChildren + (unacked?.total ?? 0) > 0
}
