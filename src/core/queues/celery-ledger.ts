import type { RunningTask, TaskDuration, WorkerState } from '../scaling/sample.ts'
import { allocationOf } from './allocation.ts'
import type { CeleryEvent } from './celery-event.ts'
import { MAX_TASKS_TOLD, runningTasks } from './running-tasks.ts'
import { createMinuteWindow, type MinuteWindow } from './window.ts'

/** What the events of Celery workers add up to. Bounded: the oldest tasks are forgotten first. */
export interface CeleryLedger {
  /** Returns the queue that the event is of, when that is known. `at` is when it came. */
  apply(event: CeleryEvent, at: number): string | undefined
  /** Events were missed: what runs is known again only from what is told from now on. */
  startOver(at: number): void
  /** Of a task in the broker: which queue it is in. */
  locate(id: string, queue: string): void
  task(id: string): LedgerTask | undefined
  /** Tasks that run, of one queue; absent when some run of which the queue is not known. */
  runningOf(queue: string, at: number): readonly string[] | undefined
  workers(at: number): WorkerState[]
  /** Whether the tasks that run are all known by name: the workers' own counts are explained by their events. */
  knowsWhatRuns(at: number): boolean
  /** Whether a worker has been heard of lately. */
  isAlive(worker: string, at: number): boolean
  finishedPerMin(queue: string, at: number): number | undefined
  durations(): ReadonlyMap<string, TaskDuration>
}

export interface LedgerTask {
  readonly queue?: string
  readonly name?: string
  readonly sentAt?: number
  /** The worker that took it from the broker. */
  readonly heldBy?: string
  readonly isRunning?: boolean
}

interface Heard {
  seenAt: number
  /** The heartbeat's own count. */
  active?: number
  activeAt: number
  staleAfterMs: number
  /** Task to when it started. */
  readonly running: Map<string, number>
}

/** Heartbeats come every two seconds: after so long every worker has been heard of. */
export const LISTEN_MS = 5000
const MAX_TASKS = 50_000
/** A worker that is silent for so long is gone; it should have said so. */
const FORGET_MS = 60_000
const MIN_STALE_MS = 6000
const ENDS = new Set(['task-succeeded', 'task-failed', 'task-retried', 'task-revoked', 'task-rejected'])
const FINISHES = new Set(['task-succeeded', 'task-failed'])

