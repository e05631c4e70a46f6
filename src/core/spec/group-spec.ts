import type { FreeBody } from './blocks/rules.ts'
import type {
  AffinitySpec,
  ConstraintSpec,
  Duration,
  MigrateSpec,
  RescheduleSpec,
  SpreadSpec,
  UpdateSpec,
} from './jobspec.ts'
import type { NodeOf } from './nomad-blocks.ts'
import type { ServiceSpec } from './service-spec.ts'
import type { TaskSpec } from './task-spec.ts'

/** Tasks that are placed together on one node. */
export type GroupSpec = {
  /** Allocations, 0 or more; default `scaling.min` or 1. */
  readonly count?: number
  /** Wait between leaving Consul and the kill signal. */
  readonly shutdown_delay?: Duration
  /** Batch and sysbatch only. */
  readonly max_run_duration?: Duration
  /** Deprecated by Nomad in favour of `disconnect`. */
  readonly stop_after_client_disconnect?: Duration
  /** Deprecated by Nomad in favour of `disconnect`. */
  readonly max_client_disconnect?: Duration
  /** Deprecated by Nomad in favour of `disconnect`. */
  readonly prevent_reschedule_on_lost?: boolean
  readonly meta?: Readonly<Record<string, string>>
  readonly constraint?: readonly ConstraintSpec[]
  readonly affinity?: readonly AffinitySpec[]
  readonly spread?: readonly SpreadSpec[]
  readonly scaling?: ScalingSpec
  readonly update?: UpdateSpec
  readonly migrate?: MigrateSpec
  readonly restart?: RestartSpec
  readonly reschedule?: RescheduleSpec
  readonly disconnect?: DisconnectSpec
  readonly ephemeral_disk?: EphemeralDiskSpec
  readonly consul?: NodeOf<'consul'>
  readonly network?: readonly NetworkSpec[]
  readonly volume?: Readonly<Record<string, VolumeSpec>>
  readonly service?: readonly ServiceSpec[]
  readonly task?: Readonly<Record<string, TaskSpec>>
}

/** Bounds of the count that a scaler may set. */
export type ScalingSpec = {
  readonly enabled?: boolean
  /** Set by Nomad to "horizontal". */
  readonly type?: string
  readonly min?: number
  readonly max: number
  /** For an autoscaler to read; Nomad does not look into it. */
  readonly policy?: FreeBody
}

/** Restarts in place, on the node. */
export type RestartSpec = {
  /** 0 needs mode "fail". */
  readonly attempts?: number
  /** At least 5s and attempts times delay. */
  readonly interval?: Duration
  readonly delay?: Duration
  /** After the last attempt: wait for the next interval, or fail the allocation. */
  readonly mode?: 'delay' | 'fail'
  readonly render_templates?: boolean
}

/** What happens when the node is out of reach; `lost_after` or `stop_on_client_after`, not both. */
export type DisconnectSpec = {
  readonly lost_after?: Duration
  readonly stop_on_client_after?: Duration
  readonly replace?: boolean
  readonly reconcile?: 'best_score' | 'keep_original' | 'keep_replacement' | 'longest_running'
}

export type EphemeralDiskSpec = {
  readonly sticky?: boolean
  readonly migrate?: boolean
  /** MB, at least 10, above the logs of all tasks; default 300. */
  readonly size?: number
}

export type NetworkSpec = {
  /** bridge, host, none or cni/NAME; default host. */
  readonly mode?: string
  readonly hostname?: string
  readonly device?: string
  readonly cidr?: string
  readonly ip?: string
  /** Has no effect in today's Nomad. */
  readonly mbits?: number
  readonly dns?: NodeOf<'dns'>
  readonly cni?: NodeOf<'cni'>
  readonly port?: Readonly<Record<string, PortSpec>>
}

/** A port by its label; without `static` Nomad chooses the node's port. */
export type PortSpec = {
  readonly static?: number
  /** Port inside the network name space; -1: the same as on the node. */
  readonly to?: number
  readonly host_network?: string
  readonly ignore_collision?: boolean
}

/** A volume that the group claims, host or CSI. */
export type VolumeSpec = {
  readonly type?: 'host' | 'csi'
  readonly source?: string
  readonly read_only?: boolean
  /** Stay with the volume first used (dynamic host volumes). */
  readonly sticky?: boolean
  /** The source's name ends with the allocation's index. */
  readonly per_alloc?: boolean
  readonly access_mode?: string
  readonly attachment_mode?: string
  /** CSI only. */
  readonly mount_options?: NodeOf<'mount_options'>
}
