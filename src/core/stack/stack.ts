import type { DocumentPath } from '../issue.ts'
import type { Pace } from '../scaling/policy.ts'
import type { External } from './external.ts'
import type { Scaling } from './scaling.ts'
import type { JobKind, Section } from './sections.ts'
import type { Volume } from './volume.ts'

export type { Volume } from './volume.ts'

/** A piece of a value: literal text, or something known only when the task starts. */
export type Part =
  | string
  | { readonly secret: string; readonly quote?: 'json' }
  | {
      readonly service: string
      readonly port?: string
      readonly part: 'address' | 'host' | 'port'
      /** Whether the task waits for the service, or starts without it. */
      readonly wait: boolean
    }

/** Pieces that are joined without a separator; neighbouring texts are one piece. */
export type Value = readonly Part[]

export interface Resources {
  /** Cores that the task may use; 0 when `cores` pins whole ones. */
  readonly cpu: number
  /** Cores set aside by the scheduler. */
  readonly cpuReserved: number
  readonly cpuHardLimit: boolean
  readonly cores?: number
  /** Limit in MB of 1024 * 1024 bytes. */
  readonly memoryMb: number
  readonly memoryReservedMb: number
}

export type Mount =
  | { readonly volume: string; readonly to: string; readonly readOnly: boolean; readonly path: DocumentPath }
  | { readonly host: string; readonly to: string; readonly readOnly: boolean; readonly path: DocumentPath }

export interface Tmpfs {
  readonly to: string
  readonly sizeBytes?: number
  /** Permission bits. */
  readonly mode?: number
}

export interface EmbeddedFile {
  readonly to: string
  /** The text, its `@NAME@` marks replaced by parts. */
  readonly content: Value
  readonly mode: string
  readonly onChange: 'restart' | 'signal' | 'none'
  readonly signal: string
  readonly path: DocumentPath
}

export type Restart =
  | 'always'
  | 'never'
  | {
      readonly attempts: number
      readonly interval: string
      readonly delay: string
      readonly mode: 'delay' | 'fail'
    }

export interface Task {
  readonly name: string
  readonly path: DocumentPath
  readonly driver: 'docker' | 'exec' | 'raw_exec' | 'podman'
  readonly image?: string
  readonly entrypoint?: readonly Value[]
  readonly command?: readonly Value[]
  readonly user?: string
  readonly workDir?: string
  readonly hostname?: string
  /** Name to value; names sorted, shared blocks already merged. */
  readonly env: Readonly<Record<string, Value>>
  /** Where each variable is written: in the task or in a shared block. */
  readonly envPaths: Readonly<Record<string, DocumentPath>>
  readonly files: readonly EmbeddedFile[]
  readonly mounts: readonly Mount[]
  readonly tmpfs: readonly Tmpfs[]
  readonly readOnly: boolean
  readonly securityOpt: readonly string[]
  readonly capAdd: readonly string[]
  readonly capDrop: readonly string[]
  readonly ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>
  readonly resources: Resources
  readonly logs: { readonly files: number; readonly fileSizeMb: number }
  /** A Nomad duration. */
  readonly killTimeout: string
  readonly killSignal?: string
  readonly restart: Restart
  readonly config: Readonly<Record<string, unknown>>
}

export interface Port {
  readonly name: string
  readonly container: number
  readonly publish?: {
    readonly port: number
    /** A client's host_network; absent means every address of the node. */
    readonly hostNetwork?: string
  }
}

export interface CheckTiming {
  readonly name: string
  readonly port?: string
  readonly interval: string
  readonly timeout: string
  readonly retries: number
  readonly grace: string
  readonly onUnhealthy: 'restart' | 'report'
  readonly path: DocumentPath
}

export type Check = CheckTiming &
  (
    | {
        readonly type: 'http'
        readonly httpPath: string
        readonly method?: string
        readonly protocol?: string
        readonly headers?: Readonly<Record<string, readonly string[]>>
      }
    | { readonly type: 'tcp' }
    | { readonly type: 'grpc'; readonly grpcService?: string; readonly tls?: boolean }
    | { readonly type: 'script'; readonly command: readonly Value[] }
  )

export type Condition = 'healthy' | 'started' | 'completed'

export interface Dependency {
  readonly on: string
  readonly condition: Condition
  readonly path: DocumentPath
}