export function createCeleryLedger(startedAt: number): CeleryLedger {
  const tasks = new Map<string, LedgerTask>()
  const workers = new Map<string, Heard>()
  const finished = new Map<string, MinuteWindow>()
  const durations = new Map<string, TaskDuration>()
  let watchedSince = startedAt
  let hasUnplaced = false

  const learn = (id: string, more: LedgerTask): LedgerTask => {
    const task = { ...tasks.get(id), ...more }
    tasks.delete(id)
    tasks.set(id, task)
    const oldest = tasks.size > MAX_TASKS ? tasks.keys().next().value : undefined
    if (oldest !== undefined) tasks.delete(oldest)
    return task
  }
  const hear = (worker: string, at: number): Heard => {
    const heard = workers.get(worker) ?? {
      seenAt: at,
      activeAt: 0,
      staleAfterMs: MIN_STALE_MS,
      running: new Map(),
    }
    heard.seenAt = at
    workers.set(worker, heard)
    return heard
  }

  function applyWorker(event: CeleryEvent, at: number): void {
    if (event.type === 'worker-offline') return void workers.delete(event.hostname)
    const heard = hear(event.hostname, at)
    if (event.freq !== undefined) heard.staleAfterMs = Math.max(MIN_STALE_MS, event.freq * 3000)
    if (event.active === undefined) return
    heard.active = event.active
    heard.activeAt = at
    // An end that was missed would keep the worker busy for ever. What started just now may not be in the count yet.
    if (heard.running.size > event.active)
      for (const [id, started] of heard.running) if (started < at - 1000) heard.running.delete(id)
  }

  function applyTask(event: CeleryEvent & { uuid: string }, at: number): string | undefined {
    const { uuid, type } = event
    const name = event.name ? { name: event.name } : {}
    if (type === 'task-sent') {
      const queue = event.queue ?? event.routing_key
      const sentAt = event.timestamp === undefined ? at : Math.min(at, event.timestamp * 1000)
      return learn(uuid, { ...name, ...(queue ? { queue } : {}), sentAt }).queue
    }
    const heard = hear(event.hostname, at)
    if (type === 'task-received') return learn(uuid, { ...name, heldBy: event.hostname }).queue
    if (type === 'task-started') {
      heard.running.set(uuid, at)
      return learn(uuid, { heldBy: event.hostname, isRunning: true }).queue
    }
    if (!ENDS.has(type)) return tasks.get(uuid)?.queue
    heard.running.delete(uuid)
    if (heard.active !== undefined && heard.active > 0 && tasks.get(uuid)?.isRunning) heard.active--
    const known = tasks.get(uuid)
    if (FINISHES.has(type)) finish(known, event.runtime, at)
    const { heldBy: _, isRunning: __, ...rest } = known ?? {}
    if (type === 'task-retried') tasks.set(uuid, rest)
    else tasks.delete(uuid)
    return known?.queue
  }

  function finish(task: LedgerTask | undefined, runtime: number | null | undefined, at: number): void {
    if (task?.queue === undefined) hasUnplaced = true
    else {
      const window = finished.get(task.queue) ?? createMinuteWindow(watchedSince)
      finished.set(task.queue, window)
      window.add(at, 1)
    }
    if (task?.name === undefined || runtime === null || runtime === undefined) return
    const { count, meanMs, maxMs } = durations.get(task.name) ?? { count: 0, meanMs: 0, maxMs: 0 }
    const ms = runtime * 1000
    durations.set(task.name, {
      count: count + 1,
      meanMs: meanMs + (ms - meanMs) / (count + 1),
      maxMs: Math.max(maxMs, ms),
    })
  }

  return {
    apply(event, at) {
      if (event.type.startsWith('worker-')) applyWorker(event, at)
      else if (event.uuid !== undefined) return applyTask({ ...event, uuid: event.uuid }, at)
      return undefined
    },
    startOver(at) {
      watchedSince = at
      hasUnplaced = false
      finished.clear()
      workers.clear()
      for (const [id, { heldBy: _, isRunning: __, ...rest }] of tasks) tasks.set(id, rest)
    },
    locate(id, queue) {
      const known = tasks.get(id)
      if (known?.queue === undefined) learn(id, { queue })
    },
    task: (id) => tasks.get(id),
    runningOf(queue, at) {
      const ids: string[] = []
      for (const heard of workers.values())
        for (const id of isSilent(heard, at) ? [] : heard.running.keys()) {
          const of = tasks.get(id)?.queue
          if (of === undefined) return undefined
          if (of === queue) ids.push(id)
        }
      return ids
    },
    workers(at) {
      const states: WorkerState[] = []
      for (const [worker, heard] of workers) {
        if (at - heard.seenAt > FORGET_MS) workers.delete(worker)
        else
          states.push({
            worker,
            ...allocationOf(worker),
            ...busyOf(heard, at),
            ...namedOf(heard, tasks, at),
            seenAt: heard.seenAt,
          })
      }
      return states
    },
    knowsWhatRuns(at) {
      if (at - watchedSince < LISTEN_MS) return false
      return [...workers.values()].every(
        (heard) => isSilent(heard, at) || (heard.active !== undefined && heard.active <= heard.running.size),
      )
    },
    isAlive(worker, at) {
      const heard = workers.get(worker)
      return heard !== undefined && !isSilent(heard, at)
    },
    finishedPerMin(queue, at) {
      if (hasUnplaced) return undefined
      const window = finished.get(queue)
      return window === undefined ? undefined : window.count(at)
    },
    durations: () => durations,
  }
}

/** Both know a part: the heartbeat comes every few seconds, the events only where they are switched on. */
function busyOf(heard: Heard, at: number): { busy?: number } {
  if (heard.active === undefined || isSilent(heard, at)) return {}
  return { busy: Math.max(heard.active, heard.running.size) }
}

/** Absent unless events have named one of them. */
function namedOf(
  heard: Heard,
  tasks: ReadonlyMap<string, LedgerTask>,
  at: number,
): { tasks?: readonly RunningTask[] } {
  if (isSilent(heard, at)) return {}
  const named: RunningTask[] = []
  for (const [id, since] of heard.running) {
    if (named.length === MAX_TASKS_TOLD) break
    const { name, queue } = tasks.get(id) ?? {}
    if (name !== undefined) named.push({ ...(queue === undefined ? {} : { queue }), name, id, since })
  }
  return named.length === 0 ? {} : { tasks: runningTasks(named) }
}

function isSilent({ seenAt, staleAfterMs }: Heard, at: number): boolean {
  return at - seenAt > staleAfterMs
}
