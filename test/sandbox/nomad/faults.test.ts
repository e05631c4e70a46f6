import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SCALE_POLICY } from '../../../src/sandbox/index.ts'
import { listen } from '../../contract/nomad/stream.ts'
import { spec } from '../../contract/nomad/world.ts'
import { type Harness, harness } from './harness.ts'

let one: Harness
afterEach(() => one.nomad.close())

describe('faults that are switched on', () => {
  beforeEach(async () => {
    one = await harness()
    await one.world.register(spec('a', { Count: 0 }))
    one.settle()
  })

  it('an error in place of what fits, until it is lifted', async () => {
    const { world, nomad } = one
    nomad.setFaults({ error: { status: 502, body: 'bad gateway', only: /\/scale$/ } })
    expect(await world.scale('a', 1)).toMatchObject({ status: 502, text: 'bad gateway', type: 'text/plain' })
    expect((await world.job('a')).Version).toBe(0)
    nomad.setFaults({})
    expect((await world.scale('a', 1)).status).toBe(200)
  })

  it('no leader: 500 after a while, and streams only connect', async () => {
    const { world, nomad, clock } = one
    const stream = await listen(world, 'topic=Job&index=999999')
    nomad.setFaults({ noLeader: { afterMs: 5000 } })
    const waiting = world.send('GET', 'jobs')
    // The request has to be there before time moves.
    const timer = setInterval(() => clock.advance(1000), 20)
    const answer = await waiting
    clearInterval(timer)
    expect(answer).toMatchObject({ status: 500, text: 'No cluster leader' })
    expect((await listen(world, 'topic=*')).seen()).toEqual([{}])
    stream.close()
  })

  it('too many connections', async () => {
    one.nomad.setFaults({ tooManyConnections: true })
    expect(await one.world.send('GET', 'jobs')).toMatchObject({
      status: 429,
      text: expect.stringMatching(/^Your IP is /),
    })
  })

  it('a request that hangs is not answered', async () => {
    one.nomad.setFaults({ hang: /\/v1\/jobs/ })
    const response = fetch(`${one.nomad.address}/v1/jobs`, { signal: AbortSignal.timeout(100) })
    await expect(response).rejects.toThrow(/timeout/)
    expect((await one.world.send('GET', 'job/a')).status).toBe(200)
  })

  it('latency', async () => {
    const { world, nomad, clock } = one
    nomad.setFaults({ latencyMs: 1000 })
    let isAnswered = false
    const waiting = world.send('GET', 'jobs').then(() => {
      isAnswered = true
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(isAnswered).toBe(false)
    clock.advance(1000)
    await waiting
  })

  it('events that are lost', async () => {
    const { world, nomad } = one
    nomad.setFaults({ dropEvents: ({ Topic }) => Topic === 'Job' })
    const stream = await listen(world, 'topic=*')
    await world.register(spec('b', { Count: 0 }))
    const lines = await stream.until((seen) => JSON.stringify(seen).includes('"JobID":"b"'))
    expect(JSON.stringify(lines)).not.toContain('"Topic":"Job"')
    stream.close()
  })

  it('streams that end, and a server that has forgotten', async () => {
    const { world, nomad } = one
    const stream = await fetch(`${nomad.address}/v1/event/stream`)
    expect(nomad.streamCount()).toBe(1)
    nomad.loseEvents()
    await expect(stream.text()).rejects.toThrow()
    expect(nomad.streamCount()).toBe(0)
    expect((await listen(world, 'topic=*')).seen()).toEqual([{}])
  })

  it('a stream says every 30 s that it lives', async () => {
    const { world, clock } = one
    const stream = await listen(world, 'topic=Job&index=999999')
    const { length } = stream.seen()
    clock.advance(60_000)
    const lines = await stream.until((seen) => seen.length === length + 2)
    expect(lines.slice(length)).toEqual([{}, {}])
    stream.close()
  })

  it.each([
    ['GET', 'volumes'],
    ['PUT', 'search'],
    ['GET', 'client/fs/logs/x'],
  ])('what is not emulated is 501, by name: %s /v1/%s', async (method, path) => {
    const body = method === 'PUT' ? {} : undefined
    expect(await one.world.send(method, path, body)).toMatchObject({
      status: 501,
      text: `the sandbox does not emulate ${method} /v1/${path}`,
    })
  })
})

describe('with ACLs', () => {
  const TOKENS = {
    boss: 'management',
    scaler: SCALE_POLICY,
    signaller: [...SCALE_POLICY, 'alloc-lifecycle'],
    lister: [...SCALE_POLICY, 'list-jobs'],
  } as const
  beforeEach(async () => {
    one = await harness({ tokens: TOKENS })
    const body = JSON.stringify({ Job: spec('a') })
    await fetch(`${one.nomad.address}/v1/jobs`, { method: 'PUT', body, headers: { 'X-Nomad-Token': 'boss' } })
    one.settle()
  })

  const CALLS = [
    ['PUT', 'job/a/scale', { Count: 1, Target: { Group: 'g' } }],
    ['GET', 'job/a', undefined],
    ['GET', 'job/a/allocations', undefined],
    ['GET', 'scaling/policies', undefined],
    ['GET', 'jobs', undefined],
    ['PUT', 'jobs', { Job: spec('a') }],
    ['PUT', 'job/a/plan', { Job: spec('a') }],
    ['PUT', 'client/allocation/ID/signal', { Signal: 'SIGUSR1', Task: 'w' }],
  ] as const

  it.each([
    ['nobody', undefined, [403, 403, 403, 403, 403, 403, 403, 403]],
    ['an unknown one', 'garbage', [403, 403, 403, 403, 403, 403, 403, 403]],
    ['policy = "scale"', 'scaler', [200, 200, 200, 200, 403, 403, 403, 403]],
    ['with alloc-lifecycle', 'signaller', [200, 200, 200, 200, 403, 403, 403, 200]],
    ['with list-jobs', 'lister', [200, 200, 200, 200, 200, 403, 403, 403]],
    ['management', 'boss', [200, 200, 200, 200, 200, 200, 200, 200]],
  ])('%s may what it may', async (_name, token, statuses) => {
    const id = one.runner.tasks()[0]?.allocation ?? ''
    const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
    const answers = []
    for (const [method, path, body] of CALLS)
      answers.push(
        await fetch(`${one.nomad.address}/v1/${path.replace('ID', id)}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      )
    expect(answers.map(({ status }) => status)).toEqual(statuses)
    for (const answer of answers)
      if (answer.status === 403) expect(await answer.text()).toBe('Permission denied')
  })
})