export interface Update {
  readonly maxParallel: number
  readonly canary: number
  readonly autoPromote: boolean
  readonly autoRevert: boolean
  readonly minHealthyTime: string
  readonly healthyDeadline: string
  readonly progressDeadline: string
}

export interface Scale {
  readonly min: number
  readonly max: number
  readonly typical: number
  readonly keepAliveMs: number
  readonly startUpMs: number
  /** Strategy name to its options as written. */
  readonly strategies: Readonly<Record<string, unknown>>
  readonly up: Pace
  readonly down: Pace
}

export interface Celery {
  readonly app: string
  readonly logLevel: string
  readonly prefetchMultiplier: number
  /** A task is acknowledged when it is done, so that a worker that dies does not take it along. */
  readonly acksLate: boolean
  readonly maxTasksPerChild?: number
  readonly timeLimitMs?: number
  readonly softTimeLimitMs?: number
  readonly arguments: readonly string[]
}

export interface WorkerFacts {
  readonly queues: readonly string[]
  readonly concurrency: number
  readonly scale: Scale
  readonly celery?: Celery
  readonly longestTaskMs?: number
  readonly jobType: 'batch' | 'service'
}

export interface Selector {
  readonly attribute: string
  readonly operator: string
  readonly value?: string
  readonly weight?: number
}

export interface Job {
  readonly name: string
  readonly kind: JobKind
  readonly section: Section
  /** Where the job stands in the stack file. */
  readonly path: DocumentPath
  readonly description?: string
  readonly profiles: readonly string[]
  readonly dependsOn: readonly Dependency[]
  readonly networks: readonly string[]
  readonly ports: readonly Port[]
  readonly checks: readonly Check[]
  readonly main: Task
  readonly init: readonly Task[]
  readonly sidecars: readonly Task[]
  readonly count: number
  readonly worker?: WorkerFacts
  readonly periodic?: {
    readonly crons: readonly string[]
    readonly timeZone: string
    readonly overlap: boolean
  }
  readonly update?: Update
  readonly shutdownDelay?: string
  readonly priority?: number
  readonly datacenters: readonly string[]
  readonly nodePool?: string
  readonly constraints: readonly Selector[]
  readonly affinities: readonly Selector[]
  readonly spread: readonly {
    readonly attribute: string
    readonly weight: number
    readonly targets: Readonly<Record<string, number>>
  }[]
  readonly meta: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly silence: Readonly<Record<string, string>>
  readonly patch?: Readonly<Record<string, unknown>>
}

export interface Cluster {
  readonly region?: string
  readonly namespace: string
  readonly datacenters: readonly string[]
  readonly nodePool?: string
  readonly nodes: 'one' | 'many'
  readonly cpuMhzPerCore: number
  readonly memoryOversubscription: boolean
  readonly maxKillTimeoutMs: number
  readonly hostNetworks: readonly string[]
  readonly isolation: 'none' | 'docker' | 'intentions'
  readonly addresses: 'host' | 'allocation'
  readonly dockerVolumes: boolean
  readonly prices?: { readonly currency: string; readonly coreHour: number; readonly gbHour: number }
}

export interface Broker {
  readonly software: 'celery' | 'bullmq'
  readonly service: string
  readonly port?: string
  readonly database: number
  readonly prefix: string
  /** Celery: as the application has them; absent: kombu's own. */
  readonly prioritySteps?: readonly number[]
  readonly separator?: string
  readonly password?: string
  readonly visibilityTimeoutMs: number
  /** Celery: more of `broker_transport_options`, as written. */
  readonly transportOptions?: Readonly<Record<string, unknown>>
}

/** The stack with every default filled in; references are not checked yet. */
export interface Stack {
  readonly name: string
  readonly cluster: Cluster
  readonly secrets: Readonly<
    Record<string, { readonly path: string; readonly key: string; readonly description?: string }>
  >
  readonly networks: Readonly<Record<string, { readonly internal: boolean; readonly description?: string }>>
  readonly volumes: Readonly<Record<string, Volume>>
  readonly broker?: Broker
  readonly scaling: Scaling
  readonly routes: Readonly<Record<string, string>>
  readonly external: readonly External[]
  readonly jobs: readonly Job[]
  readonly silence: Readonly<Record<string, string>>
}

/** All tasks of a job in the order in which they start. */
export function tasksOf(job: Job): readonly Task[] {
  return [...job.init, job.main, ...job.sidecars]
}
