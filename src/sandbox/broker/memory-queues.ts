import type { QueueSample } from '../../core/scaling/sample.ts'
import type { SandboxClock } from '../clock.ts'
import type { PretendTask } from './pretend-task.ts'

export interface WaitingTask extends PretendTask {
  readonly queue: string
  /** Milliseconds since 1970. */
  readonly since: number
}

export interface MemoryQueues {
  add(queue: string, tasks: readonly PretendTask[]): void
  /** The oldest of these queues; it runs from then on. */
  take(queues: readonly string[]): WaitingTask | undefined
  finish(task: WaitingTask): void
  /** Puts back one whose worker is gone. */
  lose(task: WaitingTask): void
  sample(queue: string): QueueSample
  readonly done: readonly string[]
  readonly lost: readonly string[]
}

const MINUTE_MS = 60_000

export function createMemoryQueues(clock: SandboxClock): MemoryQueues {
  const waiting = new Map<string, WaitingTask[]>()
  const active = new Map<string, number>()
  const finished = new Map<string, number[]>()
  const done: string[] = []
  const lost: string[] = []
  const listOf = (queue: string): WaitingTask[] => {
    const list = waiting.get(queue) ?? []
    waiting.set(queue, list)
    return list
  }
  const count = (queue: string, by: number): void => void active.set(queue, (active.get(queue) ?? 0) + by)
  const lately = (queue: string): number[] =>
    (finished.get(queue) ?? []).filter((at) => at > clock.now() - MINUTE_MS)

  return {
    done,
    lost,
    add(queue, tasks) {
      listOf(queue).push(...tasks.map((task) => ({ ...task, queue, since: clock.now() })))
    },
    take(queues) {
      const heads = queues.flatMap((queue) => waiting.get(queue)?.[0] ?? [])
      const oldest = heads.reduce<WaitingTask | undefined>(
        (first, one) => (first === undefined || one.since < first.since ? one : first),
        undefined,
      )
      if (oldest === undefined) return undefined
      listOf(oldest.queue).shift()
      count(oldest.queue, 1)
      return oldest
    },
    finish({ queue, id }) {
      count(queue, -1)
      finished.set(queue, [...lately(queue), clock.now()])
      done.push(id)
    },
    lose(task) {
      count(task.queue, -1)
      lost.push(task.id)
      listOf(task.queue).unshift(task)
    },
    sample(queue) {
      const list = waiting.get(queue) ?? []
      const [oldest] = list
      const at = clock.now()
      return {
        queue,
        at,
        waiting: list.length,
        delayed: 0,
        active: active.get(queue) ?? 0,
        ...(oldest === undefined ? {} : { oldestAgeMs: at - oldest.since }),
        throughputPerMin: lately(queue).length,
      }
    },
  }
}
