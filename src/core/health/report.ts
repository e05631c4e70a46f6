import type { JobKind } from '../stack/sections.ts'
import type { CheckFacts } from './reading.ts'

/**
 * healthy: all that should run does, and every check passes. idle: nothing has to run now. starting: on its way.
 * waiting: kept from starting by something else. degraded: it serves, not as it should. down: it does not.
 * unknown: it cannot be seen, which is never taken for healthy.
 */
export type HealthState = 'healthy' | 'idle' | 'starting' | 'waiting' | 'degraded' | 'down' | 'unknown'

/** One part of the stack: a job, what runs elsewhere, or the scaler. */
export interface HealthLine {
  readonly name: string
  readonly kind: JobKind | 'external' | 'scaler'
  readonly state: HealthState
  /** One line for people. */
  readonly why?: string
  /** Allocations that should run, and that do; absent where Nomad does not tell, or there are none of it. */
  readonly desired?: number
  readonly running?: number
  /** Of the main tasks that run now. */
  readonly restarts?: number
  /** Milliseconds since 1970. */
  readonly changedAt?: number
  /** `address:port` as Consul has them. */
  readonly endpoints: readonly string[]
  readonly checks: readonly LineCheck[]
  readonly waitsFor: readonly Wait[]
}

export interface LineCheck extends CheckFacts {
  readonly service: string
}

/** What keeps a job from starting. */
export interface Wait {
  readonly for: 'service' | 'variable' | 'other'
  /** The service or variable; Nomad's own words for what else there is. */
  readonly name: string
  /** Since when the job waits, milliseconds since 1970. */
  readonly since: number
  /** The first check of the service that does not pass; absent when there is none. */
  readonly check?: CheckFacts
  /** Whether Consul has the service; absent where that cannot be seen. */
  readonly isRegistered?: boolean
}

export interface HealthReport {
  readonly lines: readonly HealthLine[]
  /** Who could not be asked, and why. */
  readonly unseen: readonly { readonly source: 'Nomad' | 'Consul'; readonly cause: string }[]
}

/** A state and why. */
export interface Verdict {
  readonly state: HealthState
  readonly why?: string
}

export function isLineHealthy({ state }: Pick<HealthLine, 'state'>): boolean {
  return state === 'healthy' || state === 'idle'
}

/** Whether everything was seen, and is as it should be. */
export function isHealthy({ lines, unseen }: HealthReport): boolean {
  return unseen.length === 0 && lines.every(isLineHealthy)
}
