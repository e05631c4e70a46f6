import { type Job, Worker, type WorkerOptions } from 'bullmq'

export interface IntakeEvents {
  completed(): void
  failed(error: Error): void
  error(error: Error): void
}

/** One queue as the dispatcher sees it. */
export interface Intake {
  readonly queue: string
  /** The sorted set that BullMQ puts a member into when there is work. */
  readonly markerKey: string
  /** Takes a task if there is one; never waits for one. */
  fetch(): Promise<Job | undefined>
  /** Until when the queue's rate limit forbids to take, milliseconds since 1970; 0 if it does not. */
  limitedUntil(): number
  /** When the next delayed task is due, as told by the last fetch; 0 if there is none. */
  nextDue(): number
  /** Runs a task that was taken and says in Redis how it ended. Never rejects. */
  run(job: Job): Promise<void>
  /** Starts to look for stalled tasks, and to renew locks. */
  start(): Promise<void>
  close(): Promise<void>
}

/**
 * BullMQ's own Worker without its loop. All that makes a task safe stays BullMQ's: locks and their renewal, the
 * search for stalled tasks, retries, rate limits, events, telemetry; only when to take a task is decided elsewhere,
 * since that loop knows nothing of other queues. Needs a class, as these parts are protected.
 */
export function createIntake(
  queue: string,
  process: (job: Job, token: string) => Promise<unknown>,
  options: WorkerOptions,
  events: IntakeEvents,
): Intake {
  const worker = new ManualWorker(queue, (job, token = '') => process(job, token), {
    ...options,
    autorun: false,
  })
  worker.on('error', events.error)
  worker.on('completed', events.completed)
  worker.on('failed', (_job, error) => events.failed(error))
  let count = 0
  return {
    queue,
    markerKey: worker.toKey('marker'),
    fetch: () => worker.getNextJob(`${worker.id}:${count++}`, { block: false }),
    limitedUntil: () => worker.delays().limitUntil,
    nextDue: () => worker.delays().blockUntil,
    async run(job) {
      try {
        await worker.runOne(job)
      } catch (error) {
        events.error(error instanceof Error ? error : new Error(String(error)))
      }
    },
    start: () => worker.startKeeping(),
    close: () => worker.close(),
  }
}

class ManualWorker extends Worker {
  /** Without taking the next task of the queue in the same step, which would pass by the other queues. */
  async runOne(job: Job): Promise<void> {
    await this.processJob(job, job.token ?? '', () => false)
  }

  async startKeeping(): Promise<void> {
    await this.waitUntilReady()
    this.lockManager.start()
    await this.startStalledCheckTimer()
  }

  /** Private in its types, though nothing else tells of them. */
  delays(): { limitUntil: number; blockUntil: number } {
    const { limitUntil, blockUntil } = this as unknown as { limitUntil?: number; blockUntil?: number }
    return { limitUntil: limitUntil ?? 0, blockUntil: blockUntil ?? 0 }
  }
}
