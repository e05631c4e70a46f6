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
