import { groupKey } from '../../src/core/scaling/group-ref.ts'
import type { Clock } from '../../src/ports.ts'
import type { History, HistoryEntry, ScalerEvent } from '../reports.ts'
import { openSafely } from './check-file.ts'
import { claimFolder } from './claim-folder.ts'
import { databaseTable } from './database-table.ts'
import { groupOf, keyOfName } from './group-of.ts'
import { addPoint, HOUR_MS, type HourRuns, MINUTE_MS, pointsOf } from './hour-runs.ts'
import { memoryTable } from './memory-table.ts'
import { type HistoryTable, SERIES_HOURS } from './table.ts'

export interface HistoryOptions {
  /** Absent: kept in memory only, and `warn` is not told. */
  readonly folder?: string
  /** Of the database; at least 4 MB. */
  readonly maxBytes: number
  readonly keepMs: number
  readonly clock: Clock
  /** Told once why history is kept in memory only, or was begun anew. */
  readonly warn: (message: string) => void
}

const PRUNE_EVERY_MS = 60_000
/** An entry that would take more is kept without its inputs. */
const MOST_BYTES = 256 * 1024

/** Opens the store of what was decided. Always gives one: without a usable folder it lasts as long as the process. */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { folder, maxBytes, keepMs, clock, warn } = options
  let release = () => {}
  let isInMemory = folder === undefined
  let table: HistoryTable = memoryTable()
  let isPruning = false
  let current: { readonly hour: number; readonly runs: Map<string, HourRuns> } | undefined

  const fallBack = (error: unknown): void => {
    if (isInMemory) return
    isInMemory = true
    // The database is left alone: to close one that cannot be written would try to write it.
    table = memoryTable()
    warn(`history is kept in memory only, and lost at the end: ${folder}: ${wordsOf(error)}`)
  }
  const guarded = <T>(work: () => T, otherwise: T): T => {
    try {
      return work()
    } catch (error) {
      fallBack(error)
      return otherwise
    }
  }
  const prune = (): void => {
    if (isPruning) return
    isPruning = true
    const step = (): void => {
      if (guarded(() => table.prune(clock.now()), false)) setTimeout(step, 20).unref()
      else isPruning = false
    }
    step()
  }

  if (folder !== undefined)
    try {
      release = await claimFolder(folder)
      const damage = (why: string) =>
        warn(`the history in ${folder} begins anew, the old file is put aside as damaged: ${why}`)
      table = openSafely(
        folder,
        () => {
          const opened = databaseTable({ folder, maxBytes, keepMs })
          opened.find({ limit: 100 })
          return opened
        },
        damage,
      )
    } catch (error) {
      fallBack(error)
    }
  const timer = setInterval(prune, PRUNE_EVERY_MS)
  timer.unref()

  return {
    add(event) {
      if (event.kind === 'decision' && (!event.isNews || event.isFollower)) return
      guarded(() => table.add(entryOf(event)), undefined)
    },
    find(query) {
      const { group } = query
      const full = group === undefined ? query : { ...query, group: keyOfName(group) }
      return guarded(() => table.find(full), [])
    },
    record(groups, at) {
      const hour = Math.floor(at / HOUR_MS)
      const minute = Math.floor((at % HOUR_MS) / MINUTE_MS)
      if (current?.hour !== hour) current = { hour, runs: new Map() }
      for (const report of groups) {
        const key = groupKey(report.group)
        const runs = current.runs.get(key) ?? guarded(() => table.hour(key, hour), undefined) ?? []
        const next = addPoint(runs, minute, report)
        current.runs.set(key, next ?? runs)
        if (next !== undefined) guarded(() => table.setHour(key, hour, next), undefined)
      }
    },
    series(group, from, to) {
      const key = keyOfName(group)
      const last = Math.floor(Math.min(to, clock.now()) / HOUR_MS)
      const first = Math.max(Math.floor(from / HOUR_MS), last - SERIES_HOURS)
      const points = Array.from(
        { length: Math.max(0, last - first + 1) },
        (_, index) => first + index,
      ).flatMap((hour) => {
        const mine = current?.hour === hour ? current.runs.get(key) : undefined
        return pointsOf(mine ?? guarded(() => table.hour(key, hour), undefined) ?? [], hour)
      })
      return points.filter(({ at }) => at >= from && at <= to)
    },
    async close() {
      clearInterval(timer)
      isInMemory = true
      await table.close().catch(() => {})
      release()
    },
  }
}

function entryOf(told: ScalerEvent): HistoryEntry {
  const event = withoutTasks(told)
  const entry = { at: event.at, group: groupOf(event), event }
  if (event.kind !== 'decision' || JSON.stringify(event.inputs).length <= MOST_BYTES) return entry
  const { policy } = event.inputs
  const cause = { code: 'no-data', message: 'too large to be kept' } as const
  const inputs = { policy, samples: {}, workers: { ok: false, cause }, group: undefined } as const
  return { ...entry, event: { ...event, inputs } }
}

/** What tasks are called decides nothing, and many of them would make an entry too large. */
function withoutTasks<E extends ScalerEvent>(event: E): E {
  if (event.kind !== 'decision' || !event.inputs.workers.ok) return event
  const workers = event.inputs.workers.workers.map(({ tasks: _, ...rest }) => rest)
  return { ...event, inputs: { ...event.inputs, workers: { ok: true, workers } } }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
