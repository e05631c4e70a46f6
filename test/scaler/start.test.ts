import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorld, end, policyOf } from './helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const UNREACHABLE = { code: 'unreachable', message: 'connection refused' } as const

describe('before the first reading', () => {
  it('nothing is decided or said of a group, and it is not ready', async () => {
    const world = createWorld([policyOf('heavy', { min: 1 })])
    world.source.sweepMs = 3000
    const { scaler, events, lines } = await world.daemon()
    expect(scaler.health()).toMatchObject({ ready: false })
    const started = scaler.start()
    await wait(2900)
    expect(events.filter(({ kind }) => kind === 'decision')).toEqual([])
    expect(world.cluster.asked).toEqual([])
    expect(scaler.group('heavy')?.decision).toBeUndefined()
    expect(scaler.health()).toMatchObject({
      ready: false,
      problems: ['the queues of redis have not been read yet'],
    })
    await wait(200)
    await started
    expect(lines().filter((line) => line.includes('not read yet'))).toEqual([])
    expect(lines()).toContain('1 group is scaled')
    expect(scaler.health()).toMatchObject({ ready: true, problems: [] })
    expect(world.asked('scale')).toHaveLength(1)
    await end(scaler)
  })

  it('one that fails is a reading: what is known is acted on, and it is not ready, with the cause', async () => {
    const world = createWorld([policyOf('heavy', { min: 1 }), policyOf('light')])
    world.source.blind = UNREACHABLE
    const { scaler, lines } = await world.started()
    await wait(100)
    expect(world.asked('scale')).toHaveLength(1)
    expect(lines()).toContain('2 groups are scaled')
    expect(scaler.health()).toMatchObject({
      ready: false,
      problems: ['the queues of redis cannot be read: connection refused'],
    })
    world.source.blind = undefined
    await wait(1100)
    expect(scaler.health()).toMatchObject({ ready: true })
    // Once read, a short outage is lived through.
    world.source.blind = UNREACHABLE
    await wait(1100)
    expect(scaler.health()).toMatchObject({ ready: true })
    await end(scaler)
  })

  it('one that never comes is not waited for longer than a reading is good for', async () => {
    const world = createWorld([policyOf('heavy', { min: 1 })])
    world.source.hangs = true
    const { scaler } = await world.daemon()
    const started = scaler.start()
    await wait(14_000)
    await started
    expect(world.cluster.asked).toEqual([])
    await wait(3000)
    expect(world.asked('scale')).toHaveLength(1)
    expect(scaler.health().problems).toContain('the queues of redis have not been read yet')
    await end(scaler)
  })

  it('queues that a policy newly has are read before it is decided on again', async () => {
    const world = createWorld()
    const { scaler, events } = await world.started()
    await wait(300)
    events.length = 0
    world.policies = [policyOf('heavy', { queues: ['heavy', 'more'] })]
    world.source.set('more', { waiting: 2 })
    await scaler.reload()
    await wait(1500)
    expect(JSON.stringify(events)).not.toContain('no-sample')
    expect(world.asked('scale')).toMatchObject([{ count: 2 }])
    await end(scaler)
  })

  it('a Nomad that does not answer is said, and waited for', async () => {
    const world = createWorld()
    world.cluster.setState('connecting', 'connection refused')
    const { scaler, events } = await world.daemon()
    const started = scaler.start()
    await wait(11_000)
    await started
    expect(events.filter(({ kind }) => kind === 'decision')).toEqual([])
    expect(scaler.health()).toMatchObject({
      ready: false,
      problems: ['Nomad has not been read yet: connection refused'],
    })
    world.cluster.setState('ready')
    await wait(1100)
    expect(scaler.health()).toMatchObject({ ready: true })
    expect(scaler.group('heavy')?.decision).toMatchObject({ because: 'steady' })
    await end(scaler)
  })
})
