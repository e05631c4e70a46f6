import { manualClock } from '../../../src/sandbox/clock.ts'
import { createConsulAgent } from '../../../src/sandbox/consul/agent/agent.ts'
import { readService } from '../../../src/sandbox/consul/agent/definition.ts'
import type { CheckOutcome } from '../../../src/sandbox/consul/agent/run-check.ts'
import { createConsulStore } from '../../../src/sandbox/consul/state/store.ts'

/** An agent and its servers whose time is moved by hand. */
export function agentAlone(
  run: () => Promise<CheckOutcome> = async () => ({ status: 'passing', output: '' }),
) {
  const clock = manualClock()
  const store = createConsulStore('here')
  const agent = createConsulAgent(store, clock, run)
  return {
    clock,
    store,
    agent,
    register: (sent: object) => agent.register(readService(sent as Record<string, unknown>), false),
  }
}
