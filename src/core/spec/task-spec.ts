import type { FreeBody } from './blocks/rules.ts'
import type { RestartSpec, ScalingSpec } from './group-spec.ts'
import type { AffinitySpec, ConstraintSpec, DriverConfig, Duration } from './jobspec.ts'
import type { NodeOf } from './nomad-blocks.ts'
import type { ServiceSpec } from './service-spec.ts'

/** One program that a driver runs. */
export type TaskSpec = {
  /** docker, exec, raw_exec, podman, or another that the cluster has. */
  readonly driver: string
  readonly user?: string
  /** When it ends, the other tasks of the group are stopped. */
  readonly leader?: boolean
  readonly kind?: string
  /** Between the kill signal and SIGKILL; default 5s, at most the client's maximum. */
  readonly kill_timeout?: Duration
  readonly kill_signal?: string
  readonly shutdown_delay?: Duration
  readonly lifecycle?: LifecycleSpec
  readonly config?: DriverConfig
  readonly env?: Readonly<Record<string, string>>
  readonly meta?: Readonly<Record<string, string>>
  readonly constraint?: readonly ConstraintSpec[]
  readonly affinity?: readonly AffinitySpec[]
  readonly artifact?: readonly ArtifactSpec[]
  readonly template?: readonly TemplateSpec[]
  readonly secret?: Readonly<Record<string, SecretSpec>>
  readonly identity?: readonly NodeOf<'identity'>[]
  readonly vault?: NodeOf<'vault'>
  readonly consul?: NodeOf<'consul'>
  readonly volume_mount?: readonly VolumeMountSpec[]
  readonly dispatch_payload?: NodeOf<'dispatch_payload'>
  readonly csi_plugin?: NodeOf<'csi_plugin'>
  readonly service?: readonly ServiceSpec[]
  readonly action?: Readonly<Record<string, ActionSpec>>
  readonly restart?: RestartSpec
  readonly resources?: ResourcesSpec
  /** Labels: cpu, mem. */
  readonly scaling?: Readonly<Record<string, ScalingSpec>>
  readonly logs?: LogsSpec
  /** Nomad Enterprise only. */
  readonly schedule?: NodeOf<'schedule'>
}

/** When a task runs beside the main ones; with `sidecar` it lives as long as they do. */
export type LifecycleSpec = {
  readonly hook: 'prestart' | 'poststart' | 'poststop'
  readonly sidecar?: boolean
}

/** A file or archive that the client fetches before the task starts. */
export type ArtifactSpec = {
  readonly source?: string
  /** Default local/. */
  readonly destination?: string
  readonly mode?: 'any' | 'file' | 'dir'
  readonly insecure?: boolean
  readonly chown?: boolean
  readonly options?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

/** A file, or with `env` the task's variables, that the client renders with consul-template. */
export type TemplateSpec = {
  /** A file on the node, or `data`, not both. */
  readonly source?: string
  /** In the allocation's directory; unique within the task. */
  readonly destination?: string
  /** The result is a list of environment variables. */
  readonly env?: boolean
  /** Octal digits, default "0644". */
  readonly perms?: string
  readonly uid?: number
  readonly gid?: number
  /** On a later change; default restart. */
  readonly change_mode?: 'noop' | 'restart' | 'signal' | 'script'
  readonly change_signal?: string
  readonly once?: boolean
  /** Random wait before the change is acted on, at most this long; default 5s. */
  readonly splay?: Duration
  readonly error_on_missing_key?: boolean
  readonly left_delimiter?: string
  readonly right_delimiter?: string
  readonly vault_grace?: Duration
  /** Text of the template. */
  readonly data?: string
  readonly wait?: { readonly min: Duration; readonly max: Duration }
  readonly change_script?: NodeOf<'change_script'>
}

export type SecretSpec = {
  /** nomad, vault or a plugin's name. */
  readonly provider?: string
  readonly path?: string
  readonly config?: FreeBody
  readonly env?: Readonly<Record<string, string>>
}

export type VolumeMountSpec = {
  /** Label of a volume of the group. */
  readonly volume?: string
  readonly destination?: string
  readonly read_only?: boolean
  readonly propagation_mode?: 'private' | 'host-to-task' | 'bidirectional'
  readonly selinux_label?: string
}

/** A command that an operator can run in the task by its name. */
export type ActionSpec = { readonly command: string; readonly args?: readonly string[] }

/** `cpu` or `cores`, not both. */
export type ResourcesSpec = {
  /** MHz, default 100. */
  readonly cpu?: number
  /** Whole cores, pinned. */
  readonly cores?: number
  /** MB, at least 10, default 300. */
  readonly memory?: number
  /** MB; -1: no limit. Ignored unless the scheduler allows oversubscription. */
  readonly memory_max?: number
  /** MB of the secrets directory. */
  readonly secrets?: number
  /** Refused by Nomad: see ephemeral_disk. */
  readonly disk?: number
  /** Has no effect in today's Nomad. */
  readonly iops?: number
  /** Refused beside a network of the group. */
  readonly network?: readonly NodeOf<'network'>[]
  readonly device?: Readonly<Record<string, NodeOf<'device'>>>
  /** Nomad Enterprise only. */
  readonly numa?: NodeOf<'numa'>
}

/** Rotation of the log files that Nomad keeps, for stdout and stderr each. */
export type LogsSpec = {
  /** At least 1, default 10. */
  readonly max_files?: number
  /** MB, at least 1, default 10. */
  readonly max_file_size?: number
  readonly disabled?: boolean
  /** Old form of `disabled`. */
  readonly enabled?: boolean
}
