import { compact } from '../compact.ts'
import type { QueueSample, Unacked } from '../scaling/sample.ts'
import type { CeleryLedger } from './celery-ledger.ts'
import type { CeleryRow, CeleryUnacked } from './celery-script.ts'
import { wakeAt } from './wake.ts'

/** When the message at a queue's head was first seen there, by queue and priority step. */
export type FirstSeen = Map<string, { readonly id: string; readonly at: number }>

/** A row of CELERY_QUEUES_SCRIPT as a sample. */
export function celerySample(
  queue: string,
  [waiting, heads]: CeleryRow,
  unacked: Unacked | undefined,
  ledger: CeleryLedger,
  seen: FirstSeen,
  at: number,
): QueueSample {
  const { since, isAtLeast, dueAt } = oldestOf(queue, heads, ledger, seen, at)
  const running = unacked?.running
  const sample: QueueSample = compact({
    queue,
    at,
    waiting,
    active: running,
    orphaned: unacked?.orphaned,
    unacked,
    nextDueAt: dueAt,
    oldestAgeMs: since === undefined ? undefined : Math.max(0, at - since),
    oldestIsAtLeast: isAtLeast,
    throughputPerMin: ledger.finishedPerMin(queue, at),
  })
  return compact({ ...sample, needsWakeAt: wakeAt(sample) })
}

/**
 * Taken and unacknowledged messages by queue, for the queues asked. The broker tells how many and of which queue; which
 * of them run, only the workers' events tell: where those are off, it is known only while nothing runs at all.
 */
export function splitUnacked(
  [, rows]: CeleryUnacked,
  queues: readonly string[],
  ledger: CeleryLedger,
  at: number,
): ReadonlyMap<string, Unacked> {
  const split = new Map<string, Unacked>()
  if (rows === undefined) return split
  const knows = ledger.knowsWhatRuns(at)
  const queueOf = new Map<string, { rows: (readonly [id: string, due: string])[] }>()
  for (const queue of queues) queueOf.set(queue, { rows: [] })
  for (const [key, id, due] of rows) queueOf.get(fromJson(key))?.rows.push([id, due])
  for (const [queue, { rows: own }] of queueOf) {
    for (const [id] of own) ledger.locate(id, queue)
    split.set(queue, splitOne(queue, own, knows, ledger, at))
  }
  return split
}

function splitOne(
  queue: string,
  rows: readonly (readonly [id: string, due: string])[],
  knows: boolean,
  ledger: CeleryLedger,
  at: number,
): Unacked {
  let eta = 0
  let orphaned = 0
  let prefetched = 0
  let hasStrangers = false
  for (const [id, due] of rows) {
    const task = ledger.task(id)
    const isHeld = task?.heldBy !== undefined && ledger.isAlive(task.heldBy, at)
    if (task?.heldBy !== undefined && !isHeld) orphaned++
    else if (task?.isRunning) continue
    else if (isFuture(due, at)) eta++
    else if (isHeld) prefetched++
    else hasStrangers = true
  }
  // One that was acknowledged as it started runs without being in the broker any more: only the events know it.
  const running = knows ? ledger.runningOf(queue, at)?.length : undefined
  return compact({
    total: rows.length,
    running,
    prefetched: running === undefined || hasStrangers ? undefined : prefetched,
    eta,
    orphaned: running === undefined || hasStrangers ? undefined : orphaned,
  })
}

function oldestOf(
  queue: string,
  heads: CeleryRow[1],
  ledger: CeleryLedger,
  seen: FirstSeen,
  at: number,
): { since?: number; isAtLeast?: true; dueAt?: number } {
  let since: number | undefined
  let isAtLeast = false
  let dueAt: number | undefined
  for (const [step, id, eta] of heads) {
    const key = `${queue}\u0000${step}`
    const known = seen.get(key)
    const first = known?.id === id ? known : { id, at }
    seen.set(key, first)
    if (isFuture(eta, at)) {
      const due = Date.parse(eta)
      dueAt = dueAt === undefined ? due : Math.min(dueAt, due)
      continue
    }
    const sentAt = ledger.task(id)?.sentAt
    // An announced task waits from its time on.
    const from = Math.max(sentAt ?? first.at, eta === '' ? 0 : Date.parse(eta) || 0)
    if (since !== undefined && from >= since) continue
    since = from
    isAtLeast = sentAt === undefined
  }
  return {
    ...(since === undefined ? {} : { since }),
    ...(isAtLeast ? { isAtLeast: true } : {}),
    ...(dueAt === undefined ? {} : { dueAt }),
  }
}

function isFuture(eta: string, at: number): boolean {
  return eta !== '' && Date.parse(eta) > at
}

/** The routing key as it stands in JSON, where all but ASCII is escaped. */
function fromJson(text: string): string {
  if (!text.includes('\\')) return text
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return text
  }
}
