import type { GroupRef } from '../src/core/scaling/group-ref.ts'
import type { ScalingPolicy } from '../src/core/scaling/policy.ts'
import type {
  Clock,
  ClusterEvent,
  ClusterMirror,
  LockStore,
  NomadActions,
  QueueSource,
} from '../src/ports.ts'
import type { Brain } from './decide/brain.ts'
import type { EventListener } from './event-bus.ts'
import type { Timers } from './timers.ts'

/** What a scaler is built with. */
export interface ScalerDeps {
  readonly clock: Clock
  readonly settings: ScalerSettings
  readonly actions: NomadActions
  /** Opens the mirror; its first full reading of Nomad is told by the state `ready`. */
  openMirror(listener: (event: ClusterEvent) => void): ClusterMirror
  readonly sources: ReadonlyMap<string, QueueSource>
  readonly policies: PolicyProvider
  /** Without one there is no other daemon, and what is remembered dies with this one. */
  readonly lock?: LockStore
  /** To have workers take nothing, and take again. Without one, nobody is cordoned. */
  readonly workers?: WorkerPort
  readonly listeners?: readonly EventListener[]
  readonly timers?: Timers
  readonly brain?: Brain
  /** From 0 up to 1, to spread retries. */
  random?(): number
}

export interface ScalerSettings {
  /** What this daemon is called where others read who leads. */
  readonly name: string
  /** Between two sweeps of everything. */
  readonly intervalMs: number
  /** A reading older than this is not acted upon. */
  readonly staleAfterMs: number
  /** The actions only record what they are asked: leads without a lock, and remembers nothing that it did not do. */
  readonly dryRun: boolean
}

export interface PolicyProvider {
  /** Reads the stack file, or what stands in its place. Throws STACK_INVALID or CONFIG_INVALID. */
  load(): Promise<readonly ScalingPolicy[]>
  /** Which source reads the queues of a policy, by name; undefined: the only one that there is. */
  sourceOf?(policy: ScalingPolicy): string | undefined
  /** What all workers may cost together; undefined: anything. */
  budget?(): { readonly maxPerHour: number } | undefined
}

/** Commands to workers. None throws. */
export interface WorkerPort {
  cordon(group: GroupRef, allocation: string): Promise<WorkerCommandAnswer>
  lift(group: GroupRef, allocation: string): Promise<WorkerCommandAnswer>
  /**
   * Has a worker take nothing and stand where the signal to leave does no harm. Only there where workers need it: it
   * has to be lifted when the signal is not sent after all.
   */
  settle?(group: GroupRef, allocation: string): Promise<WorkerCommandAnswer>
}

export type WorkerCommandAnswer = { readonly ok: true } | { readonly ok: false; readonly message: string }
