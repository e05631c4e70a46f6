import type { ListenAddress } from './listen.ts'

/** The scaler's configuration with every default filled in that needs no environment. */
export interface ScalerConfig {
  readonly listen: ListenAddress
  readonly tokenFile?: string
  /** In place of the stack's. */
  readonly intervalMs?: number
  readonly nomad: {
    readonly address?: string
    readonly namespace?: string
    readonly region?: string
    readonly tokenFile?: string
    readonly caFile?: string
  }
  readonly lock: { readonly enabled: boolean; readonly path?: string }
  readonly redis: {
    readonly url?: string
    readonly username?: string
    readonly passwordFile?: string
    readonly caFile?: string
  }
  readonly history: { readonly path?: string; readonly maxBytes: number; readonly keepMs: number }
  readonly log: { readonly level: LogLevel; readonly format: 'auto' | 'json' | 'text' }
  readonly alerts: {
    readonly webhookFile?: string
    readonly on?: readonly string[]
    readonly afterMs: number
    readonly maxAgeMs?: number
  }
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
