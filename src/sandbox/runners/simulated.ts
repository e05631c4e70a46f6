import type { SandboxClock } from '../clock.ts'
import { realClock } from '../clock.ts'
import type { Runner, TaskHandle, TaskStart } from '../nomad/client/runner.ts'

export interface SimulatedOptions {
  readonly clock?: SandboxClock
  /** From placed to running, milliseconds; 0 unless given. */
  readonly startUpMs?: number | ((start: TaskStart) => number)
  /** What a task does on a signal; the default is that of a worker: it ends on SIGTERM and SIGINT once it is idle. */
  readonly onSignal?: (task: SimulatedTask, signal: string) => void
}

/** A task that runs as if. */
export interface SimulatedTask {
  readonly allocation: string
  /** `job.group[index]`. */
  readonly name: string
  readonly task: string
  readonly env: Readonly<Record<string, string>>
  /** Signals so far, oldest first. */
  readonly signals: readonly string[]
  readonly isRunning: boolean
  readonly isBusy: boolean
  /** A busy worker that was asked to end does so when it falls idle. */
  setBusy(isBusy: boolean): void
  /** Ends now, with this exit code. */
  exit(code: number): void
}

export interface SimulatedRunner extends Runner {
  /** Those that have not ended, by when they were started. */
  tasks(): readonly SimulatedTask[]
  /** By the allocation's id or name; undefined when it has ended. */
  find(allocation: string): SimulatedTask | undefined
  /** What ends a task that is busy: told once each. */
  readonly killedBusy: readonly string[]
}

const SIGKILL = 9

/** Runs nothing: tasks start after a while, and end when they are asked to and are idle. */
export function simulatedRunner(options: SimulatedOptions = {}): SimulatedRunner {
  const clock = options.clock ?? realClock()
  const tasks = new Map<string, SimulatedTask>()
  const killedBusy: string[] = []
  return {
    tasks: () => [...tasks.values()],
    find: (allocation) =>
      [...tasks.values()].find((one) => one.allocation === allocation || one.name === allocation),
    killedBusy,
    start(start) {
      const key = `${start.allocation.ID} ${start.task.Name}`
      const { task, handle } = simulate(start, options, clock, {
        ended: () => tasks.delete(key),
        killed: () => killedBusy.push(start.allocation.Name),
      })
      tasks.set(key, task)
      return handle
    },
  }
}

function simulate(
  start: TaskStart,
  options: SimulatedOptions,
  clock: SandboxClock,
  told: { ended(): void; killed(): void },
): { task: SimulatedTask; handle: TaskHandle } {
  const signals: string[] = []
  let isRunning = false
  let isOver = false
  let isBusy = false
  let isAsked = false
  const end = (code: number, signal = 0): void => {
    if (isOver) return
    isOver = true
    isRunning = false
    cancel()
    told.ended()
    // Never within the call that asked for it: what runs for real does not end there either.
    clock.after(0, () => start.exited({ code, signal }))
  }
  const startUp = options.startUpMs ?? 0
  const cancel = clock.after(typeof startUp === 'number' ? startUp : startUp(start), () => {
    isRunning = true
    start.started()
    if (isAsked && !isBusy) end(0)
  })
  const task: SimulatedTask = {
    allocation: start.allocation.ID,
    name: start.allocation.Name,
    task: start.task.Name,
    env: start.env,
    signals,
    get isRunning() {
      return isRunning
    },
    get isBusy() {
      return isBusy
    },
    setBusy(value) {
      isBusy = value
      if (!isBusy && isAsked) end(0)
    },
    exit: (code) => end(code),
  }
  const handle: TaskHandle = {
    signal(name) {
      signals.push(name)
      if (options.onSignal) options.onSignal(task, name)
      else if (name === 'SIGTERM' || name === 'SIGINT') {
        isAsked = true
        if (!isBusy) end(0)
      }
    },
    kill() {
      if (isBusy) told.killed()
      end(128 + SIGKILL, SIGKILL)
    },
  }
  return { task, handle }
}
