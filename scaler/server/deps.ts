import type { FastifyBaseLogger } from 'fastify'
import type { Registry } from 'prom-client'
import type { HealthReport } from '../../src/core/health/report.ts'
import type { Stack } from '../../src/core/stack/stack.ts'
import type { Clock } from '../../src/ports.ts'
import type { History, Scaler } from '../reports.ts'
import type { EventHubLimits } from './event-hub.ts'

/** What the server is built with. */
export interface ServerDeps {
  readonly scaler: Scaler
  readonly history: History
  readonly metrics: { readonly registry: Registry }
  readonly clock: Clock
  readonly version: string
  /** Only errors are logged: what happens is told by the scaler's events. Default: nowhere. */
  readonly log?: FastifyBaseLogger
  /** Absent or empty: no orders are taken. */
  readonly token?: string
  readonly events?: EventHubLimits
  /** As it was read last; absent: what its parts need of each other, and cost, is not told. */
  readonly stack?: () => Stack
  /** How the parts of the stack are; absent: that is not told. */
  readonly health?: () => Promise<HealthReport & { readonly at: number }>
}
