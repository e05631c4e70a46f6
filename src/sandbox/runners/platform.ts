import type { SandboxClock } from '../clock.ts'
import type { Runner, TaskStart } from '../nomad/client/runner.ts'
import { simulatedRunner } from './simulated.ts'
import { workerGroupOf } from './worker-group.ts'

export interface PlatformOptions {
  readonly clock: SandboxClock
  /** Runs what takes from queues; without one those are simulated, and idle. */
  readonly workers?: Runner
  /** Runs raw_exec and exec; without one they are simulated. */
  readonly programs?: Runner
  /** From placed to running, milliseconds. */
  readonly startUpMs: (start: TaskStart) => number
  /** How long what runs to its end takes, milliseconds. */
  readonly runMs: number
}

/** Runs a whole platform: its workers and programs for real where there is somebody to do it, all else as if. */
export function platformRunner(options: PlatformOptions): Runner {
  const { clock, workers, programs, startUpMs, runMs } = options
  const simulated = simulatedRunner({ clock, startUpMs })

  /** One that is to end does so after a while, well. */
  function toItsEnd(start: TaskStart) {
    const started = (): void => {
      start.started()
      clock.after(runMs, () =>
        simulated
          .tasks()
          .find(({ allocation, task }) => allocation === start.allocation.ID && task === start.task.Name)
          ?.exit(0),
      )
    }
    return simulated.start({ ...start, started })
  }

  return {
    start(start) {
      if (workers && workerGroupOf(start)) return workers.start(start)
      if (programs && isProgram(start)) return programs.start(start)
      return endsByItself(start) ? toItsEnd(start) : simulated.start(start)
    },
    async close() {
      await Promise.all([workers?.close?.(), programs?.close?.()])
    },
  }
}

function isProgram({ task }: TaskStart): boolean {
  return task.Driver === 'raw_exec' || task.Driver === 'exec'
}

/** A task that prepares, or the one of a batch job; a worker ends when it is asked to. */
function endsByItself(start: TaskStart): boolean {
  const { Lifecycle } = start.task
  if (Lifecycle !== null && Lifecycle.Hook !== '') return !Lifecycle.Sidecar
  return start.allocation.Job.Type === 'batch' && workerGroupOf(start) === undefined
}
