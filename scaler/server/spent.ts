import { groupKey } from '../../src/core/scaling/group-ref.ts'
import { MINUTE_MS } from '../history/hour-runs.ts'
import type { GroupReport, History } from '../reports.ts'

export interface Spent {
  readonly spent: number
  readonly recordedMs: number
}

/**
 * What groups have cost since a time, by key, as far as it was recorded. A point is of a minute, so that an answer is
 * good for as long: many clients ask, and a thousand groups are a million points.
 */
export function createSpending(
  history: History,
): (groups: readonly GroupReport[], since: number, now: number) => ReadonlyMap<string, Spent> {
  let asked = ''
  let answer = new Map<string, Spent>()
  return (groups, since, now) => {
    const question = `${since} ${Math.floor(now / MINUTE_MS)}`
    if (question !== asked) {
      asked = question
      answer = new Map()
    }
    for (const { group } of groups) {
      const key = groupKey(group)
      if (answer.has(key)) continue
      const costs = history.series(key, since, now).flatMap(({ costPerHour }) => costPerHour ?? [])
      answer.set(key, {
        spent: costs.reduce((sum, cost) => sum + cost, 0) / 60,
        recordedMs: costs.length * MINUTE_MS,
      })
    }
    return answer
  }
}
