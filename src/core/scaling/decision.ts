import type { GroupRef } from './group-ref.ts'

/** What is to be done about one group now, and why. */
export type Decision = Scale | Retire | Cordon | Lift | Hold

interface Decided {
  readonly group: GroupRef
  /** When it was decided; milliseconds since 1970. */
  readonly at: number
  readonly reasons: readonly Reason[]
  /** Allocations that the work asks for, within the bounds; absent when that is not known. */
  readonly need?: number
}

export interface Scale extends Decided {
  readonly kind: 'scale'
  readonly from: number
  /** Equal to `from` only to have Nomad fill a hole that a worker left. */
  readonly to: number
  readonly cause: ScaleCause
  /** For compare-and-set. */
  readonly jobModifyIndex: number
}

/**
 * grow: the work asks for more. follow: workers have left, and the count follows them. refill: one left, and is needed
 * after all. bounds: the count was outside of the bounds. idle-run: the highest allocations of a service are idle.
 */
export type ScaleCause = 'grow' | 'follow' | 'refill' | 'bounds' | 'idle-run'

export interface Retire extends Decided {
  readonly kind: 'retire'
  /** They finish what they have, and leave. */
  readonly allocations: readonly string[]
}

export interface Cordon extends Decided {
  readonly kind: 'cordon'
  readonly allocations: readonly string[]
}

export interface Lift extends Decided {
  readonly kind: 'lift'
  readonly allocations: readonly string[]
}

export interface Hold extends Decided {
  readonly kind: 'hold'
  readonly count: number
  readonly because: HoldReason
}

export type HoldReason =
  | 'steady'
  | 'keep-alive'
  | 'cooldown'
  | 'stabilizing'
  | 'rate-limit'
  | 'at-bound'
  | 'no-sample'
  | 'stale-sample'
  | 'not-ready'
  | 'ends-at-once'
  | 'deployment-active'
  | 'busy'
  | 'retiring'
  | 'paused'
  | 'job-stopped'
  | 'job-missing'
  | 'cluster-blind'

/** One step of the way to a decision, as data; explain() has the words. */
export type Reason =
  | {
      readonly kind: 'demand'
      readonly waiting: number
      readonly active: number
      readonly busySlots?: number
      readonly oldestAgeMs?: number
    }
  /** `count` absent: it abstains, and says why; an abstention may hold, never lower. */
  | { readonly kind: 'vote'; readonly strategy: string; readonly count?: number; readonly why: string }
  | { readonly kind: 'clamp'; readonly by: Clamp; readonly from: number; readonly to: number }
  | {
      readonly kind: 'capacity'
      readonly running: number
      readonly starting: number
      readonly retiring: number
      readonly gone: number
    }
  | {
      readonly kind: 'victim'
      readonly allocation: string
      readonly why: string
      readonly idleForMs?: number
    }
  | {
      readonly kind: 'spared'
      readonly allocation: string
      readonly why: 'busy' | 'unknown' | 'keep-alive' | 'starting'
    }
  | { readonly kind: 'wait'; readonly why: string; readonly untilMs?: number }
  | { readonly kind: 'unknown'; readonly what: string; readonly code: string; readonly message: string }

export type Clamp =
  | 'min'
  | 'max'
  | 'schedule'
  | 'budget'
  | 'by-hand'
  | 'rate'
  | 'cooldown'
  | 'stabilization'
  | 'unknown'
