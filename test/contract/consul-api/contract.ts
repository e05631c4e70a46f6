import { afterAll, beforeAll, describe, it } from 'vitest'
import { agentCases } from './cases/agent.ts'
import { catalogCases } from './cases/catalog.ts'
import { checkCases } from './cases/checks.ts'
import { configCases } from './cases/config.ts'
import { filterCases } from './cases/filters.ts'
import { keyCases } from './cases/keys.ts'
import { sessionCases } from './cases/sessions.ts'
import { type World, worldOf } from './world.ts'

/** One thing that is so of every Consul. */
export interface Case {
  readonly name: string
  /** Asserts it; `id` is a name that nobody else uses. */
  run(world: World, id: string): Promise<void>
}

const GROUPS: Readonly<Record<string, readonly Case[]>> = {
  'the agent and its services': agentCases,
  'checks, and what the servers hear of them': checkCases,
  'catalog and health': catalogCases,
  filters: filterCases,
  'keys and transactions': keyCases,
  'sessions and locks': sessionCases,
  'config entries': configCases,
}

export interface StartedConsul {
  readonly address: string
  close(): Promise<void>
}

/** Holds a Consul to what the emulated one and the real one have in common. */
export function consulContract(name: string, start: () => Promise<StartedConsul>): void {
  describe(name, () => {
    let consul: StartedConsul | undefined
    let world: World
    beforeAll(async () => {
      consul = await start()
      world = worldOf(consul.address)
    })
    afterAll(async () => {
      await consul?.close()
    })
    let serial = 0
    // Each has services of its own, and most of the time is spent waiting.
    for (const [group, cases] of Object.entries(GROUPS))
      describe.concurrent(group, () => {
        for (const one of cases) it(one.name, () => one.run(world, `s${++serial}`))
      })
  })
}
