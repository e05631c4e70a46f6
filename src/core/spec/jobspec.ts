import type { FreeBody } from './blocks/rules.ts'
import type { GroupSpec } from './group-spec.ts'
import type { NodeOf } from './nomad-blocks.ts'

export type * from './group-spec.ts'
export type * from './service-spec.ts'
export type * from './task-spec.ts'

// These are type aliases, not interfaces, so that they pass where a plain tree (an index signature) is asked for.

/** A Go duration: "30s", "1h30m", "500ms". Days are unknown to Go. */
export type Duration = string

/** The `config` block of a task, in the words of its driver (see drivers/index.ts). */
export type DriverConfig = FreeBody

/**
 * A Nomad job in HCL's own names; HCL text and API JSON both come from this tree. A block that occurs once is
 * an object, a repeatable one a list, a labelled one an object keyed by its labels.
 */
export type JobSpec = {
  /** Label of the job block, its name as well; no spaces. */
  readonly id: string
  readonly name?: string
  readonly region?: string
  readonly namespace?: string
  /** Default: service. */
  readonly type?: 'service' | 'batch' | 'system' | 'sysbatch'
  /** 1 to 100, default 50. */
  readonly priority?: number
  readonly all_at_once?: boolean
  /** Globs allowed; default all of them. */
  readonly datacenters?: readonly string[]
  readonly node_pool?: string
  readonly meta?: Readonly<Record<string, string>>
  readonly ui?: NodeOf<'ui'>
  readonly constraint?: readonly ConstraintSpec[]
  readonly affinity?: readonly AffinitySpec[]
  readonly spread?: readonly SpreadSpec[]
  /** Batch and sysbatch only. */
  readonly periodic?: PeriodicSpec
  readonly parameterized?: ParameterizedSpec
  readonly update?: UpdateSpec
  readonly migrate?: MigrateSpec
  readonly reschedule?: RescheduleSpec
  /** Nomad Enterprise only. */
  readonly multiregion?: NodeOf<'multiregion'>
  readonly group?: Readonly<Record<string, GroupSpec>>
}

/** A node must satisfy it. Short forms such as `distinct_hosts = true` are taken too, mainly for patches. */
export type ConstraintSpec = NodeOf<'constraint'> & {
  readonly attribute?: string
  /** Default "=". */
  readonly operator?: string
  readonly value?: string
}

/** A node that satisfies it is preferred. */
export type AffinitySpec = NodeOf<'affinity'> & {
  readonly attribute?: string
  readonly operator?: string
  readonly value?: string
  /** -100 to 100, not 0; default 50. */
  readonly weight?: number
}

/** Spreads allocations over the values of an attribute. */
export type SpreadSpec = {
  readonly attribute?: string
  /** 1 to 100, default 50. */
  readonly weight?: number
  /** Percent by value; the sum is at most 100. */
  readonly target?: Readonly<Record<string, { readonly percent?: number }>>
}

export type PeriodicSpec = {
  readonly enabled?: boolean
  /** Deprecated by Nomad in favour of `crons`. */
  readonly cron?: string
  readonly crons?: readonly string[]
  readonly prohibit_overlap?: boolean
  /** IANA name, default UTC. */
  readonly time_zone?: string
}

export type ParameterizedSpec = {
  /** Default: optional. */
  readonly payload?: 'optional' | 'required' | 'forbidden'
  readonly meta_required?: readonly string[]
  readonly meta_optional?: readonly string[]
}

/** Rolling updates of service and system jobs; min_healthy_time < healthy_deadline < progress_deadline. */
export type UpdateSpec = {
  readonly stagger?: Duration
  /** Allocations updated at once; 0 makes an update without a deployment. Default 1. */
  readonly max_parallel?: number
  readonly health_check?: 'checks' | 'task_states' | 'manual'
  readonly min_healthy_time?: Duration
  readonly healthy_deadline?: Duration
  readonly progress_deadline?: Duration
  readonly canary?: number
  readonly auto_revert?: boolean
  /** Needs canary above 0. */
  readonly auto_promote?: boolean
}

/** How allocations leave a node that is drained. */
export type MigrateSpec = {
  readonly max_parallel?: number
  readonly health_check?: 'checks' | 'task_states'
  readonly min_healthy_time?: Duration
  readonly healthy_deadline?: Duration
}

/** What follows when an allocation has failed for good; not in system and sysbatch jobs. */
export type RescheduleSpec = {
  /** Within `interval`; 0 beside `unlimited`. */
  readonly attempts?: number
  readonly interval?: Duration
  /** At least 5s. */
  readonly delay?: Duration
  readonly delay_function?: 'constant' | 'exponential' | 'fibonacci'
  readonly max_delay?: Duration
  readonly unlimited?: boolean
}
