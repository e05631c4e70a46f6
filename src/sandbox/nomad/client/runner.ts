import type { Allocation, Task } from '../state/types.ts'

/** Runs tasks: for real, or as if. */
export interface Runner {
  start(start: TaskStart): TaskHandle
  /** Ends everything that still runs. */
  close?(): Promise<void>
}

export interface TaskStart {
  readonly allocation: Allocation
  readonly task: Task
  /** NOMAD_* and the task's own. */
  readonly env: Readonly<Record<string, string>>
  /** To be called when it runs; never before `start` has returned. */
  readonly started: () => void
  /** To be called once when it has ended, or could not start; never before `start` has returned. */
  readonly exited: (exit: TaskExit) => void
}

export interface TaskExit {
  readonly code: number
  /** Number of the signal that ended it; 0 for none. */
  readonly signal: number
  /** Why it could not start. */
  readonly failure?: string
}

export interface TaskHandle {
  /** A name of a signal, `SIGTERM`. */
  signal(name: string): void
  /** SIGKILL. */
  kill(): void
}
