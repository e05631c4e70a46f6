import type { Clock, QueueSource, SourceState } from '../../src/ports.ts'
import type { EventBus } from '../event-bus.ts'
import type { GroupRun } from '../groups/group-run.ts'
import type { GroupTable } from '../groups/group-table.ts'
import { type Timers, within } from '../timers.ts'
import { applyReading } from './apply-reading.ts'
import { createClockGuard } from './clock-guard.ts'
import type { HeardAt } from './heard-at.ts'
import { createSourceFeed, type FirstRead, type SourceFeed } from './source-feed.ts'
import { stepClock } from './step-clock.ts'
import { createWakeTimer } from './wake-timer.ts'

/** When groups are looked at: at once when something is heard of them, at their deadlines, and all at every interval. */
export interface Rounds {
  /** Looks at a group with what is known, together with others that are touched now. */
  touch(run: GroupRun): void
  /** When to read a group's queues and look at it though nothing happens; as of Timers.elapsed(). */
  wakeAt(run: GroupRun, elapsed: number | undefined): void
  /** Follows the groups in the table; `added` are read at once. */
  follow(added: readonly GroupRun[]): void
  /** Reads everything, and resolves when it is done, or after some seconds. */
  readAll(): Promise<void>
  start(): void
  states(): ReadonlyMap<string, SourceState>
  /** How the sources that read anything have done so far. */
  reads(): ReadonlyMap<string, SourceRead>
  close(): void
}

export interface SourceRead {
  /** How long ago all of its queues were read, ms; Infinity: never. */
  readonly ageMs: number
  readonly firstRead: FirstRead
}

export interface RoundsDeps {
  readonly sources: ReadonlyMap<string, QueueSource>
  readonly table: GroupTable
  readonly bus: EventBus
  readonly timers: Timers
  readonly clock: Clock
  readonly heard: HeardAt
  readonly intervalMs: number
  readonly staleAfterMs: number
  evaluate(run: GroupRun): void
}

const READ_ALL_MS = 10_000
/** After a deadline, fresh readings are waited for this long. */
const LATE_MS = 100

export function createRounds(deps: RoundsDeps): Rounds {
  const { sources, table, bus, timers, clock, heard, intervalMs, staleAfterMs, evaluate } = deps
  const stepOfClock = createClockGuard(clock, timers)
  const feeds = new Map<string, SourceFeed>()
  for (const [name, source] of sources) feeds.set(name, feedOf(name, source))
  const wake = createWakeTimer<GroupRun>(timers, (due) => {
    for (const run of due) run.isDirty = true
    for (const [name, feed] of feeds) feed.sweep(due.filter(({ source }) => source === name))
    timers.after(LATE_MS, () => {
      for (const run of due) if (run.isDirty) touch(run)
    })
  })
  let touched = new Set<GroupRun>()
  let isClosed = false
  let cancelTick = () => {}

  function feedOf(name: string, source: QueueSource): SourceFeed {
    return createSourceFeed({
      name,
      source,
      timers,
      groupOf: table.ofAllocation,
      onReading(reading, runs) {
        lookAtClock()
        const known = runs.filter((run) => table.get(run.key) === run)
        applyReading(reading, known, table)
        for (const run of known) evaluate(run)
      },
      onState(state, cause) {
        const words = `${name}: polls ${state.polls.status}, pushes ${state.pushes.status}`
        bus.emit(
          { kind: 'source', source: name, state, ...(cause ? { cause } : {}) },
          cause ? `${words}: ${cause.message}` : words,
        )
      },
      onFault: (error) =>
        bus.emit({ kind: 'config', ok: false }, `a bug in the source ${name}: ${(error as Error).message}`),
    })
  }

  function touch(run: GroupRun): void {
    if (touched.size === 0) timers.soon(settle)
    touched.add(run)
  }

  function settle(): void {
    const runs = touched
    touched = new Set()
    if (isClosed) return
    lookAtClock()
    for (const run of runs) if (table.get(run.key) === run) evaluate(run)
  }

  function lookAtClock(): void {
    const step = stepOfClock()
    if (step === 0) return
    stepClock(step, table.all(), heard)
    bus.emit(
      { kind: 'config', ok: true },
      `the clock was set ${step > 0 ? 'forward' : 'back'} by ${Math.round(Math.abs(step) / 100) / 10} s: cooldowns, idle times and readings keep their age, pauses and schedules follow the clock`,
    )
    for (const feed of feeds.values()) feed.sweep('all')
  }

  /** Groups of a source that does not answer are looked at with what is known, and held once that is old. */
  function tick(): void {
    lookAtClock()
    const now = timers.elapsed()
    for (const [name, feed] of feeds) {
      const age = now - feed.readElapsed()
      if (age > 1.5 * intervalMs)
        for (const run of table.all()) {
          if (run.source !== name) continue
          if (age > staleAfterMs) run.isDirty = true
          touch(run)
        }
      feed.sweep('all')
    }
  }

  function keepTicking(due: number): void {
    cancelTick = timers.after(due - timers.elapsed(), () => {
      if (isClosed) return
      // Ticks that were slept through are not made up for.
      keepTicking(Math.max(due + intervalMs, timers.elapsed() + intervalMs / 2))
      tick()
    })
  }

  return {
    touch,
    wakeAt: (run, elapsed) => wake.set(run, elapsed),
    follow(added) {
      for (const [name, feed] of feeds) {
        feed.setGroups(table.all().filter(({ source }) => source === name))
        const fresh = added.filter(({ source }) => source === name)
        if (fresh.length > 0) feed.sweep(fresh)
      }
    },
    async readAll() {
      for (const feed of feeds.values()) feed.sweep('all')
      const all = Promise.all([...feeds.values()].map((feed) => feed.settled()))
      await within(timers, READ_ALL_MS, all)
    },
    start: () => keepTicking(timers.elapsed() + intervalMs),
    states: () => new Map([...feeds].map(([name]) => [name, (sources.get(name) as QueueSource).state()])),
    reads() {
      const used = new Set(table.all().map(({ source }) => source))
      const now = timers.elapsed()
      return new Map(
        [...feeds].flatMap(([name, feed]) =>
          used.has(name) ? [[name, { ageMs: now - feed.readElapsed(), firstRead: feed.firstRead() }]] : [],
        ),
      )
    },
    close() {
      isClosed = true
      cancelTick()
      wake.close()
      for (const feed of feeds.values()) feed.close()
    },
  }
}
