import type { SandboxClock } from '../clock.ts'
import type { Client } from './client/client.ts'
import type { Scheduler } from './schedule/scheduler.ts'
import type { Store } from './state/store.ts'

/** What the operations on jobs and allocations work with. */
export interface Server {
  readonly store: Store
  readonly scheduler: Scheduler
  readonly client: Client
  readonly clock: SandboxClock
  readonly node: { readonly ID: string; readonly Name: string }
}
