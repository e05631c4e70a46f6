import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BRAIN } from '../../../scaler/decide/brain.ts'
import { createWorld, end, idleWorkers, policyOf } from '../helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const HEAVY = policyOf('heavy').group
const many = (count: number) => Array.from({ length: count }, (_, n) => policyOf(`g${n}`))

describe('sweeps', () => {
  it('one for all queues at every interval', async () => {
    const world = createWorld(many(50))
    const { scaler } = await world.started()
    world.source.sweeps.length = 0
    await wait(5000)
    expect(world.source.sweeps).toHaveLength(5)
    for (const queues of world.source.sweeps) expect(queues).toHaveLength(50)
    await end(scaler)
  })

  it('a push reads the queues of its group only', async () => {
    const world = createWorld([policyOf('heavy', { queues: ['a', 'b'] }), policyOf('light')])
    const { scaler } = await world.started()
    await wait(300)
    world.source.sweeps.length = 0
    world.source.push('b', { waiting: 1 })
    await wait(10)
    expect(world.source.sweeps).toEqual([['a', 'b']])
    await end(scaler)
  })

  it('a burst costs two: the first change, and all that came meanwhile', async () => {
    const world = createWorld(many(100))
    world.source.sweepMs = 4
    const { scaler } = await world.started()
    await wait(500)
    world.source.sweeps.length = 0
    world.source.push('g0', { waiting: 1 })
    await wait(1)
    for (let n = 1; n < 100; n++) world.source.push(`g${n}`, { waiting: 1 })
    await wait(60)
    expect(world.source.sweeps.map((queues) => queues.length)).toEqual([1, 99])
    expect(world.asked('scale')).toHaveLength(100)
    await end(scaler)
  })

  it('a storm of pushes is read a share of the time only', async () => {
    const world = createWorld()
    world.source.sweepMs = 4
    const { scaler } = await world.started()
    await wait(500)
    world.source.sweeps.length = 0
    for (let n = 0; n < 500; n++) {
      world.source.push('heavy', { waiting: n % 2 })
      await wait(1)
    }
    expect(world.source.sweeps.length).toBeLessThan(40)
    expect(world.source.sweeps.length).toBeGreaterThan(10)
    await end(scaler)
  })

  it.each([
    ['by its allocation', (id: string) => id],
    ['by the group in its name', () => 'heavy@celery-7'],
  ])('a worker wakes its group %s', async (_, nameOf) => {
    const world = createWorld([policyOf('heavy'), policyOf('light')])
    world.cluster.add(HEAVY, 1)
    await wait(10)
    const { scaler } = await world.started()
    await wait(300)
    world.source.sweeps.length = 0
    const id = world.cluster.at(HEAVY).allocations[0]?.id as string
    world.source.tell({ kind: 'worker', worker: nameOf(id) })
    await wait(10)
    expect(world.source.sweeps).toEqual(nameOf(id) === id ? [['heavy']] : [])
    await end(scaler)
  })

  it('everything is read after a gap in the pushes', async () => {
    const world = createWorld(many(3))
    const { scaler } = await world.started()
    await wait(300)
    world.source.sweeps.length = 0
    world.source.tell({ kind: 'missed' })
    await wait(10)
    expect(world.source.sweeps).toEqual([['g0', 'g1', 'g2']])
    await end(scaler)
  })
})

