import type { History, HistoryEntry } from '../reports.ts'
import type { HourRuns } from './hour-runs.ts'

export type HistoryQuery = Parameters<History['find']>[0]

/** Where history is kept: a database in a folder, or memory when there is none. Methods may throw. */
export interface HistoryTable {
  add(entry: HistoryEntry): void
  find(query: HistoryQuery): HistoryEntry[]
  /** Hours are counted from 1970. */
  hour(group: string, hour: number): HourRuns | undefined
  setHour(group: string, hour: number, runs: HourRuns): void
  /** Removes what is too old or too much, a part at a time; true when there is more to remove. */
  prune(now: number): boolean
  close(): Promise<void>
}

export const MOST_FOUND = 1000
export const SERIES_HOURS = 7 * 24
