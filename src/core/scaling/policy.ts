import type { GroupRef } from './group-ref.ts'

/** How one group is scaled: everything that somebody chose, defaults filled in. */
export interface ScalingPolicy {
  readonly group: GroupRef
  /** Where it was read: the stack file, or the `scaling` block of a job that Drover did not render. */
  readonly origin: 'stack' | 'nomad'
  /** batch: an idle worker leaves by exiting 0, then the count follows. service: the top run of idle ones goes. */
  readonly jobType: 'batch' | 'service'
  readonly queues: readonly string[]
  /** Tasks that one allocation runs at once; at least 1. */
  readonly concurrency: number
  readonly min: number
  readonly max: number
  /** How long an idle allocation stays, ms. */
  readonly keepAliveMs: number
  /** From placed to taking tasks, ms; one that is starting is capacity. */
  readonly startUpMs: number
  readonly strategies: readonly StrategySetting[]
  readonly up: Pace
  readonly down: Pace
  /** The oldest waiting task should start within this time: for alerts and health. */
  readonly targetAgeMs?: number
  /** What one allocation costs, in the currency of the cluster's prices. */
  readonly costPerHour?: number
  /** Other bounds at certain times, within `min` and `max`. */
  readonly schedules?: readonly BoundsWindow[]
}

/** Bounds that are in force at certain times of the day; which end is in force, schedule.ts tells. */
export interface BoundsWindow {
  readonly name: string
  readonly timeZone: string
  /** 1 is Monday. */
  readonly weekdays: readonly number[]
  /** Minutes after midnight, 0 to 1439; both absent: the whole day. */
  readonly fromMinutes?: number
  /** Minutes after midnight, up to 1440; below `fromMinutes` the window ends on the next day. */
  readonly toMinutes?: number
  /** In force outside of these times instead of within them. */
  readonly isOutside: boolean
  readonly min?: number
  readonly max?: number
}

/** How fast a count may change in one direction. */
export interface Pace {
  /** Allocations within any 60 s; absent: any number. */
  readonly maxPerMinute?: number
  /** Time from a change in any direction to the next one in this, ms. 0: at once. */
  readonly cooldownMs: number
  /** Up: the least of the proposals of this last while; down: the largest, ms. 0: the present one. */
  readonly stabilizationMs: number
}

/** A strategy by name, and its options as its own schema has read them. */
export interface StrategySetting {
  readonly name: string
  readonly options: unknown
}
