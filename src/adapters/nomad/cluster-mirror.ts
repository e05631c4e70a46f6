import { setTimeout as sleep } from 'node:timers/promises'
import { type GroupRef, groupKey } from '../../core/scaling/group-ref.ts'
import { z } from '../../core/zod.ts'
import type { Clock, ClusterEvent, ClusterMirror, ClusterState } from '../../ports.ts'
import type { NomadHttp } from './client.ts'
import { applyEvents, type EventLine, type KnownIndexes } from './cluster-events.ts'
import { readLists } from './cluster-lists.ts'
import { createTables } from './cluster-tables.ts'
import { createDrainWatch } from './drain-watch.ts'
import { wordsOf } from './failure.ts'
import { changedGroups, fillTables, shapeOf } from './fill-tables.ts'
import { liveOneStream } from './stream-life.ts'

export interface MirrorOptions {
  readonly clock: Clock
  /** Told of every change as soon as it is heard of. It must not throw: that would end the process. */
  readonly listener: (event: ClusterEvent) => void
  readonly timing?: Partial<MirrorTiming>
}

export interface MirrorTiming {
  /** Nomad gives a sign of life every 30 s; without any for so long the stream is taken for dead, ms. */
  readonly silenceMs: number
  /** How often to ask whether something was missed, ms, give or take a tenth. */
  readonly checkMs: number
  /** Waits between attempts to connect, ms; each twice the one before. */
  readonly firstWaitMs: number
  readonly lastWaitMs: number
}

const TIMING: MirrorTiming = { silenceMs: 45_000, checkMs: 60_000, firstWaitMs: 100, lastWaitMs: 5000 }
const NOTHING: KnownIndexes = { jobsIndex: 0, allocationsIndex: 0, deploymentsIndex: 0 }

/**
 * Keeps what Nomad has in memory: one event stream, and lists to start from. Connects at once, and for as long as it
 * is not closed; a lost stream is opened anew and everything is listed again, since nobody knows what was missed.
 */
export function createClusterMirror(http: NomadHttp, options: MirrorOptions): ClusterMirror {
  const { clock, listener } = options
  const { silenceMs, checkMs, firstWaitMs, lastWaitMs } = { ...TIMING, ...options.timing }
  const closing = new AbortController()
  const { signal } = closing
  const drains = createDrainWatch(http, signal)
  let tables = createTables()
  let known = NOTHING
  let heardIndex = 0
  let state: ClusterState = { status: 'connecting', since: clock.now(), heardAt: 0 }
  /** Lines that came while lists are being read, to be entered into what is made of them too. */
  let replay: EventLine[] | undefined

  const emit = (event: ClusterEvent): void => {
    if (!signal.aborted) listener(event)
  }

  const become = (status: ClusterState['status'], cause?: string): void => {
    const isNews = status !== state.status || cause !== state.cause
    const since = status === state.status ? state.since : clock.now()
    state = { status, since, heardAt: state.heardAt, ...(cause === undefined ? {} : { cause }) }
    if (isNews) emit({ kind: 'state', state })
  }

  const hear = (index: number): void => {
    heardIndex = Math.max(heardIndex, index)
    state = { ...state, heardAt: clock.now() }
  }

  const tell = (groups: readonly GroupRef[]): void => {
    const each = new Map(groups.map((group) => [groupKey(group), group]))
    for (const group of each.values()) emit({ kind: 'group', group })
  }

  const enter = (line: EventLine): boolean => {
    hear(line.Index)
    if (line.Events.length === 0) return true
    try {
      const edition = tables.edition()
      const groups = applyEvents(tables, line, known)
      replay?.push(line)
      if (state.status !== 'ready') return true
      if (tables.edition() !== edition) emit({ kind: 'jobs' })
      tell(groups)
      return true
    } catch (error) {
      if (error instanceof z.ZodError) return false
      throw error
    }
  }

  const list = async (isNewStream: boolean): Promise<void> => {
    replay = []
    try {
      const before = tables
      // Behind a new stream there may be another Nomad, whose numbers mean other things.
      const lists = await readLists(http, isNewStream ? () => undefined : before.job, signal)
      const fresh = fillTables(lists)
      for (const line of replay) applyEvents(fresh, line, lists)
      tables = fresh
      known = lists
      const highest = Math.max(lists.jobsIndex, lists.allocationsIndex, lists.deploymentsIndex)
      if (isNewStream) heardIndex = highest
      hear(highest)
      const wasReady = state.status === 'ready'
      become('ready')
      if (!wasReady || shapeOf(before) !== shapeOf(fresh)) emit({ kind: 'jobs' })
      tell(wasReady ? changedGroups(before, fresh) : fresh.refs())
    } finally {
      replay = undefined
    }
  }

  const run = async (): Promise<void> => {
    let wait = firstWaitMs
    while (!signal.aborted) {
      const use = { enter, list, look: drains.read, heardIndex: () => heardIndex }
      const cause = await liveOneStream(http, use, { silenceMs, checkMs, signal }).catch(wordsOf)
      if (signal.aborted) return
      if (state.status === 'ready') wait = firstWaitMs
      become(state.status === 'connecting' ? 'connecting' : 'lost', cause)
      await sleep(wait * (0.5 + Math.random()), undefined, { signal }).catch(() => {})
      wait = Math.min(wait * 2, lastWaitMs)
    }
  }
  const running = run()

  return {
    state: () => state,
    group: (ref) => tables.group(ref),
    taskOf: (ref) => tables.taskOf(ref),
    draining: () => drains.nodes(),
    scalable: () => tables.scalable(),
    async close() {
      closing.abort()
      await running
    },
  }
}
