import type { PretendTask } from '../../sandbox/index.ts'

/** Puts tasks into the queues, and hears what becomes of them. */
export interface Feeder {
  add(queue: string, tasks: readonly PretendTask[]): Promise<void>
  tally(): Tally
  close(): Promise<void>
}

export interface Tally {
  readonly added: number
  /** Different tasks that are done. */
  readonly done: number
  readonly failed: number
  /** Taken up a second time, or lost with their worker. */
  readonly twice: number
}
