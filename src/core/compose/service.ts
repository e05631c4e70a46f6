import type { Position } from '../issue.ts'
import type { Sourced } from './model.ts'
import type { Parts } from './parts.ts'

type Texts = Readonly<Record<string, Sourced<Parts | null>>>

/**
 * A service in compose's long forms. Texts that may hold a secret are `Parts`; structure (ports, sizes,
 * switches) is resolved with the environment. Durations are milliseconds, sizes bytes, modes permission bits.
 */
export interface ComposeService {
  readonly name: string
  readonly position: Position
  readonly comment?: string

  readonly image?: Sourced<Parts>
  readonly build?: ComposeBuild
  readonly pullPolicy?: Sourced<Parts>
  readonly platform?: Sourced<Parts>
  readonly containerName?: Sourced<Parts>
  readonly profiles: readonly Sourced<string>[]

  /** Words, split like a shell does. Empty: the image's own is taken away. */
  readonly command?: Sourced<readonly Parts[]>
  readonly entrypoint?: Sourced<readonly Parts[]>
  /** null: passed on from the shell. Entries of env files come first and have the key of their `env_file` item. */
  readonly environment: Texts
  readonly envFiles: readonly Sourced<ComposeEnvFile>[]
  readonly workingDir?: Sourced<Parts>
  readonly user?: Sourced<Parts>
  readonly groupAdd: readonly Sourced<string>[]
  readonly hostname?: Sourced<Parts>
  readonly domainname?: Sourced<Parts>
  readonly init?: Sourced<boolean>
  readonly tty?: Sourced<boolean>
  readonly stdinOpen?: Sourced<boolean>

  readonly ports: readonly Sourced<ComposePort>[]
  /** Ports that other services use, `3000` or `3000/udp`. */
  readonly expose: readonly Sourced<string>[]
  /** Absent: the project's default network; empty: none at all. */
  readonly networks?: Readonly<Record<string, Sourced<ComposeServiceNetwork>>>
  readonly networkMode?: Sourced<Parts>
  readonly dns: readonly Sourced<Parts>[]
  readonly dnsSearch: readonly Sourced<Parts>[]
  readonly dnsOptions: readonly Sourced<Parts>[]
  /** `host:address`. */
  readonly extraHosts: readonly Sourced<Parts>[]
  readonly links: readonly Sourced<Parts>[]
  readonly macAddress?: Sourced<Parts>

  readonly volumes: readonly Sourced<ComposeMount>[]
  readonly tmpfs: readonly Sourced<ComposeTmpfs>[]
  readonly secrets: readonly Sourced<ComposeFileMount>[]
  readonly configs: readonly Sourced<ComposeFileMount>[]
  readonly readOnly?: Sourced<boolean>
  readonly shmSizeBytes?: Sourced<number>
  /** `HOST[:CONTAINER[:PERMISSIONS]]`. */
  readonly devices: readonly Sourced<Parts>[]

  readonly dependsOn: Readonly<Record<string, Sourced<ComposeDependency>>>
  readonly healthcheck?: ComposeHealthcheck
  readonly restart?: Sourced<ComposeRestart>
  readonly stopGracePeriodMs?: Sourced<number>
  readonly stopSignal?: Sourced<Parts>
  readonly deploy: ComposeDeploy
  readonly resources: ComposeResources
  /** How many containers; from `deploy.replicas` or `scale`. */
  readonly count?: Sourced<number>

  readonly logging?: { readonly driver?: Sourced<Parts>; readonly options: Texts }
  readonly labels: Texts
  readonly annotations: Texts

  readonly privileged?: Sourced<boolean>
  readonly capAdd: readonly Sourced<Parts>[]
  readonly capDrop: readonly Sourced<Parts>[]
  readonly securityOpt: readonly Sourced<Parts>[]
  readonly ulimits: Readonly<Record<string, Sourced<{ readonly soft: number; readonly hard: number }>>>
  readonly sysctls: Texts
  readonly pid?: Sourced<Parts>
  readonly ipc?: Sourced<Parts>
  readonly uts?: Sourced<Parts>
  readonly usernsMode?: Sourced<Parts>
  readonly cgroup?: Sourced<Parts>
  readonly cgroupParent?: Sourced<Parts>
  readonly runtime?: Sourced<Parts>
  readonly isolation?: Sourced<Parts>
  readonly oomScoreAdj?: Sourced<number>
}

