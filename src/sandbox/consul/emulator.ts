import { realClock, type SandboxClock } from '../clock.ts'
import type { HttpFaults } from '../faults.ts'
import { createConsulAgent } from './agent/agent.ts'
import type { ServiceDefinition } from './agent/definition.ts'
import { type RunCheck, runLocalCheck } from './agent/run-check.ts'
import { createConsulApp } from './app.ts'
import { agentRoutes } from './routes/agent.ts'
import { catalogRoutes } from './routes/catalog.ts'
import { configRoutes } from './routes/config.ts'
import { keyRoutes } from './routes/keys.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { createKeys } from './state/locks.ts'
import { createConsulStore } from './state/store.ts'

export interface ConsulEmulatorOptions {
  /** 0, the default: any free one. Listens on 127.0.0.1. */
  readonly port?: number
  /** The machine's own unless given. */
  readonly clock?: SandboxClock
  readonly nodeName?: string
  readonly faults?: HttpFaults
  /** How http and tcp checks are run. Default: for real, at this machine only. */
  readonly runCheck?: RunCheck
}

export interface ConsulEmulator {
  /** Base URL of its HTTP API. */
  readonly address: string
  /** What is wrong from now on; `{}`: nothing. */
  setFaults(faults: HttpFaults): void
  /** As a client of the agent on the node does, Nomad above all. */
  register(service: ServiceDefinition): void
  /** Does nothing when it is gone already. */
  deregister(id: string): void
  close(): Promise<void>
}

/** A Consul of one server and its agent, as far as Drover uses it. Throws when the port is taken. */
export async function startConsulEmulator(options: ConsulEmulatorOptions = {}): Promise<ConsulEmulator> {
  const clock = options.clock ?? realClock()
  let faults = options.faults ?? {}
  const store = createConsulStore(options.nodeName ?? 'sandbox')
  const agent = createConsulAgent(store, clock, options.runCheck ?? runLocalCheck)
  const keys = createKeys(store, clock)
  const routes = [
    ...agentRoutes(agent, store),
    ...catalogRoutes(store, () => faults.noLeader === undefined),
    ...keyRoutes(store, keys),
    ...sessionRoutes(store, keys, clock),
    ...configRoutes(store),
  ]
  const app = createConsulApp(store, clock, routes, () => faults)
  const address = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  return {
    address,
    setFaults(next) {
      faults = next
    },
    register: (service) => agent.register(service, true),
    deregister(id) {
      if (agent.services().has(id)) agent.deregister(id)
    },
    async close() {
      agent.close()
      await app.close()
    },
  }
}
