import type { GroupState } from './core/scaling/group.ts'
import type { GroupRef } from './core/scaling/group-ref.ts'
import type { SourceCause, SourceReading } from './core/scaling/sample.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

/** Where queues are read: one per broker, for any number of queues. */
export interface QueueSource {
  /** Reads all of the queues at once. Never rejects: what cannot be read is in the reading, with its cause. */
  sweep(queues: readonly string[]): Promise<SourceReading>
  /**
   * Tells of changes in these queues as they happen, as far as the source can; polls are the safety net. A
   * listener that throws is the caller's bug. Watching replaces what was watched before.
   */
  watch(queues: readonly string[], listener: SourceListener): Subscription
  state(): SourceState
  /** Closes every connection; sweeps under way answer `closed`. */
  close(): Promise<void>
}

export type SourceListener = (event: SourceEvent) => void

export type SourceEvent =
  /** Something happened in these queues: read them. */
  | { readonly kind: 'changed'; readonly queues: readonly string[] }
  /** A worker took or finished something, came or went. */
  | { readonly kind: 'worker'; readonly worker: string }
  /** Events may have been missed: read everything. */
  | { readonly kind: 'missed' }
  | { readonly kind: 'state'; readonly state: SourceState }

export interface Subscription {
  close(): void
}

export interface SourceState {
  readonly polls: ConnectionState
  readonly pushes: ConnectionState
}

export interface ConnectionState {
  /** `off`: not wanted, or the source has none. */
  readonly status: 'off' | 'connecting' | 'ready' | 'lost'
  /** Milliseconds since 1970. */
  readonly since: number
  readonly cause?: SourceCause
}

/** What the scaler knows of Nomad, kept current by one event stream. */
export interface ClusterMirror {
  state(): ClusterState
  /**
   * The group as last heard, the same object for as long as nothing of it changes; undefined for a job that Nomad does
   * not have. Throws nothing.
   */
  group(ref: GroupRef): ClusterGroup | undefined
  /** Every group with a `scaling` block, of all namespaces that the token may read. */
  scalable(): readonly ScalableGroup[]
  /** The task of a group that takes from queues: of those that are no helpers, the one with its name, or the first. */
  taskOf(ref: GroupRef): string | undefined
  /** Names of the nodes that are being drained, as of about a minute ago at most; none where the token may not read nodes. */
  draining(): ReadonlySet<string>
  close(): Promise<void>
}

export interface ClusterState {
  /** lost: what is known may be old. */
  readonly status: 'connecting' | 'ready' | 'lost'
  /** Milliseconds since 1970. */
  readonly since: number
  /** When Nomad last said anything, a sign of life included; milliseconds since 1970. */
  readonly heardAt: number
  /** In words, for `lost` and `connecting`; names no token. */
  readonly cause?: string
}

/** GroupState without what Drover itself remembers. */
export type ClusterGroup = Omit<GroupState, 'memory' | 'heardAt' | 'job'> & {
  readonly job: 'present' | 'stopped'
  readonly jobType: string
}

export interface ScalableGroup {
  readonly group: GroupRef
  readonly jobType: string
  readonly min: number
  readonly max: number
  /** The body of the `policy` block as Nomad keeps it. */
  readonly policy: unknown
  /** The job's meta. */
  readonly meta: Readonly<Record<string, string>>
}

export type ClusterEvent =
  | { readonly kind: 'state'; readonly state: ClusterState }
  /** Something of this group changed: its count, its allocations, its deployment. */
  | { readonly kind: 'group'; readonly group: GroupRef }
  /** Jobs came, went, or changed their scaling blocks. */
  | { readonly kind: 'jobs' }

/** What is done to Nomad. Nothing here throws for an answer of Nomad's: every answer is a value. */
export interface NomadActions {
  /** Sets the count, if the job still has this modify index. Repeated only while that cannot apply it twice. */
  scale(request: ScaleRequest): Promise<ActionAnswer>
  /** Sends SIGTERM to a worker's main task, without a kill timer. */
  retire(allocation: string, task: string): Promise<ActionAnswer>
  /** Registers a job that was garbage-collected again, at this count. */
  revive(group: GroupRef, count: number): Promise<ActionAnswer>
  /**
   * Keeps a version of a job within reach of `job revert`, since every scale makes a version and Nomad keeps six.
   * For a deploy's version once a scale has made the next: the tag of the present one would be handed on to every
   * later one, and Nomad would keep them all. `name` starts with `drover-`; the last five of those are kept.
   */
  tagVersion(group: GroupRef, version: number, name: string, description: string): Promise<ActionAnswer>
}

export interface ScaleRequest {
  readonly group: GroupRef
  readonly count: number
  readonly jobModifyIndex: number
  /** Kept by Nomad with the event, for people. */
  readonly message: string
  readonly meta?: Readonly<Record<string, string | number>>
}

export type ActionAnswer =
  | {
      readonly ok: true
      readonly jobModifyIndex?: number
      readonly evaluation?: string
      readonly attempts: number
    }
  | {
      readonly ok: false
      readonly refusal: Refusal
      /** Nomad's own words; never a token. */
      readonly message: string
      readonly status?: number
      /** True when it may have been done all the same: read before doing it again. */
      readonly mayBeDone: boolean
      readonly attempts: number
    }

export type Refusal =
  /** A deployment is under way; try again when its end is heard of. */
  | 'deployment-active'
  /** The job has changed meanwhile; decide anew. */
  | 'stale-index'
  | 'job-stopped'
  | 'job-missing'
  | 'group-missing'
  | 'allocation-missing'
  | 'task-not-running'
  /** Asked to stand where the signal to leave does no harm, the worker did not say that it does. */
  | 'worker-not-ready'
  | 'out-of-bounds'
  /** The token is unknown, expired or too weak; the message names the capability that it lacks. */
  | 'forbidden'
  | 'rate-limited'
  | 'no-leader'
  | 'invalid'
  | 'server-error'
  | 'unreachable'
  | 'timeout'
  /** Only said: --dry-run. */
  | 'dry-run'

/** A Nomad variable under a lock: who holds it is enforced by Nomad. */
export interface LockStore {
  /** Takes the lock and replaces the items; `held` when another has it. */
  acquire(items: Readonly<Record<string, string>>): Promise<LockAnswer>
  renew(lock: string): Promise<LockAnswer>
  /** Writes items as the holder. */
  write(lock: string, items: Readonly<Record<string, string>>): Promise<LockAnswer>
  release(lock: string): Promise<LockAnswer>
  /** `isHeld`: another has it, so that to ask for it is of no use, and nobody else can write. */
  read(): Promise<
    | { readonly ok: true; readonly items: Readonly<Record<string, string>>; readonly isHeld: boolean }
    | { readonly ok: false; readonly message: string }
  >
}

export type LockAnswer =
  | { readonly ok: true; readonly lock: string }
  | {
      readonly ok: false
      readonly reason: 'held' | 'lost' | 'forbidden' | 'unavailable' | 'invalid'
      readonly message: string
    }
