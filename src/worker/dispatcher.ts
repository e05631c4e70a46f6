import type { Job } from 'bullmq'
import type { Intake } from './queue-intake.ts'
import type { Waker } from './waker.ts'

/** Without a word from Redis every queue is looked at this often. BullMQ's own workers do the same. */
const POLL_MS = 5000
/** After an error of Redis. */
const RETRY_MS = 500

export interface Running {
  readonly intake: Intake
  readonly job: Job
  readonly since: number
}

export interface Dispatcher {
  readonly running: ReadonlySet<Running>
  /** Takes no more until `resume`. What Redis is about to hand over still arrives, and is run. */
  pause(): void
  resume(): void
  /** Pauses for ever and resolves when nothing runs. */
  drain(): Promise<void>
}

/**
 * One budget for many queues: as long as a slot is free and any queue has work, a task is taken, from the queue whose
 * turn it is. A queue that was found empty is looked at again when Redis says so (see Waker), when a delayed task of
 * it is due, when its rate limit ends, when a task of it is done, after a time in which all slots were taken, and
 * every few seconds. A slot is only ever filled by a task that can start at once: nothing is reserved.
 */
export function createDispatcher(
  intakes: readonly Intake[],
  concurrency: number,
  waker: Waker,
  on: { started(): void; ended(): void; error(error: unknown): void },
): Dispatcher {
  const running = new Set<Running>()
  /** Queues that may have work. */
  const ready = new Set(intakes)
  const timers = new Map<Intake, NodeJS.Timeout>()
  let turn = 0
  let isPaused = true
  let isLeaving = false
  let isLooping = false
  let isWaiting = false
  let polling: NodeJS.Timeout | undefined
  let whenIdle: (() => void) | undefined

  const canTake = (): boolean => !isPaused && running.size < concurrency

  function nextIntake(): Intake | undefined {
    for (let step = 0; step < intakes.length; step++) {
      const at = (turn + step) % intakes.length
      const intake = intakes[at]
      if (intake && ready.has(intake)) {
        turn = at + 1
        return intake
      }
    }
    return undefined
  }

  async function loop(): Promise<void> {
    if (isLooping) return
    isLooping = true
    try {
      for (let intake = nextIfFree(); intake; intake = nextIfFree()) await take(intake)
    } finally {
      isLooping = false
    }
    if (canTake()) void wait()
    else if (isLeaving && running.size === 0) whenIdle?.()
  }

  const nextIfFree = (): Intake | undefined => (canTake() ? nextIntake() : undefined)

  async function take(intake: Intake): Promise<void> {
    try {
      const job = await intake.fetch()
      if (job) return start(intake, job)
      ready.delete(intake)
      const until = Math.max(intake.limitedUntil(), intake.nextDue())
      if (until > 0) lookAgainAt(intake, until)
    } catch (error) {
      ready.delete(intake)
      lookAgainAt(intake, Date.now() + RETRY_MS)
      on.error(error)
    }
  }

  function start(intake: Intake, job: Job): void {
    const one: Running = { intake, job, since: Date.now() }
    running.add(one)
    on.started()
    void intake.run(job).then(() => {
      const wasFull = running.size >= concurrency
      running.delete(one)
      // While all slots were taken nobody listened. A queue with a global limit may go on when one of it is done.
      for (const each of wasFull ? intakes : [intake]) ready.add(each)
      on.ended()
      void loop()
    })
  }

  function lookAgainAt(intake: Intake, at: number): void {
    clearTimeout(timers.get(intake))
    const later = Math.min(Math.max(at - Date.now(), 1), POLL_MS)
    timers.set(
      intake,
      setTimeout(() => {
        ready.add(intake)
        void loop()
      }, later),
    )
  }

  /** Listens for work of any queue, one at a time. */
  async function wait(): Promise<void> {
    if (isWaiting || isLooping) return
    isWaiting = true
    try {
      const mark = await waker.next()
      const intake = mark && intakes.find(({ markerKey }) => markerKey === mark.key)
      if (mark && intake) {
        if (!canTake()) await waker.putBack(mark)
        if (mark.at > Date.now()) lookAgainAt(intake, mark.at)
        else ready.add(intake)
      }
    } catch (error) {
      on.error(error)
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    } finally {
      isWaiting = false
    }
    void loop()
  }

  function stop(): void {
    isPaused = true
    clearInterval(polling)
    polling = undefined
    waker.interrupt()
  }

  return {
    running,
    pause: stop,
    resume() {
      if (isLeaving || !isPaused) return
      isPaused = false
      const all = (): void => {
        for (const intake of intakes) ready.add(intake)
        void loop()
      }
      polling = setInterval(all, POLL_MS)
      all()
    },
    async drain() {
      isLeaving = true
      stop()
      for (const timer of timers.values()) clearTimeout(timer)
      // A fetch may be under way: its task is ours to run. The loop that waits for it ends with a look at this.
      if (isLooping || running.size > 0)
        await new Promise<void>((resolve) => {
          whenIdle = resolve
        })
    },
  }
}
