/** What Nomad and Consul told at one moment. */
export interface PlatformReading {
  readonly nomad: Told<NomadReading>
  readonly consul: Told<ConsulReading>
  /** Milliseconds since 1970, as all times here. */
  readonly at: number
}

/** A value, or why there is none, in words. */
export type Told<T> = { readonly value: T } | { readonly cause: string }

export interface NomadReading {
  /** Of one namespace, runs of periodic jobs included. */
  readonly jobs: readonly JobFacts[]
  readonly allocations: readonly AllocationFacts[]
  /** Why allocations wait for a place, by job. */
  readonly unplaced: ReadonlyMap<string, string>
}

export interface JobFacts {
  readonly id: string
  /** The periodic job that this is a run of. */
  readonly parent?: string
  readonly isStopped: boolean
  /** Of all its groups together. */
  readonly count: number
  readonly version: number
  /** The version that Nomad's latest deployment is of. */
  readonly deployedVersion?: number
  readonly submittedAt: number
}

export interface AllocationFacts {
  readonly id: string
  readonly job: string
  readonly jobVersion: number
  readonly desiredStatus: 'run' | 'stop' | 'evict'
  readonly clientStatus: 'pending' | 'running' | 'complete' | 'failed' | 'lost' | 'unknown'
  /** Nomad has placed another in its stead. */
  readonly isReplaced: boolean
  readonly createdAt: number
  readonly changedAt: number
  /** By Nomad's deployments: false when it was given up, absent while that is open or nobody looks. */
  readonly isHealthy?: boolean
  /** Of its main task; absent until its node tells of it. */
  readonly task?: TaskFacts
  /** A task that has not started waits for this, in Nomad's words. */
  readonly missing?: { readonly words: string; readonly since: number }
  /** Why it does not run as it should, in Nomad's words. */
  readonly trouble?: string
}

export interface TaskFacts {
  readonly state: 'pending' | 'running' | 'dead'
  readonly restarts: number
  readonly startedAt?: number
}

export interface ConsulReading {
  /** Those that have the mark of the stack. */
  readonly services: readonly ServiceFacts[]
}

/** A service as one node has it. */
export interface ServiceFacts {
  /** Unique together with the node. */
  readonly id: string
  readonly node: string
  readonly name: string
  /** From its meta. */
  readonly job?: string
  /** `group`, `external` and `scaler` are Drover's own registrations, others are Nomad's. */
  readonly kind?: string
  /** The sidecar of a service in the mesh. */
  readonly isProxy: boolean
  /** `address:port`; absent when it has none. */
  readonly endpoint?: string
  /** Its own, and those of its node that do not pass. */
  readonly checks: readonly CheckFacts[]
}

export interface CheckFacts {
  readonly id: string
  readonly name: string
  readonly status: 'passing' | 'warning' | 'critical'
  readonly output: string
  /** When it got this status, where that was seen. */
  readonly since?: number
}
