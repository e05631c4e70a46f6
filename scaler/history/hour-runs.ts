import { compact } from '../../src/core/compact.ts'
import type { GroupReport, SeriesPoint } from '../reports.ts'

/**
 * The points of one group in one hour. Neighbouring minutes in which nothing changed are one run: a quiet group costs
 * one run an hour, and 1,000 of them some ten megabytes a week.
 */
export type HourRuns = readonly Run[]

/** From and to, minutes of the hour, both included; then the numbers, null for what was not known. */
type Run = readonly [
  from: number,
  to: number,
  desired: number,
  live: number,
  busy: number,
  waiting: number | null,
  active: number | null,
  oldestAgeMs: number | null,
  costPerHour: number | null,
]

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS

/** The runs with the point of a minute (0 to 59) added; undefined when that minute, or a later one, is there already. */
export function addPoint(runs: HourRuns, minute: number, report: GroupReport): HourRuns | undefined {
  const last = runs.at(-1)
  if (last !== undefined && last[1] >= minute) return undefined
  const run: Run = [minute, minute, ...numbersOf(report)]
  if (last === undefined || last[1] !== minute - 1 || !isSame(last, run)) return [...runs, run]
  const [from, , ...numbers] = last
  return [...runs.slice(0, -1), [from, minute, ...numbers]]
}

/** One point a minute, oldest first. */
export function pointsOf(runs: HourRuns, hour: number): SeriesPoint[] {
  return runs.flatMap(([from, to, desired, live, busy, waiting, active, oldestAgeMs, costPerHour]) =>
    Array.from({ length: to - from + 1 }, (_, index) =>
      compact({
        at: hour * HOUR_MS + (from + index) * MINUTE_MS,
        desired,
        live,
        busy,
        waiting: waiting ?? undefined,
        active: active ?? undefined,
        oldestAgeMs: oldestAgeMs ?? undefined,
        costPerHour: costPerHour ?? undefined,
      }),
    ),
  )
}

function numbersOf(report: GroupReport) {
  const { desired, live, busy, waiting, active, oldestAgeMs, costPerHour } = report
  return [
    desired,
    live,
    busy,
    waiting ?? null,
    active ?? null,
    oldestAgeMs ?? null,
    costPerHour ?? null,
  ] as const
}

function isSame(a: Run, b: Run): boolean {
  return a.every((value, index) => index < 2 || value === b[index])
}
