import { allocationOf } from '../../src/core/queues/allocation.ts'
import type { SourceCause, SourceReading } from '../../src/core/scaling/sample.ts'
import type { QueueSource, SourceEvent, SourceState, Subscription } from '../../src/ports.ts'
import type { GroupRun } from '../groups/group-run.ts'
import type { Timers } from '../timers.ts'

/** Reads the queues of one source: all of them at every tick, and at once those that something is heard of. */
export interface SourceFeed {
  readonly name: string
  /** The groups whose queues it reads; replaces those before. */
  setGroups(runs: readonly GroupRun[]): void
  /** Reads the queues of these groups, or of all. While a sweep is under way, one more follows it. */
  sweep(runs: readonly GroupRun[] | 'all'): void
  /** Resolves when all that was asked for has been read. */
  settled(): Promise<void>
  state(): SourceState
  /** When everything was last read, as of Timers.elapsed(). */
  readElapsed(): number
  firstRead(): FirstRead
  close(): void
}

/** Whether anything could be read yet; a cause: not yet, and it was tried. */
export type FirstRead = 'done' | 'waiting' | SourceCause

export interface SourceFeedOptions {
  readonly name: string
  readonly source: QueueSource
  readonly timers: Timers
  onReading(reading: SourceReading, runs: readonly GroupRun[]): void
  /** Told when a connection comes or goes. */
  onState(state: SourceState, cause: SourceCause | undefined): void
  /** The group of an allocation, if it is known. */
  groupOf(allocation: string): GroupRun | undefined
  onFault(error: unknown): void
}

/** After a sweep the next one waits this many times as long as it took, so that a storm of pushes costs a share only. */
const REST = 3
const MOST_REST_MS = 40

export function createSourceFeed(options: SourceFeedOptions): SourceFeed {
  const { name, source, timers } = options
  let all: readonly GroupRun[] = []
  let queues: readonly string[] = []
  let byQueue = new Map<string, GroupRun[]>()
  let byGroup = new Map<string, GroupRun>()
  let wanted: Set<GroupRun> | 'all' = new Set()
  let isUnderWay = false
  let isPlanned = false
  let restUntil = 0
  let readElapsed = Number.NEGATIVE_INFINITY
  let subscription: Subscription | undefined
  let isClosed = false
  let waiting: (() => void)[] = []
  let told = ''
  let firstRead: FirstRead = 'waiting'

  const isWanted = () => wanted === 'all' || wanted.size > 0

  function want(runs: readonly GroupRun[] | 'all'): void {
    if (isClosed) return
    if (runs === 'all') wanted = 'all'
    else if (wanted !== 'all') for (const run of runs) wanted.add(run)
    plan()
  }

  function plan(): void {
    if (isUnderWay || isPlanned || isClosed || !isWanted()) return
    isPlanned = true
    const rest = restUntil - timers.elapsed()
    if (rest > 0) timers.after(rest, begin)
    else timers.soon(begin)
  }

  function begin(): void {
    isPlanned = false
    if (isClosed || isUnderWay) return
    isUnderWay = true
    void sweep().finally(() => {
      isUnderWay = false
      if (isWanted()) return plan()
      const done = waiting
      waiting = []
      for (const resolve of done) resolve()
    })
  }

  async function sweep(): Promise<void> {
    const isAll = wanted === 'all'
    const runs = wanted === 'all' ? all : [...wanted].filter((run) => byGroup.get(run.key) === run)
    wanted = new Set()
    const began = timers.elapsed()
    if (isAll && runs.length === 0) readElapsed = began
    if (runs.length === 0) return
    try {
      const reading = await source.sweep(isAll ? queues : queuesOf(runs))
      if (isClosed) return
      if (isAll) readElapsed = began
      if (firstRead !== 'done') firstRead = firstReadOf(reading)
      options.onReading(reading, runs)
    } catch (error) {
      options.onFault(error)
    }
    const ended = timers.elapsed()
    restUntil = ended + Math.min(MOST_REST_MS, REST * (ended - began))
  }

  function hear(event: SourceEvent): void {
    if (event.kind === 'state') hearState(event.state)
    else if (event.kind === 'missed') wake(all, 'all')
    else if (event.kind === 'changed') {
      const runs = event.queues.flatMap((queue) => byQueue.get(queue) ?? [])
      wake(runs, runs)
    } else {
      const run = groupOfWorker(event.worker)
      // One that nobody knows yet is read at the next tick.
      if (run !== undefined) wake([run], [run])
    }
  }

  function hearState(state: SourceState): void {
    const { polls, pushes } = state
    const is = `${polls.status} ${polls.cause?.code} ${pushes.status} ${pushes.cause?.code}`
    if (is === told) return
    told = is
    options.onState(state, polls.cause ?? pushes.cause)
  }

  function wake(runs: readonly GroupRun[], what: readonly GroupRun[] | 'all'): void {
    const now = timers.elapsed()
    for (const run of runs) run.wokenElapsed ??= now
    want(what)
  }

  function groupOfWorker(worker: string): GroupRun | undefined {
    const { allocation = worker, group } = allocationOf(worker)
    const run = options.groupOf(allocation) ?? all.find((one) => one.ref.group === group)
    return run?.source === name ? run : undefined
  }

  return {
    name,
    setGroups(runs) {
      all = runs
      byGroup = new Map(runs.map((run) => [run.key, run]))
      byQueue = new Map()
      for (const run of runs)
        for (const queue of run.policy.queues) {
          const of = byQueue.get(queue)
          if (of === undefined) byQueue.set(queue, [run])
          else of.push(run)
        }
      const names = [...byQueue.keys()]
      if (names.length === queues.length && names.every((queue, index) => queue === queues[index])) return
      queues = names
      if (subscription === undefined && names.length === 0) return
      // Watching replaces what was watched before.
      subscription = source.watch(names, hear)
    },
    sweep: want,
    async settled() {
      if (!isUnderWay && !isPlanned) return
      await new Promise<void>((resolve) => waiting.push(resolve))
    },
    state: () => source.state(),
    readElapsed: () => readElapsed,
    firstRead: () => firstRead,
    close() {
      isClosed = true
      subscription?.close()
      for (const resolve of waiting) resolve()
    },
  }
}

function firstReadOf({ queues }: SourceReading): FirstRead {
  let cause: SourceCause | undefined
  for (const reading of queues.values()) {
    if (reading.ok) return 'done'
    cause ??= reading.cause
  }
  return cause ?? 'done'
}

function queuesOf(runs: readonly GroupRun[]): string[] {
  if (runs.length === 1) return [...(runs[0] as GroupRun).policy.queues]
  return [...new Set(runs.flatMap((run) => run.policy.queues))]
}