export interface ComposeBuild {
  readonly position: Position
  /** A folder seen from `ComposeModel.folder`, or a URL. */
  readonly context?: Sourced<Parts>
  /** Path within the context. */
  readonly dockerfile?: Sourced<Parts>
  readonly target?: Sourced<Parts>
  readonly args: Texts
}

export interface ComposeEnvFile {
  readonly path: string
  readonly required: boolean
}

/** One port; a range makes several with the same key. */
export interface ComposePort {
  readonly target: number
  /** Absent: docker picks one. A range of which docker takes one is given by its ends. */
  readonly published?: number | { readonly from: number; readonly to: number }
  readonly hostIp?: string
  readonly protocol: string
  readonly mode?: string
  readonly name?: string
  readonly appProtocol?: string
}

export interface ComposeServiceNetwork {
  readonly aliases: readonly string[]
  readonly ipv4Address?: string
  readonly ipv6Address?: string
}

export interface ComposeMount {
  readonly type: string
  /** Name of a volume (type volume) or a path (type bind, relative to `ComposeModel.folder`); absent when anonymous. */
  readonly source?: string
  readonly target: string
  readonly readOnly: boolean
  /** `z` shared or `Z` private label. */
  readonly selinux?: string
  readonly propagation?: string
  /** The image's content is not copied into a new volume. */
  readonly nocopy?: boolean
  readonly subpath?: string
  readonly sizeBytes?: number
  readonly mode?: number
}

export interface ComposeTmpfs {
  readonly target: string
  readonly sizeBytes?: number
  readonly mode?: number
  /** All other mount options, as written. */
  readonly options: readonly string[]
}

export interface ComposeFileMount {
  /** Name of the top-level secret or config. */
  readonly source: string
  /** Absolute path in the container. */
  readonly target: string
  readonly uid?: string
  readonly gid?: string
  readonly mode?: number
}

export interface ComposeDependency {
  readonly condition: 'started' | 'healthy' | 'completed'
  readonly restart: boolean
  readonly required: boolean
}

export interface ComposeHealthcheck {
  readonly position: Position
  readonly comment?: string
  readonly test?: Sourced<HealthTest>
  readonly intervalMs?: Sourced<number>
  readonly timeoutMs?: Sourced<number>
  readonly retries?: Sourced<number>
  readonly startPeriodMs?: Sourced<number>
  readonly startIntervalMs?: Sourced<number>
  readonly disable?: Sourced<boolean>
}

export type HealthTest =
  | { readonly kind: 'none' }
  | { readonly kind: 'exec'; readonly words: readonly Parts[] }
  | { readonly kind: 'shell'; readonly command: Parts }

export interface ComposeRestart {
  readonly policy: 'no' | 'always' | 'on-failure' | 'unless-stopped'
  readonly attempts?: number
}

/** Limits and reservations, from `deploy.resources` or, where that is silent, the older service keys. */
export interface ComposeResources {
  readonly cpuLimit?: Sourced<number>
  readonly cpuReservation?: Sourced<number>
  readonly memoryLimitBytes?: Sourced<number>
  readonly memoryReservationBytes?: Sourced<number>
  readonly pidsLimit?: Sourced<number>
  readonly cpuShares?: Sourced<number>
  readonly cpuset?: Sourced<Parts>
  readonly memorySwapLimitBytes?: Sourced<number>
}

export interface ComposeDeploy {
  readonly mode?: Sourced<Parts>
  readonly endpointMode?: Sourced<Parts>
  readonly labels: Texts
  readonly constraints: readonly Sourced<Parts>[]
  readonly preferences: readonly Sourced<Parts>[]
  readonly maxPerNode?: Sourced<number>
  readonly restartCondition?: Sourced<Parts>
  readonly restartDelayMs?: Sourced<number>
  readonly restartAttempts?: Sourced<number>
  readonly restartWindowMs?: Sourced<number>
  readonly update: ComposeUpdate
  readonly rollback: ComposeUpdate
}

export interface ComposeUpdate {
  readonly parallelism?: Sourced<number>
  readonly delayMs?: Sourced<number>
  readonly monitorMs?: Sourced<number>
  readonly failureAction?: Sourced<Parts>
  readonly maxFailureRatio?: Sourced<number>
  readonly order?: Sourced<Parts>
}