describe('in the dark', () => {
  it('holds while the queues cannot be read, says so, and goes on', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    world.source.push('heavy', { waiting: 2 })
    await wait(100)
    world.source.setWorkers(idleWorkers(world.cluster.at(HEAVY).allocations))
    world.source.set('heavy', { waiting: 0 })
    world.source.blind = { code: 'unreachable', message: 'connection refused' }
    await wait(60_000)
    expect(world.asked('retire')).toEqual([])
    expect(scaler.group('heavy')?.decision).toMatchObject({ kind: 'hold', because: 'no-sample' })
    expect(scaler.group('heavy')?.waiting).toBeUndefined()
    world.source.blind = undefined
    await wait(9000)
    expect(world.cluster.at(HEAVY).count).toBe(0)
    await end(scaler)
  })

  it('holds when the source never answers: what is known grows old', async () => {
    const world = createWorld()
    world.source.set('heavy', { waiting: 0 })
    const { scaler } = await world.started()
    world.source.hangs = true
    await wait(30_000)
    expect(scaler.group('heavy')?.decision).toMatchObject({ kind: 'hold', because: 'stale-sample' })
    expect(scaler.health().problems).toEqual(['the queues of redis were not read for 30 s'])
    await end(scaler)
  })

  it('holds when Nomad is not heard of, and is not ready', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    world.cluster.silence = true
    world.cluster.setState('lost', 'connection refused')
    await wait(70_000)
    world.source.push('heavy', { waiting: 2 })
    await wait(2000)
    expect(world.cluster.asked).toEqual([])
    expect(scaler.group('heavy')?.decision).toMatchObject({ because: 'cluster-blind' })
    expect(scaler.health()).toMatchObject({ ready: false })
    expect(scaler.health().problems.join()).toContain('connection refused')
    world.cluster.silence = false
    world.cluster.setState('ready')
    await wait(20)
    expect(world.cluster.at(HEAVY).count).toBe(2)
    expect(scaler.health()).toMatchObject({ ready: true, problems: [] })
    await end(scaler)
  })
})

describe('one broken group', () => {
  it('is told, and stops none of the others', async () => {
    const world = createWorld(many(3))
    const { scaler, lines } = await world.started({
      brain: {
        ...BRAIN,
        decide(situation) {
          if (situation.policy.group.job === 'g1') throw new Error('it broke')
          return BRAIN.decide(situation)
        },
      },
    })
    for (const queue of ['g0', 'g1', 'g2']) world.source.push(queue, { waiting: 1 })
    await wait(2000)
    expect(
      world
        .asked('scale')
        .map(({ group }) => group)
        .sort(),
    ).toEqual(['default/g0/g0', 'default/g2/g2'])
    expect(lines().filter((line) => line.includes('g1: a bug in Drover: Error: it broke'))).toHaveLength(1)
    await end(scaler)
  })
})

describe('a clock that is set', () => {
  it.each([3_600_000, -3_600_000])('by %d ms expires nothing, and freezes nothing', async (step) => {
    const world = createWorld([
      policyOf('heavy', { keepAliveMs: 20_000, up: { cooldownMs: 5000, stabilizationMs: 0 } }),
    ])
    const { scaler, lines } = await world.started()
    world.source.push('heavy', { waiting: 2 })
    await wait(100)
    world.source.set('heavy', { waiting: 0 })
    world.source.setWorkers(idleWorkers(world.cluster.at(HEAVY).allocations))
    await wait(10_000)
    vi.setSystemTime(Date.now() + step)
    await wait(5000)
    // Idle for 15 of 20 s: the step counts for nothing.
    expect(world.asked('retire')).toEqual([])
    expect(scaler.group('heavy')?.decision).toMatchObject({ because: 'keep-alive' })
    expect(scaler.health()).toMatchObject({ isLeader: true, ready: true })
    await wait(9000)
    expect(world.asked('retire')).toHaveLength(2)
    expect(world.cluster.at(HEAVY).count).toBe(0)
    world.source.setWorkers([])
    world.source.push('heavy', { waiting: 1 })
    await wait(7000)
    expect(world.cluster.at(HEAVY).count).toBe(1)
    expect(lines().filter((line) => line.includes('the clock was set'))).toEqual([
      expect.stringMatching(
        /^the clock was set (forward|back) by \d+(\.\d)? s: cooldowns, idle times and readings keep/,
      ),
    ])
    await end(scaler)
  })
})

describe('once', () => {
  it('looks at everything, acts, and is done', async () => {
    const world = createWorld(many(3))
    world.source.set('g1', { waiting: 2 })
    const { scaler } = await world.daemon()
    const done = scaler.once()
    await wait(200)
    await done
    expect(world.asked('scale')).toMatchObject([{ group: 'default/g1/g1', count: 2 }])
    await end(scaler)
    expect(world.lock.holder).toBeUndefined()
    const { length } = world.source.sweeps
    await wait(10_000)
    expect(world.source.sweeps).toHaveLength(length)
  })
})
