import { type Database, open } from 'lmdb'
import type { HistoryEntry } from '../reports.ts'
import type { HourRuns } from './hour-runs.ts'
import { HOUR_MS } from './hour-runs.ts'
import { type HistoryTable, MOST_FOUND, SERIES_HOURS } from './table.ts'

export interface DatabaseOptions {
  readonly folder: string
  readonly maxBytes: number
  readonly keepMs: number
  /** Told when something could not be written: the disk is full, or the database damaged. */
  readonly onError: (error: Error) => void
}

type EntryKey = [group: string, at: number, id: number]
type TimeKey = [at: number, id: number, group: string]

/** Removed at once at most, so that nobody waits for it. */
const PRUNED_AT_ONCE = 1000
/** Pages that are free but not yet used again, and the two copies that a commit needs, have to fit as well. */
const SHARE_OF_ENTRIES = 0.6
const SHARE_OF_SERIES = 0.2
const COMPRESSION = { threshold: 300 } as const

/** History in an LMDB database: written by a thread of its own, whole after a crash. Throws when it cannot be opened. */
export function databaseTable({ folder, maxBytes, keepMs, onError }: DatabaseOptions): HistoryTable {
  const root = open({
    path: folder,
    encoding: 'json',
    // A commit follows each turn of the event loop. With a delay lmdb takes back a timeout as if it were an immediate,
    // and Node's event loop, which then counts one immediate too few, never waits again: half a core for nothing.
    commitDelay: 0,
    // Otherwise it makes promises of its own, which nobody can catch when the disk is full.
    eventTurnBatching: false,
    maxDbs: 4,
    maxReaders: 16,
  })
  const part = <V, K extends unknown[]>(name: string) =>
    root.openDB({ name, encoding: 'json', compression: COMPRESSION }) as unknown as Database<V, K & string[]>
  const entries = part<HistoryEntry, EntryKey>('entries')
  const times = part<1, TimeKey>('times')
  const hours = part<HourRuns, [hour: number, group: string]>('hours')
  const write = (promise: Promise<unknown>): void => void promise.catch(fail)
  function fail(error: Error & { readonly commitError?: Promise<never> }): void {
    // The cause comes as a promise of its own, which ends the process unless somebody catches it.
    if (error.commitError === undefined) onError(error)
    else error.commitError.catch(onError)
  }

  function removeOldest(until: number): boolean {
    let removed = 0
    for (const key of times.getKeys({ end: [until] as never, limit: PRUNED_AT_ONCE })) {
      const [at, id, group] = key as unknown as TimeKey
      write(times.remove(key))
      write(entries.remove([group, at, id] as never))
      removed++
    }
    return removed === PRUNED_AT_ONCE
  }

  function removeHours(until: number): boolean {
    let removed = 0
    for (const key of hours.getKeys({ end: [until] as never, limit: PRUNED_AT_ONCE })) {
      write(hours.remove(key))
      removed++
    }
    return removed === PRUNED_AT_ONCE
  }

  return {
    add(entry) {
      const { at, group, event } = entry
      write(entries.put([group, at, event.id] as never, entry))
      write(times.put([at, event.id, group] as never, 1))
    },
    find({ group, before = Number.MAX_SAFE_INTEGER, after = 0, limit }) {
      const count = Math.max(1, Math.min(limit, MOST_FOUND))
      // Backwards, from the first that is too new to the last that is too old; neither is found.
      if (group !== undefined)
        return [
          ...entries.getRange({
            start: [group, before] as never,
            end: [group, after + 1] as never,
            reverse: true,
            limit: count,
          }),
        ].map(({ value }) => value)
      return [
        ...times.getKeys({
          start: [before] as never,
          end: [after + 1] as never,
          reverse: true,
          limit: count,
        }),
      ].flatMap((key) => {
        const [at, id, of] = key as unknown as TimeKey
        return entries.get([of, at, id] as never) ?? []
      })
    },
    hour: (group, hour) => hours.get([hour, group] as never),
    setHour: (group, hour, runs) => write(hours.put([hour, group] as never, runs)),
    prune(now) {
      const hoursLeft = removeHours(Math.floor(now / HOUR_MS) - SERIES_HOURS)
      const isOver = bytesOf(entries) + bytesOf(times) > maxBytes * SHARE_OF_ENTRIES
      const entriesLeft = removeOldest(isOver ? Number.MAX_SAFE_INTEGER : now - keepMs)
      const isSeriesOver = bytesOf(hours) > maxBytes * SHARE_OF_SERIES
      if (isSeriesOver) removeHours(Number.MAX_SAFE_INTEGER)
      return hoursLeft || entriesLeft || isOver || isSeriesOver
    },
    close: () => root.close(),
  }
}

interface PageCounts {
  readonly pageSize: number
  readonly treeBranchPageCount: number
  readonly treeLeafPageCount: number
  readonly overflowPages: number
}

function bytesOf(database: { getStats(): unknown }): number {
  const stats = database.getStats() as PageCounts
  return (stats.treeBranchPageCount + stats.treeLeafPageCount + stats.overflowPages) * stats.pageSize
}
