import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type ConsulEmulator,
  type ManualClock,
  manualClock,
  startConsulEmulator,
} from '../../../src/sandbox/index.ts'

let clock: ManualClock
let consul: ConsulEmulator
beforeEach(async () => {
  clock = manualClock()
  consul = await startConsulEmulator({ clock })
})
afterEach(() => consul.close())

async function send(method: string, path: string, body?: unknown) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const answer = await fetch(`${consul.address}/v1/${path}`, init)
  return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') }
}

/** Has time pass until it is answered: the request has to be there before it moves. */
async function inTime<T>(waiting: Promise<T>): Promise<T> {
  const timer = setInterval(() => clock.advance(1000), 20)
  return waiting.finally(() => clearInterval(timer))
}

const hasPassed = () => new Promise((resolve) => setTimeout(resolve, 100))
const INTENTIONS = {
  Kind: 'service-intentions',
  Name: 'web',
  Sources: [{ Name: 'api', Action: 'allow' }],
}
const SERVICE = { Name: 'web', Check: { CheckID: 'c', TTL: '1h' } }

describe('faults of an emulated Consul that are switched on', () => {
  it('an error in place of what fits, until it is lifted', async () => {
    consul.setFaults({ error: { status: 503, body: 'overloaded', only: /\/kv\// } })
    expect(await send('PUT', 'kv/a', 1)).toMatchObject({ status: 503, text: 'overloaded' })
    expect((await send('GET', 'catalog/services')).status).toBe(200)
    consul.setFaults({})
    expect((await send('GET', 'kv/a')).status).toBe(404)
    expect(await send('PUT', 'kv/a', 1)).toMatchObject({ status: 200, text: 'true' })
  })

  it.each([
    ['GET', 'catalog/services'],
    ['GET', 'catalog/services?stale'],
    ['GET', 'health/service/web?passing'],
    ['GET', 'kv/a'],
    ['PUT', 'kv/a', 1],
    ['PUT', 'txn', [{ KV: { Verb: 'get', Key: 'a' } }]],
    ['PUT', 'session/create', {}],
    ['GET', 'config/service-intentions/web'],
    ['PUT', 'config', INTENTIONS],
  ])('no leader: 500 after a while for %s %s', async (method, path, body?: unknown) => {
    const noLeader = { afterMs: 7000 }
    consul.setFaults({ noLeader })
    const began = clock.now()
    expect(await inTime(send(method, path, body))).toEqual({
      status: 500,
      text: 'No cluster leader',
      type: 'text/plain; charset=utf-8',
    })
    expect(clock.now() - began).toBeGreaterThanOrEqual(noLeader.afterMs)
  })

  it('nothing is written without a leader', async () => {
    consul.setFaults({ noLeader: { afterMs: 0 } })
    await inTime(send('PUT', 'kv/a', 1))
    await inTime(send('PUT', 'config', INTENTIONS))
    consul.setFaults({})
    expect((await send('GET', 'kv/a')).status).toBe(404)
    expect((await send('GET', 'config/service-intentions/web')).status).toBe(404)
  })

  it('the agent answers without a leader, at once or after its wait, and the servers know it later', async () => {
    expect((await send('GET', 'status/leader')).text).toBe('"127.0.0.1:8300"')
    consul.setFaults({ noLeader: { afterMs: 7000 } })
    expect(await send('GET', 'status/leader')).toMatchObject({ status: 200, text: '""' })
    let isAnswered = false
    const told = send('PUT', 'agent/service/register', SERVICE).finally(() => {
      isAnswered = true
    })
    await hasPassed()
    expect(isAnswered).toBe(false)
    expect((await inTime(told)).status).toBe(200)
    expect((await inTime(send('PUT', 'agent/check/pass/c'))).status).toBe(200)
    expect(Object.keys(JSON.parse((await send('GET', 'agent/services')).text))).toEqual(['web'])
    expect((await send('GET', 'agent/self')).status).toBe(200)
    consul.setFaults({})
    expect(JSON.parse((await send('GET', 'health/service/web?passing')).text)).toHaveLength(1)
  })

  it('a request that hangs is not answered', async () => {
    consul.setFaults({ hang: /\/v1\/health/ })
    const url = `${consul.address}/v1/health/service/web`
    await expect(fetch(url, { signal: AbortSignal.timeout(100) })).rejects.toThrow(/timeout/)
    expect((await send('GET', 'catalog/services')).status).toBe(200)
  })

  it('latency', async () => {
    consul.setFaults({ latencyMs: 1000 })
    let isAnswered = false
    const waiting = send('GET', 'agent/self').then(() => {
      isAnswered = true
    })
    await hasPassed()
    expect(isAnswered).toBe(false)
    clock.advance(1000)
    await waiting
  })

  it('from the start', async () => {
    const broken = await startConsulEmulator({ faults: { error: { status: 500, body: 'x' } } })
    expect((await fetch(`${broken.address}/v1/agent/self`)).status).toBe(500)
    await broken.close()
  })
})
