/** A group as Nomad has it, and what Drover remembers of it. */
export interface GroupState {
  /** missing: Nomad does not know the job, or it was garbage-collected. stopped: a scale would do nothing. */
  readonly job: 'present' | 'stopped' | 'missing'
  /** The count that Nomad holds, not what runs. 0 for a missing job. */
  readonly count: number
  /** For compare-and-set. */
  readonly jobModifyIndex: number
  readonly jobVersion: number
  /** A deployment is under way, which refuses every scale (service jobs only). */
  readonly deploymentActive: boolean
  /** Those of the group that are not known to be gone, and the complete ones of the present job version. */
  readonly allocations: readonly AllocationState[]
  /** Names of nodes that are being drained, of those on which allocations of the group are; absent: none. */
  readonly draining?: readonly string[]
  /** When Nomad was last heard of; milliseconds since 1970. */
  readonly heardAt: number
  readonly memory: GroupMemory
}

export interface AllocationState {
  readonly id: string
  /** `job.group[index]`. */
  readonly name: string
  readonly index: number
  readonly node: string
  /** running says that some task has started, which can be one that only prepares. */
  readonly clientStatus: 'pending' | 'running' | 'complete' | 'failed' | 'lost' | 'unknown'
  readonly desiredStatus: 'run' | 'stop' | 'evict'
  readonly jobVersion: number
  readonly createdAt: number
  /** When its main task started; absent while it has not. Milliseconds since 1970, by the node's clock. */
  readonly startedAt?: number
  /** Restarts of its main task so far. */
  readonly restarts?: number
  /** Nomad has placed another in its stead. */
  readonly isReplaced?: boolean
  /** In Nomad's words, of the last event that tells why it does not run. */
  readonly trouble?: string
}

/** What must outlive the process and a change of leader. All times are milliseconds since 1970. */
export interface GroupMemory {
  /** Changes of the count by Drover in the last ten minutes, oldest first. */
  readonly changes: readonly CountChange[]
  /** What the strategies wanted lately, oldest first, as far back as stabilization asks. */
  readonly proposals: readonly { readonly at: number; readonly count: number }[]
  /** Since when allocations are known to be idle without a break; by allocation. */
  readonly idleSince: Readonly<Record<string, number>>
  /** Allocations that were asked to leave. */
  readonly retiring: readonly Asked[]
  /** Allocations that were asked to take nothing, and can be asked to take again. */
  readonly cordoned: readonly Asked[]
  /** Of a batch job: workers that were gone before they could have taken a task. */
  readonly endedEarly?: EndedEarly
  readonly paused?: {
    readonly since: number
    readonly by?: string
    readonly reason?: string
    readonly until?: number
  }
  /** Bounds set by hand, in place of the policy's. */
  readonly bounds?: {
    readonly min?: number
    readonly max?: number
    readonly by?: string
    readonly since: number
  }
}

export interface CountChange {
  readonly at: number
  /** Without the places of workers that had left, where those are filled again. */
  readonly from: number
  readonly to: number
}

export interface EndedEarly {
  /** So many times in a row some were placed and ended at once. */
  readonly inARow: number
  /** The last time. */
  readonly at: number
  /** Complete allocations that were looked at already. */
  readonly seen: readonly string[]
}

export interface Asked {
  readonly allocation: string
  readonly since: number
  /** When its main task had started at that time, by the node's clock: another start is another worker. */
  readonly startedAt?: number
}

export const NO_MEMORY: GroupMemory = {
  changes: [],
  proposals: [],
  idleSince: {},
  retiring: [],
  cordoned: [],
}
