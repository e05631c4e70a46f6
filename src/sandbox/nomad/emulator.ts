import { randomUUID } from 'node:crypto'
import { realClock, type SandboxClock } from '../clock.ts'
import type { Tokens } from './acl.ts'
import { createApp } from './app.ts'
import { createClient } from './client/client.ts'
import type { Runner } from './client/runner.ts'
import type { Faults } from './faults.ts'
import { allocationRoutes } from './routes/allocations.ts'
import { clusterRoutes } from './routes/cluster.ts'
import { jobRoutes } from './routes/jobs.ts'
import { scalingRoutes } from './routes/scaling.ts'
import { createStreams } from './routes/stream.ts'
import { variableRoutes } from './routes/variables.ts'
import { createScheduler, type Scheduler } from './schedule/scheduler.ts'
import type { Server } from './server.ts'
import { createStore } from './state/store.ts'
import type { Allocation } from './state/types.ts'
import { createVariables } from './state/variables.ts'

export interface NomadEmulatorOptions {
  /** Runs the tasks: simulatedRunner() or processRunner(). */
  readonly runner: Runner
  /** 0, the default: any free one. Listens on 127.0.0.1. */
  readonly port?: number
  /** The machine's own unless given. */
  readonly clock?: SandboxClock
  readonly faults?: Faults
  /** With tokens, ACLs are on: who sends none of them is refused. */
  readonly tokens?: Tokens
  /** Beside `default`. */
  readonly namespaces?: readonly string[]
  /** Lines of events that are kept for those who come later; Nomad's own 100 unless given. */
  readonly eventBufferSize?: number
  /** The agent's max_kill_timeout, milliseconds; Nomad's own 30 s unless given. */
  readonly maxKillTimeoutMs?: number
  /** From an evaluation to its plan, and from a change of a task to the server, milliseconds. 2 and 20 unless given. */
  readonly delays?: { readonly scheduleMs?: number; readonly syncMs?: number }
  /** Reads job files for POST /v1/jobs/parse in its own way; what it answers undefined for is read as HCL or JSON. */
  readonly parse?: (hcl: string) => unknown
}

export interface NomadEmulator {
  /** Base URL of its HTTP API. */
  readonly address: string
  /** What is wrong from now on; `{}`: nothing. */
  setFaults(faults: Faults): void
  /** Ends every event stream without a word. */
  disconnectStreams(): void
  /** Event streams that are open. */
  streamCount(): number
  /** Forgets the events that are kept, as a restart of the server does, and ends the streams. */
  loseEvents(): void
  /** Called with an allocation whenever something of it has changed. Answers how to stop that. */
  onAllocation(listener: (allocation: Allocation) => void): () => void
  close(): Promise<void>
}

/** A Nomad of one server and one node, as far as Drover uses it. Throws when the port is taken. */
export async function startNomadEmulator(options: NomadEmulatorOptions): Promise<NomadEmulator> {
  const clock = options.clock ?? realClock()
  let faults = options.faults ?? {}
  const store = createStore({
    namespaces: ['default', ...(options.namespaces ?? [])],
    bufferSize: options.eventBufferSize ?? 100,
  })
  const client = createClient({
    store,
    clock,
    runner: options.runner,
    maxKillTimeoutMs: options.maxKillTimeoutMs ?? 30_000,
    syncMs: options.delays?.syncMs ?? 20,
    scheduler: () => scheduler,
  })
  const node = { ID: randomUUID(), Name: 'sandbox' }
  const scheduler: Scheduler = createScheduler({
    store,
    clock,
    node,
    delayMs: options.delays?.scheduleMs ?? 2,
    onPlanned: client.act,
  })
  const server: Server = { store, scheduler, client, clock, node }
  const streams = createStreams(store.events, clock, () => faults)
  const app = createApp({
    store,
    clock,
    streams,
    tokens: options.tokens,
    faults: () => faults,
    routes: [
      ...jobRoutes(server),
      ...scalingRoutes(server),
      ...allocationRoutes(server),
      ...variableRoutes(server, createVariables(store, clock)),
      ...clusterRoutes(server, options.parse, options.tokens !== undefined),
    ],
  })
  const address = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  return {
    address,
    setFaults(next) {
      faults = next
    },
    disconnectStreams: streams.disconnect,
    streamCount: streams.count,
    loseEvents() {
      store.events.clear()
      streams.disconnect()
    },
    onAllocation: (listener) =>
      store.events.listen(({ events }) => {
        for (const { Topic, Key } of events) {
          const allocation = Topic === 'Allocation' ? store.allocations.get(Key) : undefined
          if (allocation) listener(allocation)
        }
      }),
    async close() {
      streams.disconnect()
      await client.close()
      await app.close()
    },
  }
}
