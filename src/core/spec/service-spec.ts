import type { Duration } from './jobspec.ts'
import type { NodeOf } from './nomad-blocks.ts'

/** A service that Consul, or Nomad itself, announces. */
export type ServiceSpec = {
  /** RFC 1123, at most 63 characters, no underscore. */
  readonly name?: string
  readonly provider?: 'consul' | 'nomad'
  readonly cluster?: string
  /** Label of a port of the group, or a number with address_mode driver or alloc. */
  readonly port?: string
  readonly address?: string
  readonly address_mode?: 'auto' | 'host' | 'driver' | 'alloc' | 'alloc_ipv6'
  /** Task that a group's service belongs to; script checks run in it. */
  readonly task?: string
  readonly kind?: string
  readonly tags?: readonly string[]
  readonly canary_tags?: readonly string[]
  readonly enable_tag_override?: boolean
  readonly on_update?: 'require_healthy' | 'ignore_warnings' | 'ignore'
  /** Keys are identifiers here: HCL has no other way to write them. */
  readonly meta?: Readonly<Record<string, string>>
  readonly canary_meta?: Readonly<Record<string, string>>
  readonly tagged_addresses?: Readonly<Record<string, string>>
  readonly weights?: NodeOf<'weights'>
  readonly identity?: NodeOf<'identity'>
  readonly check?: readonly CheckSpec[]
  readonly check_restart?: CheckRestartSpec
  readonly connect?: NodeOf<'connect'>
}

/** A health check; Nomad's own provider knows http and tcp only. */
export type CheckSpec = {
  readonly name?: string
  readonly type?: 'http' | 'tcp' | 'grpc' | 'script'
  /** Task in which a script check of a group's service runs. */
  readonly task?: string
  /** Program of a script check, run without a shell. */
  readonly command?: string
  readonly args?: readonly string[]
  readonly port?: string
  readonly protocol?: string
  readonly method?: string
  readonly path?: string
  readonly body?: string
  /** At least 1s; Nomad requires it. */
  readonly interval?: Duration
  /** At least 1s; Nomad requires it. */
  readonly timeout?: Duration
  /** Not for script checks, nor the next two. */
  readonly success_before_passing?: number
  readonly failures_before_warning?: number
  readonly failures_before_critical?: number
  readonly initial_status?: string
  readonly on_update?: 'require_healthy' | 'ignore_warnings' | 'ignore'
  readonly expose?: boolean
  readonly address_mode?: string
  readonly advertise?: string
  readonly notes?: string
  readonly tls_server_name?: string
  readonly tls_skip_verify?: boolean
  readonly grpc_service?: string
  readonly grpc_use_tls?: boolean
  readonly header?: Readonly<Record<string, readonly string[]>>
  readonly check_restart?: CheckRestartSpec
}

/** Restarts the task when a check stays unhealthy for interval times (limit - 1), after the grace. */
export type CheckRestartSpec = {
  /** 0: off. */
  readonly limit?: number
  readonly grace?: Duration
  readonly ignore_warnings?: boolean
}
