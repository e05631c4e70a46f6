import type { QueueSource } from '../../ports.ts'
import type { SandboxClock } from '../clock.ts'
import type { Runner } from '../nomad/client/runner.ts'
import { createMemoryQueues } from './memory-queues.ts'
import { memorySource } from './memory-source.ts'
import { type MemoryWorker, memoryWorkers } from './memory-workers.ts'
import type { PretendTask } from './pretend-task.ts'

/** Queues and their workers in this process, in the place of a broker. */
export interface MemoryBroker {
  add(queue: string, tasks: readonly PretendTask[]): void
  /** Runs the workers: the tasks of groups that take from queues. */
  readonly runner: Runner
  /** What a scaler reads. */
  readonly source: QueueSource
  /** Ids of the tasks that ended, in that order: each once, unless one ran twice. */
  readonly done: readonly string[]
  /** Ids of the tasks whose worker was killed meanwhile; they wait again. */
  readonly lost: readonly string[]
}

export interface MemoryBrokerOptions {
  readonly clock: SandboxClock
  /** From placed to taking tasks, milliseconds. */
  readonly startUpMs: number
}

/** A broker that lives as long as this process. */
export function createMemoryBroker({ clock, startUpMs }: MemoryBrokerOptions): MemoryBroker {
  const queues = createMemoryQueues(clock)
  const workers = new Map<string, MemoryWorker>()
  const source = memorySource(clock, queues, () => [...workers.values()].map((one) => one.state()))
  const runner = memoryWorkers({ clock, queues, workers, startUpMs, onWorker: source.workerChanged })
  return {
    add(queue, tasks) {
      queues.add(queue, tasks)
      source.queuesChanged([queue])
      runner.wake()
    },
    runner,
    source: source.source,
    done: queues.done,
    lost: queues.lost,
  }
}
