/** What one queue held at one moment. What is not known is absent, never 0. Counts are of jobs (tasks, messages). */
export interface QueueSample {
  readonly queue: string
  /** When it was read; milliseconds since 1970, by the clock of this process. */
  readonly at: number
  /** Ready and untaken, prioritized ones and those of a paused queue included; due delayed ones are not. */
  readonly waiting: number
  /** Of `waiting`, those that jump the line by priority. */
  readonly prioritized?: number
  /** Delayed ones whose time has come, but that no worker has promoted yet. */
  readonly due?: number
  /** Not yet due. */
  readonly delayed?: number
  /** Taken by a worker and being worked on; orphaned ones are not. */
  readonly active?: number
  /** Taken, but nobody renews the claim: their worker is gone. A worker must be there to take them up again. */
  readonly orphaned?: number
  /** Parents whose children have not finished. */
  readonly waitingChildren?: number
  /** Taken and not acknowledged, of a source that does not tell held from running. */
  readonly unacked?: Unacked
  /** Nothing is taken while true, whatever waits. */
  readonly paused?: boolean
  /** No more than this many run at once, over all workers. */
  readonly concurrencyLimit?: number
  /** Nothing is taken until then; milliseconds since 1970. */
  readonly rateLimitedUntil?: number
  /** When the first delayed job, or the next run of a schedule, is due; milliseconds since 1970. */
  readonly nextDueAt?: number
  /** How long the oldest waiting or due one has waited, retries counted from the last attempt. */
  readonly oldestAgeMs?: number
  /** Set when the oldest is at least that old, and may be older. */
  readonly oldestIsAtLeast?: true
  /** Finished within the last minute, whether they succeeded or failed. */
  readonly throughputPerMin?: number
  /** Kept as finished; a queue that removes them has few. */
  readonly completed?: number
  /** Kept as failed for good: the dead letters. */
  readonly failed?: number
  /** From then on a worker must be there, or nothing moves; absent when nothing is to be done. */
  readonly needsWakeAt?: number
}

export interface Unacked {
  readonly total: number
  readonly running?: number
  /** Lying in a worker that is busy with others. */
  readonly prefetched?: number
  /** Lying in a worker until its time has come. */
  readonly eta?: number
  /** Taken by a worker that is not heard of any more. */
  readonly orphaned?: number
}

/** What one worker process was doing. */
export interface WorkerState {
  /** As the queue software names it. */
  readonly worker: string
  /** Nomad's id of the allocation, when the name carries it. */
  readonly allocation?: string
  readonly group?: string
  /** Jobs that it runs; absent when that is not known, which is not the same as idle. */
  readonly busy?: number
  /** Some of what it runs, at most 20, those begun first before others. For people: nothing is decided by it. */
  readonly tasks?: readonly RunningTask[]
  /** Jobs that it can run at once. */
  readonly concurrency?: number
  /** Whether it takes jobs: `cordoned` until it is lifted, `draining` until it is gone. */
  readonly intake?: 'taking' | 'cordoned' | 'draining'
  /** Since when it runs nothing, by its own clock; milliseconds since 1970. */
  readonly idleSince?: number
  readonly queues?: readonly string[]
  /** When it last gave a sign of life; milliseconds since 1970. */
  readonly seenAt: number
}

/** Of long texts only the first 200 characters are kept. */
export interface RunningTask {
  readonly queue?: string
  readonly name: string
  readonly id: string
  /** When it began; milliseconds since 1970, by the worker's clock or when it was told. */
  readonly since: number
}

/** Why something is not known. `message` names no credentials. */
export interface SourceCause {
  readonly code: CauseCode
  readonly message: string
}

export type CauseCode =
  | 'connecting'
  | 'unreachable'
  | 'timeout'
  | 'tls'
  | 'auth'
  | 'no-permission'
  | 'loading'
  | 'readonly'
  | 'memory'
  | 'busy'
  | 'cluster-down'
  | 'wrong-type'
  | 'replaced'
  | 'no-data'
  | 'rejected'
  | 'closed'

export type QueueReading =
  | { readonly ok: true; readonly sample: QueueSample }
  | { readonly ok: false; readonly cause: SourceCause }

export type WorkersReading =
  | { readonly ok: true; readonly workers: readonly WorkerState[] }
  | { readonly ok: false; readonly cause: SourceCause }

/** One look at all queues of a source. */
export interface SourceReading {
  readonly at: number
  /** An entry for every queue that was asked for, under its name. */
  readonly queues: ReadonlyMap<string, QueueReading>
  readonly workers: WorkersReading
  /** By task name, of those seen finishing. */
  readonly durations?: ReadonlyMap<string, TaskDuration>
}

export interface TaskDuration {
  readonly count: number
  readonly meanMs: number
  readonly maxMs: number
}
