import type { Decision } from '../src/core/scaling/decision.ts'
import type { AllocationState } from '../src/core/scaling/group.ts'
import type { GroupRef } from '../src/core/scaling/group-ref.ts'
import type { ScalingPolicy } from '../src/core/scaling/policy.ts'
import type { QueueReading, SourceCause, WorkerState } from '../src/core/scaling/sample.ts'
import type { ActionAnswer, ClusterState, SourceState, Subscription } from '../src/ports.ts'

/** What happened, told once: log, metrics, history, alerts and the API's event stream all listen to it. */
export type ScalerEvent = {
  /** Counts up from 1 within this process. */
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** One line for people. */
  readonly message: string
} & ScalerFact

export type ScalerFact =
  /** Every decision; `isNews` when it changes something, or holds for another reason than before. */
  | {
      readonly kind: 'decision'
      readonly group: GroupRef
      readonly decision: Decision
      readonly isNews: boolean
      /** Of a daemon that does not lead: nothing comes of it. */
      readonly isFollower?: true
      readonly inputs: DecisionInputs
    }
  /** What came of a decision; `tookMs` from the event that woke the group to Nomad's answer. */
  | {
      readonly kind: 'action'
      readonly group: GroupRef
      readonly decision: Decision
      readonly answer: ActionAnswer
      readonly tookMs: number
    }
  /** Seen of Nomad: the count was changed by another, an allocation failed, a worker left, a node is drained. */
  | { readonly kind: 'observed'; readonly group: GroupRef; readonly what: string }
  | {
      readonly kind: 'source'
      readonly source: string
      readonly state: SourceState
      readonly cause?: SourceCause
    }
  | { readonly kind: 'cluster'; readonly state: ClusterState }
  | { readonly kind: 'leader'; readonly isLeader: boolean }
  | { readonly kind: 'order'; readonly group: GroupRef; readonly order: string; readonly by: string }
  | { readonly kind: 'alert'; readonly alert: AlertReport }
  | { readonly kind: 'config'; readonly ok: boolean }

/** Everything that decide() was given, as data that can be kept and replayed. */
export interface DecisionInputs {
  readonly policy: ScalingPolicy
  readonly samples: Readonly<Record<string, QueueReading>>
  readonly workers:
    | { readonly ok: true; readonly workers: readonly WorkerState[] }
    | { readonly ok: false; readonly cause: SourceCause }
  readonly group: unknown
}

export interface GroupReport {
  readonly group: GroupRef
  readonly name: string
  readonly policy: ScalingPolicy
  /** Bounds in force now, with what set them. */
  readonly bounds: { readonly min: number; readonly max: number; readonly by: string }
  readonly job: 'present' | 'stopped' | 'missing'
  /** Nomad's count. */
  readonly desired: number
  readonly live: number
  readonly starting: number
  /** Workers known to run a task, known to run none, and those of which neither is known. */
  readonly busy: number
  readonly idle: number
  readonly unknown: number
  readonly retiring: number
  readonly cordoned: number
  /** Of all queues together; absent when any is not known. */
  readonly waiting?: number
  readonly active?: number
  readonly delayed?: number
  readonly oldestAgeMs?: number
  readonly throughputPerMin?: number
  /** Age of the oldest sample used. */
  readonly sampleAgeMs?: number
  readonly paused?: {
    readonly since: number
    readonly by?: string
    readonly reason?: string
    readonly until?: number
  }
  readonly decision?: Decision
  /** The decision in words. */
  readonly explained?: string
  /** Since when the decision has been this one. */
  readonly decidedSince?: number
  readonly lastEvaluatedAt?: number
  readonly lastChange?: { readonly at: number; readonly from: number; readonly to: number }
  readonly workers: readonly WorkerReport[]
  readonly alerts: readonly AlertReport[]
  readonly costPerHour?: number
}

export interface WorkerReport {
  readonly allocation?: AllocationState
  readonly worker?: WorkerState
  readonly state: 'starting' | 'busy' | 'idle' | 'unknown' | 'retiring' | 'cordoned' | 'failed'
  readonly idleSince?: number
}

export interface AlertReport {
  readonly kind:
    | 'at-max'
    | 'backlog-over-threshold'
    | 'source-blind'
    | 'retirement-stuck'
    | 'scale-refused'
    | 'allocation-failed'
    | 'budget-reached'
  readonly group?: string
  readonly message: string
  readonly since: number
  readonly resolvedAt?: number
}

export interface ScalerHealth {
  readonly live: true
  readonly ready: boolean
  /** What is wrong, one line each; empty when ready. */
  readonly problems: readonly string[]
  readonly isLeader: boolean
  readonly leader?: string
  readonly cluster: ClusterState
  readonly sources: Readonly<Record<string, SourceState>>
  readonly dryRun: boolean
  readonly startedAt: number
}

/** Who asks, for the log and the history. */
export interface Asker {
  readonly by: string
  readonly reason?: string
}

/** The running scaler as its API sees it. Orders throw DroverError: USAGE for an unknown group or worker. */
export interface Scaler {
  health(): ScalerHealth
  groups(): readonly GroupReport[]
  /** By name (`worker_heavy`, `job/group`, `namespace/job/group`); undefined when there is none. */
  group(name: string): GroupReport | undefined
  subscribe(listener: (event: ScalerEvent) => void): Subscription
  /** Orders reach the lock store before they answer. On a follower they throw UNAVAILABLE, naming the leader. */
  pause(name: string, asker: Asker & { readonly untilMs?: number }): Promise<void>
  resume(name: string, asker: Asker): Promise<void>
  setBounds(
    name: string,
    bounds: { readonly min?: number; readonly max?: number } | undefined,
    asker: Asker,
  ): Promise<void>
  scaleNow(name: string, count: number, asker: Asker): Promise<ActionAnswer>
  /** The start of an allocation's id is enough. */
  retire(name: string, allocation: string, asker: Asker): Promise<ActionAnswer>
  /** Reads the configuration and the stack again; a bad one leaves everything as it was, and throws CONFIG_INVALID or STACK_INVALID. */
  reload(): Promise<void>
}

/** A decision that was kept. */
export interface HistoryEntry {
  readonly at: number
  readonly group: string
  readonly event: ScalerEvent
}

/** The bounded local store of what was decided. */
export interface History {
  /** Never throws: what cannot be kept is counted, and said once. */
  add(event: ScalerEvent): void
  /** Newest first. `before` and `after` are milliseconds since 1970; `limit` at most 1000. */
  find(query: {
    readonly group?: string
    readonly before?: number
    readonly after?: number
    readonly limit: number
  }): readonly HistoryEntry[]
  /** Adds a point to the series of each group; one a minute is kept. Never throws. */
  record(groups: readonly GroupReport[], at: number): void
  /** For charts, oldest first: one point a minute, of the last week. Minutes without a point were not recorded. */
  series(group: string, from: number, to: number): readonly SeriesPoint[]
  close(): Promise<void>
}

/** How a group stood in one minute. What was not known is absent. */
export interface SeriesPoint {
  /** The start of the minute; milliseconds since 1970. */
  readonly at: number
  readonly desired: number
  readonly live: number
  readonly busy: number
  readonly waiting?: number
  readonly active?: number
  readonly oldestAgeMs?: number
  readonly costPerHour?: number
}
