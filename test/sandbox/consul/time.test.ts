import { describe, expect, it } from 'vitest'
import { manualClock } from '../../../src/sandbox/clock.ts'
import { type Route, readBody } from '../../../src/sandbox/consul/routes/route.ts'
import { sessionRoutes } from '../../../src/sandbox/consul/routes/sessions.ts'
import { createKeys } from '../../../src/sandbox/consul/state/locks.ts'
import { createConsulStore } from '../../../src/sandbox/consul/state/store.ts'
import { agentAlone } from './harness.ts'

const MINUTE = 60_000

describe('what an emulated Consul does in time', () => {
  it('an output alone reaches the servers after five minutes', () => {
    const { clock, store, agent, register } = agentAlone()
    register({ Name: 's', Check: { CheckID: 'c', TTL: '1h' } })
    agent.update('c', 'passing', 'first')
    agent.update('c', 'passing', 'second')
    clock.advance(5 * MINUTE - 1)
    expect(store.checks.get('c')?.Output).toBe('first')
    clock.advance(1)
    expect(store.checks.get('c')?.Output).toBe('second')
  })

  it('a service that is critical for too long goes', () => {
    const { clock, agent, register } = agentAlone()
    const check = { CheckID: 'c', TTL: '10h', DeregisterCriticalServiceAfter: '2m' }
    register({ Name: 's', Check: check })
    agent.update('c', 'passing', '')
    clock.advance(10 * MINUTE)
    agent.update('c', 'critical', '')
    clock.advance(2 * MINUTE - 1)
    expect(agent.services().has('s')).toBe(true)
    // It is looked for every half minute.
    clock.advance(MINUTE / 2 + 1)
    expect([agent.services().size, agent.checks().size]).toEqual([0, 0])
  })

  it.each([
    ['1s', MINUTE],
    ['3m', 3 * MINUTE],
  ])('of %s, a minute is the least', (after, ms) => {
    const { clock, agent, register } = agentAlone()
    register({ Name: 's', Check: { TTL: '10h', DeregisterCriticalServiceAfter: after } })
    clock.advance(ms - 1)
    expect(agent.services().has('s')).toBe(true)
    clock.advance(MINUTE / 2 + 1)
    expect(agent.services().has('s')).toBe(false)
  })

  it('a ttl begins anew with each telling', () => {
    const { clock, agent, register } = agentAlone()
    register({ Name: 's', Check: { CheckID: 'c', TTL: '10s' } })
    for (let n = 0; n < 5; n++) {
      agent.update('c', 'passing', `n${n}`)
      clock.advance(9999)
    }
    expect(agent.checks().get('c')?.Status).toBe('passing')
    clock.advance(1)
    expect(agent.checks().get('c')).toMatchObject({
      Status: 'critical',
      Output: expect.stringMatching(/: n4$/),
    })
  })

  it('a session that nobody renews ends after twice its time to live, and frees its keys', () => {
    const clock = manualClock()
    const store = createConsulStore('here')
    const keys = createKeys(store, clock)
    const routes = sessionRoutes(store, keys, clock)
    const ask = (path: string, text: string, id = '') =>
      routes
        .find((route: Route) => route.path === path)
        ?.answer({ params: { id }, query: {}, text, body: () => readBody(text) })
    const { ID } = ask('/v1/session/create', '{"TTL":"10s","LockDelay":"3s"}') as { ID: string }
    expect(keys.acquire('k', '', ID)).toBe(true)
    clock.advance(19_000)
    ask('/v1/session/renew/:id', '', ID)
    clock.advance(19_999)
    expect(store.keys.get('k')?.Session).toBe(ID)
    clock.advance(1)
    expect(store.sessions.size).toBe(0)
    expect(store.keys.get('k')?.Session).toBeUndefined()
    const other = (ask('/v1/session/create', '{}') as { ID: string }).ID
    expect(keys.acquire('k', '', other)).toBe(false)
    clock.advance(3000)
    expect(keys.acquire('k', '', other)).toBe(true)
  })

  it('a check runs at its interval, and fails only after so many failures', async () => {
    let runs = 0
    const { clock, agent, register } = agentAlone(async () => {
      runs++
      return { status: 'critical', output: `run ${runs}` }
    })
    register({
      Name: 's',
      Check: {
        CheckID: 'c',
        TCP: '127.0.0.1:1',
        Interval: '10s',
        FailuresBeforeCritical: 3,
        Status: 'passing',
      },
    })
    for (let n = 0; n < 3; n++) {
      clock.advance(10_000)
      await Promise.resolve()
      await Promise.resolve()
      expect(agent.checks().get('c')?.Status).toBe(n < 2 ? 'passing' : 'critical')
    }
    expect(agent.checks().get('c')?.Output).toBe('run 3')
    agent.close()
    clock.advance(100_000)
    expect(runs).toBe(3)
  })
})
