import { type Database, open } from 'lmdb'
import type { HistoryEntry } from '../reports.ts'
import type { HourRuns } from './hour-runs.ts'
import { HOUR_MS } from './hour-runs.ts'
import { type HistoryTable, MOST_FOUND, SERIES_HOURS } from './table.ts'

export interface DatabaseOptions {
  readonly folder: string
  readonly maxBytes: number
  readonly keepMs: number
}

type EntryKey = [group: string, at: number, id: number]
type TimeKey = [at: number, id: number, group: string]

/** Removed at once at most, so that nobody waits for it. */
const PRUNED_AT_ONCE = 250
/** Pages that are free but not yet used again, and the two copies that a commit needs, have to fit as well. */
const SHARE_OF_ENTRIES = 0.6
const SHARE_OF_SERIES = 0.2
const COMPRESSION = { threshold: 300 } as const

/**
 * History in an LMDB database, whole after the process was killed. Throws when it cannot be opened, and every method
 * when the disk is full or the database damaged.
 *
 * Each entry is written at once, within this thread, which takes 0.04 ms: it only fills the page cache, and nobody waits
 * for the disk. With lmdb's own queue and its thread, a daemon was once seen to end without a word in the middle of a
 * commit. A machine that loses power may damage the file; it is put aside then, see openSafely.
 */
export function databaseTable({ folder, maxBytes, keepMs }: DatabaseOptions): HistoryTable {
  const root = open({
    path: folder,
    encoding: 'json',
    noSync: true,
    overlappingSync: false,
    maxDbs: 4,
    maxReaders: 16,
  })
  const part = <V, K extends unknown[]>(name: string) =>
    root.openDB({ name, encoding: 'json', compression: COMPRESSION }) as unknown as Database<V, K & string[]>
  const entries = part<HistoryEntry, EntryKey>('entries')
  const times = part<1, TimeKey>('times')
  const hours = part<HourRuns, [hour: number, group: string]>('hours')
  function removeOldest(until: number): boolean {
    const keys = [...times.getKeys({ end: [until] as never, limit: PRUNED_AT_ONCE })]
    root.transactionSync(() => {
      for (const key of keys) {
        const [at, id, group] = key as unknown as TimeKey
        times.removeSync(key)
        entries.removeSync([group, at, id] as never)
      }
    })
    return keys.length === PRUNED_AT_ONCE
  }

  function removeHours(until: number): boolean {
    const keys = [...hours.getKeys({ end: [until] as never, limit: PRUNED_AT_ONCE })]
    root.transactionSync(() => {
      for (const key of keys) hours.removeSync(key)
    })
    return keys.length === PRUNED_AT_ONCE
  }

  return {
    add(entry) {
      const { at, group, event } = entry
      root.transactionSync(() => {
        entries.putSync([group, at, event.id] as never, entry)
        times.putSync([at, event.id, group] as never, 1)
      })
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
    setHour: (group, hour, runs) => void hours.putSync([hour, group] as never, runs),
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
