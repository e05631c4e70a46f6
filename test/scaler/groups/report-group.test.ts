import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorld, end, idleWorkers, policyOf } from '../helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const HEAVY = policyOf('heavy').group

describe('the report of a group', () => {
  it('counts who runs, who is busy, and who is not known', async () => {
    const world = createWorld([policyOf('heavy', { costPerHour: 0.5, keepAliveMs: 600_000 })])
    const { scaler } = await world.started()
    world.source.push('heavy', { waiting: 4 })
    await wait(200)
    const { allocations } = world.cluster.at(HEAVY)
    const [busy, idle, starting] = allocations
    world.cluster.change(HEAVY, {
      allocations: allocations.map((one) => {
        const { startedAt: _, ...rest } = one
        return one === starting ? { ...rest, clientStatus: 'pending' } : one
      }),
    })
    world.source.set('heavy', { waiting: 1, active: 1, delayed: 7, oldestAgeMs: 3000, throughputPerMin: 9 })
    world.source.setWorkers(
      idleWorkers(
        allocations.filter((one) => one === busy || one === idle),
        [busy?.id as string],
      ),
    )
    await wait(1100)
    expect(scaler.group('heavy')).toMatchObject({
      name: 'heavy',
      job: 'present',
      bounds: { min: 0, max: 4, by: 'policy' },
      desired: 4,
      live: 4,
      busy: 1,
      idle: 1,
      starting: 1,
      unknown: 1,
      retiring: 0,
      waiting: 1,
      active: 1,
      delayed: 7,
      oldestAgeMs: 3000,
      throughputPerMin: 9,
      costPerHour: 2,
      lastChange: { from: 0, to: 4 },
      decision: { kind: 'hold' },
    })
    const report = scaler.group('heavy')
    expect(report?.explained).toMatch(/^hold 4: /)
    expect(report?.workers.map(({ state }) => state).sort()).toEqual(['busy', 'idle', 'starting', 'unknown'])
    expect(report?.sampleAgeMs).toBeLessThan(1100)
    expect(report?.decidedSince).toBeLessThanOrEqual(Date.now())
    await end(scaler)
  })

  it('has no totals of queues that are not all known', async () => {
    const world = createWorld([policyOf('heavy', { queues: ['a', 'b'] })])
    const { scaler } = await world.started()
    expect(scaler.group('heavy')).toMatchObject({ waiting: 0, active: 0 })
    world.source.blind = { code: 'auth', message: 'WRONGPASS' }
    await wait(1100)
    const { waiting, active, sampleAgeMs } = scaler.group('heavy') ?? {}
    expect([waiting, active, sampleAgeMs]).toEqual([undefined, undefined, undefined])
    await end(scaler)
  })
})

describe('health', () => {
  it('is red when groups are not looked at', async () => {
    const world = createWorld([policyOf('heavy'), policyOf('light')])
    const { scaler } = await world.started()
    await wait(2000)
    expect(scaler.health()).toMatchObject({ live: true, ready: true, problems: [], dryRun: false })
    // An action that never ends keeps its group from being looked at.
    vi.spyOn(world.cluster.actions, 'scale').mockImplementation(() => new Promise(() => {}))
    world.source.push('heavy', { waiting: 1 })
    await wait(12_000)
    expect(scaler.health()).toMatchObject({
      ready: false,
      problems: ['1 of 2 groups was not looked at for 3 s: heavy'],
    })
    await end(scaler)
  })
})

describe('closing', () => {
  it('is over within 5 s, though Nomad never answers, and what must not be forgotten is written', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    const paused = scaler.pause('heavy', { by: 'ann' })
    await wait(50)
    await paused
    vi.spyOn(world.cluster.actions, 'scale').mockImplementation(() => new Promise(() => {}))
    scaler.scaleNow('heavy', 2, { by: 'ann' }).catch(() => {})
    await wait(50)
    const began = Date.now()
    let took = Number.NaN
    void scaler.close().then(() => {
      took = Date.now() - began
    })
    await wait(6000)
    expect(took).toBeLessThan(5000)
    expect(world.lock.holder).toBeUndefined()
    expect(world.lock.items.groups).toContain('ann')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits for the action under way', async () => {
    const world = createWorld()
    world.cluster.actionMs = 800
    const { scaler, lines } = await world.started()
    world.source.push('heavy', { waiting: 2 })
    await wait(100)
    const closed = scaler.close()
    await wait(1000)
    await closed
    expect(lines().some((line) => line.includes('accepted'))).toBe(true)
    expect(world.lock.items.groups).toContain('"last":')
  })
})

describe('a budget', () => {
  it('is shared by all groups, also by those that grow in the same moment', async () => {
    const many = Array.from({ length: 5 }, (_, n) => policyOf(`g${n}`, { costPerHour: 1 }))
    const world = createWorld(many)
    const { scaler } = await world.started({
      policies: { load: async () => many, budget: () => ({ maxPerHour: 7 }) },
    })
    for (const { group } of many) world.source.set(group.job, { waiting: 4 })
    world.source.tell({ kind: 'missed' })
    await wait(3000)
    const total = many.reduce((sum, { group }) => sum + world.cluster.at(group).count, 0)
    expect(total).toBe(7)
    await end(scaler)
  })
})
