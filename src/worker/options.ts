import type { WorkerOptions as BullmqOptions, Job } from 'bullmq'
import type { Cluster, Redis, RedisOptions } from 'ioredis'

/** What a processor gets besides the job. */
export interface TaskContext {
  readonly queue: string
  /** The token of the job's lock, for `job.moveToDelayed(at, token)` and the like. */
  readonly token: string
  /** Aborted at the soft time limit, with a TimeLimitError as its reason. */
  readonly signal: AbortSignal
}

export type Processor<Data = unknown, Result = unknown> = (
  job: Job<Data, Result>,
  context: TaskContext,
) => Promise<Result> | Result

/** Milliseconds, or a function of the job; undefined is no limit. */
export type TimeLimit =
  | number
  | ((job: Pick<Job, 'name' | 'queueName' | 'data' | 'opts'>) => number | undefined)

export type LogLevel = 'info' | 'warn' | 'error'
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void

export interface WorkerOptions<Data = unknown, Result = unknown> {
  /** Queues to take from, in turn. */
  readonly queues: readonly string[]
  /** Tasks that run at once, over all queues together. Default: 1. */
  readonly concurrency?: number
  /**
   * A function, or the file (URL or path) of a module whose default export is one. A file runs outside of this
   * thread: what computes for long without waiting must, or the locks of all tasks expire meanwhile.
   */
  readonly process: Processor<Data, Result> | URL | string
  /** Where the file of a processor runs. A thread is cheaper; only a process survives a crash of native code. Default: thread. */
  readonly isolation?: 'thread' | 'process'
  /** Redis: a URL, ioredis options or an ioredis client to make connections like. Default: the variable REDIS_URL. */
  readonly redis?: string | RedisOptions | Redis | Cluster
  /** BullMQ's key prefix. Default: bull. */
  readonly prefix?: string
  /** Default: NOMAD_ALLOC_ID, else host, pid and a random part. */
  readonly id?: string
  /** At this limit the context's signal is aborted. */
  readonly softTimeLimitMs?: TimeLimit
  /**
   * At this limit the task fails. A processor in a file is killed; a function cannot be, so the worker then finishes
   * its other tasks and exits with 70, to be started again.
   */
  readonly timeLimitMs?: TimeLimit
  /**
   * After so many tasks a thread or process of a processor's file is replaced by a new one; with a function the
   * worker itself leaves with 75, to be started again.
   */
  readonly maxTasksPerWorker?: number
  /**
   * The address of the health endpoint. Default: port NOMAD_PORT_health or DROVER_HEALTH_PORT on all addresses; none
   * when neither is set, or with false.
   */
  readonly health?: { readonly port: number; readonly host?: string } | false
  /** Milliseconds between two heartbeats. Default: 2000. */
  readonly heartbeatMs?: number
  /** First part of the keys of heartbeats and commands. Default: drover. */
  readonly registryPrefix?: string
  /** Signals on which the worker leaves. Default: SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[]
  /** Ends the process when the worker has left. Default: process.exit. */
  readonly exit?: (code: number) => void
  /** Default: JSON lines on stderr. */
  readonly log?: Log
  /** More options for BullMQ's own Worker of each queue: lockDuration, limiter, metrics, removeOnComplete … */
  readonly bullmq?: Omit<Partial<BullmqOptions>, 'connection' | 'concurrency' | 'autorun' | 'name' | 'prefix'>
}

/** A time limit was reached. `limit` says which one. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
  readonly limit: 'soft' | 'hard'
  readonly limitMs: number

  constructor(limit: 'soft' | 'hard', limitMs: number) {
    super(`the task reached its ${limit} time limit of ${limitMs / 1000} s`)
    this.limit = limit
    this.limitMs = limitMs
  }
}

/** Exit codes of a worker: it was asked to leave, something in it broke, or it is to be started anew. */
export const EXIT = { left: 0, broken: 70, renew: 75 } as const
