import { NomadError } from '../nomad-error.ts'
import { createEventBuffer, type EventBuffer, type NomadEvent } from './event-buffer.ts'
import type { Allocation, Deployment, Evaluation, Job, ScalingEvent } from './types.ts'
import type { Variable } from './variables.ts'

/** A job and what belongs to it. */
export interface JobRecord {
  job: Job
  /** Newest first, the present one included. */
  versions: Job[]
  readonly scalingEvents: Map<string, ScalingEvent[]>
  /** All that are kept, oldest first. */
  readonly allocations: Map<string, Allocation>
  /** Of these, those that the scheduler may still have to look at. */
  readonly considered: Map<string, Allocation>
  deployment: Deployment | undefined
  /** When anything of it last changed. */
  index: number
}

/** All that a Nomad server knows. Every change has an index, one higher than the last. */
export interface Store {
  readonly jobs: Map<string, JobRecord>
  readonly allocations: Map<string, Allocation>
  readonly evaluations: Map<string, Evaluation>
  readonly deployments: Map<string, Deployment>
  readonly variables: Map<string, Variable>
  readonly namespaces: readonly string[]
  readonly events: EventBuffer
  index(): number
  /** When anything of a table last changed, for blocking queries. */
  tableIndex(table: Table): number
  /** One raft entry: everything that `change` puts shares an index and is told of together. */
  write<T>(type: string, change: (entry: Entry) => T): T
  /** Called after every write. Answers how to stop that. */
  onWrite(listener: () => void): () => void
}

export type Table = 'jobs' | 'allocations' | 'evaluations' | 'deployments' | 'variables'

export interface Entry {
  readonly index: number
  event(
    topic: string,
    key: string,
    namespace: string,
    filterKeys: readonly string[] | null,
    payload: unknown,
  ): void
  /** What is told from here on goes into a line of its own, of the same index: so Nomad does at times. */
  endLine(): void
  /** Says that something changed of which no event tells. */
  touch(table: Table, record?: JobRecord): void
}

export function createStore(options: { namespaces: readonly string[]; bufferSize: number }): Store {
  let index = 10
  const tables: Record<Table, number> = {
    jobs: 1,
    allocations: 1,
    evaluations: 1,
    deployments: 1,
    variables: 1,
  }
  const listeners = new Set<() => void>()
  const events = createEventBuffer(options.bufferSize)
  return {
    jobs: new Map(),
    allocations: new Map(),
    evaluations: new Map(),
    deployments: new Map(),
    variables: new Map(),
    namespaces: options.namespaces,
    events,
    index: () => index,
    tableIndex: (table) => tables[table],
    write(type, change) {
      index += 1
      let told: NomadEvent[] = []
      const endLine = (): void => {
        if (told.length > 0) events.append(index, told)
        told = []
      }
      const result = change({
        index,
        event(Topic, Key, Namespace, FilterKeys, Payload) {
          told.push({ Topic, Type: type, Key, Namespace, FilterKeys, Index: index, Payload })
        },
        endLine,
        touch(table, record) {
          tables[table] = index
          if (record) record.index = index
        },
      })
      endLine()
      for (const listener of listeners) listener()
      return result
    },
    onWrite(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function jobKey(namespace: string, id: string): string {
  return `${namespace}/${id}`
}

export function findJob(store: Store, namespace: string, id: string): JobRecord | undefined {
  return store.jobs.get(jobKey(namespace, id))
}

/** Throws 404 in Nomad's words; which ones depends on who asks. */
export function requireJob(store: Store, namespace: string, id: string, words = 'job not found'): JobRecord {
  const record = findJob(store, namespace, id)
  if (record === undefined) throw new NomadError(404, words)
  return record
}
