import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorld, end, idleWorkers, policyOf } from './helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const HEAVY = policyOf('heavy').group

describe('growing', () => {
  it('goes straight to what is needed within milliseconds of a push', async () => {
    const world = createWorld()
    const { scaler, lines } = await world.started()
    await wait(300)
    world.source.push('heavy', { waiting: 3 })
    await wait(15)
    expect(world.asked('scale')).toMatchObject([{ count: 3, answer: { ok: true } }])
    expect(world.cluster.at(HEAVY).count).toBe(3)
    expect(lines().join('\n')).toMatch(/heavy: count 0 to 3 \(grow\): accepted after \d+ ms/)
    await end(scaler)
  })

  it('is found by the next tick without a push', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    world.source.set('heavy', { waiting: 1 })
    await wait(1100)
    expect(world.asked('scale')).toHaveLength(1)
    await end(scaler)
  })

  it('is not asked for twice while the mirror is behind the answer', async () => {
    const world = createWorld()
    world.cluster.lagMs = 3000
    const { scaler } = await world.started()
    await wait(4000)
    world.source.push('heavy', { waiting: 2 })
    for (let i = 0; i < 20; i++) {
      world.source.push('heavy', { waiting: 2 })
      await wait(100)
    }
    expect(world.asked('scale')).toHaveLength(1)
    await wait(3000)
    expect(world.asked('scale')).toHaveLength(1)
    expect(scaler.group('heavy')).toMatchObject({ desired: 2, live: 2 })
    await end(scaler)
  })
})

describe('shrinking', () => {
  it('asks idle workers to leave, and lets the count follow', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    world.source.push('heavy', { waiting: 3 })
    await wait(100)
    const [a, b, c] = world.cluster.at(HEAVY).allocations.map(({ id }) => id)
    world.source.set('heavy', { waiting: 0, active: 1 })
    world.source.setWorkers(idleWorkers(world.cluster.at(HEAVY).allocations, [b as string]))
    await wait(8500)
    expect(
      world
        .asked('retire')
        .map(({ allocation }) => allocation)
        .sort(),
    ).toEqual([a, c])
    expect(world.cluster.at(HEAVY).count).toBe(1)
    expect(world.cluster.killed).toEqual([])
    expect(world.cluster.at(HEAVY).allocations.map(({ id }) => id)).toEqual([b])
    await end(scaler)
  })

  it('sends the word once, however long the worker takes', async () => {
    const world = createWorld()
    world.cluster.isDone = () => false
    const { scaler } = await world.started()
    world.source.push('heavy', { waiting: 1 })
    await wait(100)
    const { allocations } = world.cluster.at(HEAVY)
    world.source.set('heavy', { waiting: 0 })
    world.source.setWorkers(idleWorkers(allocations))
    await wait(7000)
    expect(world.asked('retire')).toHaveLength(1)
    // A task slipped in at the last moment.
    world.source.setWorkers(idleWorkers(allocations, [allocations[0]?.id as string]))
    await wait(120_000)
    expect(world.asked('retire')).toHaveLength(1)
    expect(scaler.group('heavy')).toMatchObject({ retiring: 1, desired: 1 })
    world.cluster.isDone = () => true
    world.source.setWorkers([])
    await wait(3000)
    expect(world.cluster.at(HEAVY).count).toBe(0)
    await end(scaler)
  })

  it('writes down who is about to be asked before asking', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    world.source.push('heavy', { waiting: 1 })
    await wait(100)
    world.source.set('heavy', { waiting: 0 })
    world.source.setWorkers(idleWorkers(world.cluster.at(HEAVY).allocations))
    const retire = vi.spyOn(world.cluster.actions, 'retire')
    retire.mockImplementation(async (allocation) => {
      expect(world.lock.items.groups).toContain(allocation)
      return { ok: true, attempts: 1 }
    })
    await wait(8000)
    expect(retire).toHaveBeenCalledTimes(1)
    await end(scaler)
  })

  it('does not ask anybody while it cannot be written down', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    world.source.push('heavy', { waiting: 1 })
    await wait(400)
    world.source.set('heavy', { waiting: 0 })
    world.source.setWorkers(idleWorkers(world.cluster.at(HEAVY).allocations))
    vi.spyOn(world.lock.store, 'write').mockResolvedValue({
      ok: false,
      reason: 'unavailable',
      message: 'no leader',
    })
    await wait(20_000)
    expect(world.asked('retire')).toEqual([])
    expect(scaler.group('heavy')).toMatchObject({ retiring: 0, live: 1 })
    await end(scaler)
  })
})
