import type { QueueSample, SourceCause, SourceReading, WorkerState } from '../scaling/sample.ts'
import type { Stack } from '../stack/stack.ts'

/** A queue as it is shown: with the group that consumes it, and either its sample or why it is not known. */
export type ReportedQueue = { readonly queue: string; readonly group: string } & (
  | Omit<QueueSample, 'queue'>
  | { readonly cause: SourceCause }
)

export interface QueueReport {
  readonly at: number
  readonly queues: readonly ReportedQueue[]
  readonly workers: readonly ReportedWorker[] | { readonly cause: SourceCause }
}

export interface ReportedWorker extends WorkerState {
  readonly state: 'busy' | 'idle' | 'unknown'
}

/** Queue to the group that consumes it, of all worker groups or of one. */
export function queuesOfGroups(stack: Stack, group?: string): ReadonlyMap<string, string> {
  const queues = new Map<string, string>()
  for (const job of stack.jobs)
    if (job.worker !== undefined && (group === undefined || job.name === group))
      for (const queue of job.worker.queues) queues.set(queue, job.name)
  return queues
}

/** What a reading says of the queues of groups, in the order of the stack. */
export function reportQueues(groups: ReadonlyMap<string, string>, reading: SourceReading): QueueReport {
  const { at, workers } = reading
  const queues = [...groups].map(([queue, group]): ReportedQueue => {
    const of = reading.queues.get(queue)
    if (of === undefined)
      return { queue, group, cause: { code: 'no-data', message: 'the source said nothing of this queue' } }
    return of.ok ? { ...of.sample, group } : { queue, group, cause: of.cause }
  })
  if (!workers.ok) return { at, queues, workers: { cause: workers.cause } }
  const ours = workers.workers
    .map((worker) => ({ ...worker, ...groupOf(worker, groups), state: stateOf(worker) }))
    .filter((worker) => worker.group === undefined || [...groups.values()].includes(worker.group))
    .sort((a, b) => compare(a.group ?? '', b.group ?? '') || compare(a.worker, b.worker))
  return { at, queues, workers: ours }
}

/** A worker says its group itself, or takes from queues that only one group takes from. */
function groupOf(worker: WorkerState, groups: ReadonlyMap<string, string>): { group?: string } {
  if (worker.group !== undefined) return { group: worker.group }
  const [group] = (worker.queues ?? []).flatMap((queue) => groups.get(queue) ?? [])
  return group === undefined ? {} : { group }
}

function stateOf({ busy }: WorkerState): ReportedWorker['state'] {
  if (busy === undefined) return 'unknown'
  return busy > 0 ? 'busy' : 'idle'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
