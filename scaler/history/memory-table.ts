import type { HistoryEntry } from '../reports.ts'
import type { HourRuns } from './hour-runs.ts'
import { type HistoryTable, MOST_FOUND } from './table.ts'

const MOST_ENTRIES = 2000
const MOST_HOURS = 10_000

/** The last of what happened, kept for as long as the process runs. */
export function memoryTable(): HistoryTable {
  const entries: HistoryEntry[] = []
  const hours = new Map<string, HourRuns>()
  return {
    add(entry) {
      entries.push(entry)
      if (entries.length > MOST_ENTRIES * 1.1) entries.splice(0, entries.length - MOST_ENTRIES)
    },
    find: ({ group, before = Number.POSITIVE_INFINITY, after = 0, limit }) =>
      entries
        .filter((one) => (group === undefined || one.group === group) && one.at < before && one.at > after)
        .slice(-Math.max(1, Math.min(limit, MOST_FOUND)))
        .reverse(),
    hour: (group, hour) => hours.get(`${hour} ${group}`),
    setHour(group, hour, runs) {
      hours.set(`${hour} ${group}`, runs)
      for (const oldest of hours.keys()) {
        if (hours.size <= MOST_HOURS) break
        hours.delete(oldest)
      }
    },
    prune: () => false,
    close: async () => {},
  }
}
