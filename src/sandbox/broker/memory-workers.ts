import type { WorkerState } from '../../core/scaling/sample.ts'
import type { SandboxClock } from '../clock.ts'
import type { Runner, TaskHandle, TaskStart } from '../nomad/client/runner.ts'
import { type WorkerGroup, workerGroupOf } from '../runners/worker-group.ts'
import type { MemoryQueues, WaitingTask } from './memory-queues.ts'

export interface MemoryWorker {
  state(): WorkerState
  /** Takes as much as it has room for. */
  take(): void
}

export interface MemoryWorkersOptions {
  readonly clock: SandboxClock
  readonly queues: MemoryQueues
  /** Those that take tasks, by allocation: written here, read by others. */
  readonly workers: Map<string, MemoryWorker>
  readonly startUpMs: number
  readonly onWorker: (worker: string, queues: readonly string[]) => void
}

/** Runs workers that take from the queues; on SIGTERM or SIGINT they finish what they have and leave with 0. */
export function memoryWorkers(options: MemoryWorkersOptions): Runner & { wake(): void } {
  return {
    wake() {
      for (const worker of options.workers.values()) worker.take()
    },
    start(start) {
      const group = workerGroupOf(start)
      if (group === undefined) throw new Error(`${start.allocation.Name} takes from no queue`)
      return startWorker(start, group, options)
    },
  }
}

const SIGKILL = 9

function startWorker(start: TaskStart, group: WorkerGroup, options: MemoryWorkersOptions): TaskHandle {
  const { clock, queues, workers, startUpMs, onWorker } = options
  const { ID } = start.allocation
  const running = new Map<WaitingTask, () => void>()
  let isLeaving = false
  let isOver = false
  let idleSince = 0

  function end(code: number, signal = 0): void {
    if (isOver) return
    isOver = true
    cancelStart()
    workers.delete(ID)
    onWorker(ID, group.queues)
    // Never within the call that asked for it: what runs for real does not end there either.
    clock.after(0, () => start.exited({ code, signal }))
  }

  const worker: MemoryWorker = {
    state: () => ({
      worker: ID,
      allocation: ID,
      group: start.allocation.TaskGroup,
      busy: running.size,
      concurrency: group.concurrency,
      intake: isLeaving ? 'draining' : 'taking',
      ...(running.size === 0 ? { idleSince } : {}),
      queues: group.queues,
      seenAt: clock.now(),
    }),
    take() {
      while (!isLeaving && running.size < group.concurrency) {
        const task = queues.take(group.queues)
        if (task === undefined) return
        running.set(
          task,
          clock.after(task.ms, () => finish(task)),
        )
        onWorker(ID, [task.queue])
      }
    },
  }

  function finish(task: WaitingTask): void {
    running.delete(task)
    queues.finish(task)
    if (running.size === 0) idleSince = clock.now()
    worker.take()
    onWorker(ID, [task.queue])
    if (isLeaving && running.size === 0) end(0)
  }

  const cancelStart = clock.after(startUpMs, () => {
    start.started()
    idleSince = clock.now()
    workers.set(ID, worker)
    worker.take()
    onWorker(ID, group.queues)
    if (isLeaving && running.size === 0) end(0)
  })

  return {
    signal(name) {
      if (name !== 'SIGTERM' && name !== 'SIGINT') return
      isLeaving = true
      if (running.size === 0) end(0)
      else onWorker(ID, group.queues)
    },
    kill() {
      for (const [task, cancel] of running) {
        cancel()
        queues.lose(task)
      }
      running.clear()
      end(128 + SIGKILL, SIGKILL)
    },
  }
}
