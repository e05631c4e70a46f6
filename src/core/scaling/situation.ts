import type { GroupState } from './group.ts'
import type { ScalingPolicy } from './policy.ts'
import type { QueueReading, WorkersReading } from './sample.ts'

/** Everything that a decision about one group is made from. Times are milliseconds, points in time since 1970. */
export interface Situation {
  readonly policy: ScalingPolicy
  /** By queue; one that is missing counts as not read. */
  readonly samples: ReadonlyMap<string, QueueReading>
  readonly workers: WorkersReading
  readonly group: GroupState
  readonly now: number
  /** Mean time of a task, learned; absent while nothing is. */
  readonly serviceMs?: number
  /** Readings older than this are not known any more. Default: 15 s. */
  readonly staleAfterMs?: number
  /** The same for Nomad, which gives a sign of life every 30 s. Default: 65 s. */
  readonly clusterStaleAfterMs?: number
  /** How many more allocations the budget allows; absent without a budget. */
  readonly affordable?: number
}

export const STALE_AFTER_MS = 15_000
export const CLUSTER_STALE_AFTER_MS = 65_000

/** Whether something said at that time still holds; a time ahead, of a clock that was set back, is as old. */
export function isFresh(at: number, now: number, staleAfterMs = STALE_AFTER_MS): boolean {
  return Math.abs(now - at) <= staleAfterMs
}
