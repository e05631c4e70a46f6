import { AsyncLocalStorage } from 'node:async_hooks'
import type { Job } from 'bullmq'
import type { ChildPool } from './child-pool.ts'
import { type Processor, type TimeLimit, TimeLimitError } from './options.ts'

export interface TaskRunner {
  /** Runs one task within its limits. Rejects with what is to be said of a task that failed. */
  run(job: Job, token: string): Promise<unknown>
  /** Fails the task in whose course an error came up outside of its promise; false if it cannot be told which. */
  failCurrent(error: unknown): boolean
}

export interface TaskRunnerOptions {
  readonly process: Processor | ChildPool
  readonly softTimeLimitMs?: TimeLimit | undefined
  readonly timeLimitMs?: TimeLimit | undefined
  /** A function ran over its hard limit, and goes on running. */
  onOverrun(job: Job): void
}

interface Course {
  fail(error: unknown): void
}

export function createTaskRunner({
  process,
  softTimeLimitMs,
  timeLimitMs,
  onOverrun,
}: TaskRunnerOptions): TaskRunner {
  const courses = new AsyncLocalStorage<Course>()

  function inThisThread(
    run: Processor,
    job: Job,
    token: string,
    soft: AbortSignal,
    hard: AbortSignal,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      hard.addEventListener('abort', () => {
        onOverrun(job)
        reject(hard.reason)
      })
      courses.run({ fail: reject }, () => {
        Promise.resolve()
          .then(() => run(job, { queue: job.queueName, token, signal: soft }))
          .then(resolve, reject)
      })
    })
  }

  return {
    async run(job, token) {
      const soft = startLimit('soft', softTimeLimitMs, job)
      const hard = startLimit('hard', timeLimitMs, job)
      try {
        return typeof process === 'function'
          ? await inThisThread(process, job, token, soft.signal, hard.signal)
          : await process.run(job, soft.signal, hard.signal)
      } finally {
        soft.clear()
        hard.clear()
      }
    },
    failCurrent(error) {
      const course = courses.getStore()
      course?.fail(error)
      return course !== undefined
    },
  }
}

/** The longest that Node's timers can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1

function startLimit(kind: 'soft' | 'hard', limit: TimeLimit | undefined, job: Job) {
  const controller = new AbortController()
  const ms = typeof limit === 'function' ? limit(job) : limit
  const timer =
    ms === undefined
      ? undefined
      : setTimeout(() => controller.abort(new TimeLimitError(kind, ms)), Math.min(ms, MAX_TIMER_MS))
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}
