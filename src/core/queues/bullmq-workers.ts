import type { WorkerState } from '../scaling/sample.ts'
import { allocationOf } from './allocation.ts'
import type { BullmqActives } from './bullmq-sample.ts'

/** A worker's connection, as CLIENT LIST tells of it. */
export interface BullmqClient {
  readonly queue: string
  /** Absent for a worker without a name. */
  readonly worker?: string
  readonly address: string
}

const NAME = /(?:^| )name=(\S+)/
const ADDRESS = /(?:^| )addr=(\S+)/

/**
 * The workers among the connections of CLIENT LIST: BullMQ names theirs `PREFIX:BASE64(QUEUE)[:w:WORKER]`.
 * @param toName the queue of each encoded name that is asked for
 */
export function bullmqClients(
  list: string,
  prefix: string,
  toName: ReadonlyMap<string, string>,
): BullmqClient[] {
  const clients: BullmqClient[] = []
  for (const line of list.split('\n')) {
    const [, name = ''] = NAME.exec(line) ?? []
    if (!name.startsWith(`${prefix}:`)) continue
    const rest = name.slice(prefix.length + 1)
    const mark = rest.indexOf(':w:')
    const queue = toName.get(mark < 0 ? rest : rest.slice(0, mark))
    if (queue === undefined) continue
    const [, address = ''] = ADDRESS.exec(line) ?? []
    clients.push({ queue, address, ...(mark < 0 ? {} : { worker: rest.slice(mark + 3) }) })
  }
  return clients
}

/**
 * Who there is and how busy. A worker is idle only when every job of all its queues is known to be another's.
 * @param actives of the queues that have active jobs, and of those that could not be read
 */
export function bullmqWorkers(
  clients: readonly BullmqClient[],
  actives: ReadonlyMap<string, BullmqActives>,
  at: number,
): WorkerState[] {
  const queuesOf = new Map<string, Set<string>>()
  const add = (worker: string, queue: string) => {
    const queues = queuesOf.get(worker)
    if (queues === undefined) queuesOf.set(worker, new Set([queue]))
    else queues.add(queue)
  }
  for (const { queue, worker, address } of clients) add(worker ?? `(unnamed ${address})`, queue)
  // A worker whose connection is just being renewed still holds its jobs.
  for (const [queue, { byWorker }] of actives) for (const worker of byWorker.keys()) add(worker, queue)
  return [...queuesOf].map(([worker, names]) => {
    const queues = [...names].sort()
    return { worker, ...allocationOf(worker), ...busyOf(worker, queues, actives), queues, seenAt: at }
  })
}

function busyOf(
  worker: string,
  queues: readonly string[],
  actives: ReadonlyMap<string, BullmqActives>,
): { busy?: number } {
  let busy = 0
  let isKnown = true
  for (const queue of queues) {
    const of = actives.get(queue)
    if (of !== undefined && !of.isComplete) isKnown = false
    busy += of?.byWorker.get(worker) ?? 0
  }
  return isKnown ? { busy } : {}
}
