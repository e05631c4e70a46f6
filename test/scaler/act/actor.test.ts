import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Refusal } from '../../../src/ports.ts'
import { createWorld, end, policyOf } from '../helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const HEAVY = policyOf('heavy').group

async function refusedWith(refusals: Refusal[]) {
  const world = createWorld()
  const daemon = await world.started()
  await wait(400)
  world.cluster.refusals.push(...refusals)
  world.source.push('heavy', { waiting: 2 })
  await wait(20)
  return { world, ...daemon }
}

describe('a refused scale', () => {
  it.each<Refusal>([
    'forbidden',
    'rate-limited',
    'no-leader',
    'server-error',
    'unreachable',
    'timeout',
    'out-of-bounds',
    'invalid',
    'group-missing',
  ])('backs off after %s, longer each time, and says it once', async (refusal) => {
    const { world, scaler, lines } = await refusedWith(Array(40).fill(refusal))
    await wait(100_000)
    const times = world.asked('scale').map(({ at }) => at)
    expect(times.length).toBeGreaterThanOrEqual(6)
    expect(times.length).toBeLessThanOrEqual(8)
    const gaps = times.slice(1).map((at, index) => at - (times[index] as number))
    expect(gaps[0]).toBeLessThan(2500)
    expect(Math.max(...gaps)).toBeGreaterThan(25_000)
    expect(Math.max(...gaps)).toBeLessThan(32_000)
    expect(lines().filter((line) => line.includes(`refused (${refusal})`))).toHaveLength(1)
    await end(scaler)
  })

  it('is tried again, and its success told, when what forbade it is over', async () => {
    const { world, scaler, lines } = await refusedWith(['forbidden', 'forbidden'])
    await wait(10_000)
    expect(world.cluster.at(HEAVY).count).toBe(2)
    expect(lines().filter((line) => line.includes('accepted'))).toHaveLength(1)
    await end(scaler)
  })

  it('waits for the end of a deployment, and goes on at once then', async () => {
    const world = createWorld([policyOf('heavy', { jobType: 'service' })])
    const { scaler } = await world.started()
    await wait(400)
    // The mirror does not know of it yet.
    world.cluster.refusals.push('deployment-active')
    world.source.push('heavy', { waiting: 2 })
    await wait(20)
    expect(world.asked('scale')).toHaveLength(1)
    world.cluster.change(HEAVY, { deploymentActive: true })
    await wait(30_000)
    expect(world.asked('scale')).toHaveLength(1)
    expect(scaler.group('heavy')?.decision).toMatchObject({ kind: 'hold', because: 'deployment-active' })
    world.cluster.change(HEAVY, { deploymentActive: false })
    await wait(15)
    expect(world.asked('scale')).toHaveLength(2)
    expect(world.cluster.at(HEAVY).count).toBe(2)
    await end(scaler)
  })

  it('is decided anew when the job has changed meanwhile', async () => {
    const world = createWorld()
    world.cluster.lagMs = 50
    const { scaler } = await world.started()
    await wait(400)
    // Somebody deploys at the same moment: the mirror hears of it later.
    world.cluster.change(HEAVY, { jobModifyIndex: 500, jobVersion: 7 })
    world.source.push('heavy', { waiting: 2 })
    await wait(20)
    expect(world.asked('scale')).toMatchObject([{ answer: { refusal: 'stale-index' } }])
    await wait(150)
    expect(world.asked('scale')).toMatchObject([
      {},
      { request: { jobModifyIndex: 500 }, answer: { ok: true } },
    ])
    await end(scaler)
  })

  it('goes on at once when Nomad is heard of again', async () => {
    const { world, scaler } = await refusedWith(Array(6).fill('unreachable'))
    await wait(40_000)
    world.cluster.refusals.length = 0
    const before = world.asked('scale').length
    world.cluster.setState('lost', 'ECONNREFUSED')
    await wait(10)
    world.cluster.setState('ready')
    await wait(20)
    expect(world.asked('scale')).toHaveLength(before + 1)
    expect(world.cluster.at(HEAVY).count).toBe(2)
    await end(scaler)
  })
})

describe('a job that is not there', () => {
  it('holds for one that is stopped', async () => {
    const world = createWorld()
    const { scaler, lines } = await world.started()
    world.cluster.change(HEAVY, { job: 'stopped' })
    await wait(50)
    world.source.push('heavy', { waiting: 2 })
    await wait(5000)
    expect(world.cluster.asked).toEqual([])
    expect(scaler.group('heavy')).toMatchObject({ job: 'stopped', decision: { because: 'job-stopped' } })
    expect(lines().filter((line) => line.includes('was stopped'))).toHaveLength(1)
    await end(scaler)
  })

  it('registers one again that was collected at count 0, with what is needed', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    await wait(400)
    world.cluster.remove(HEAVY)
    await wait(5000)
    expect(world.cluster.asked).toEqual([])
    world.source.push('heavy', { waiting: 3 })
    await wait(3000)
    expect(world.asked('revive')).toMatchObject([{ count: 3 }])
    expect(world.cluster.at(HEAVY).count).toBe(3)
    await end(scaler)
  })

  it.each<[what: string, prepare: (world: ReturnType<typeof createWorld>) => Promise<unknown>]>([
    ['was never there', async (world) => world.cluster.remove(HEAVY)],
    [
      'was stopped before it went',
      async (world) => {
        world.cluster.change(HEAVY, { job: 'stopped' })
        await wait(50)
        world.cluster.remove(HEAVY)
      },
    ],
    [
      'was purged while it ran',
      async (world) => {
        world.source.push('heavy', { waiting: 1 })
        await wait(50)
        world.cluster.remove(HEAVY)
      },
    ],
  ])('stays away when it %s', async (what, prepare) => {
    const world = createWorld()
    if (what.startsWith('was never')) await prepare(world)
    await wait(10)
    const { scaler } = await world.started()
    if (!what.startsWith('was never')) await prepare(world)
    await wait(50)
    world.source.push('heavy', { waiting: 3 })
    await wait(60_000)
    expect(world.asked('revive')).toEqual([])
    expect(scaler.group('heavy')?.decision).toMatchObject({ because: 'job-missing' })
    await end(scaler)
  })

  it('is not asked for again and again when it cannot be registered', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    await wait(400)
    world.cluster.remove(HEAVY)
    await wait(10)
    world.cluster.refusals.push(...Array(20).fill('job-missing'))
    world.source.push('heavy', { waiting: 3 })
    await wait(60_000)
    const { length } = world.asked('revive')
    expect(length).toBeGreaterThan(2)
    expect(length).toBeLessThan(9)
    await end(scaler)
  })
})

describe('versions', () => {
  it('tags a deployed version once the first scale has followed it, and no version of a scale', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    await wait(400)
    world.cluster.change(HEAVY, { jobVersion: 3, jobModifyIndex: 900 })
    await wait(2000)
    expect(world.asked('tag')).toEqual([])
    for (let n = 1; n <= 4; n++) {
      world.source.push('heavy', { waiting: n })
      await wait(2000)
    }
    expect(world.cluster.at(HEAVY).count).toBe(4)
    expect(world.asked('tag')).toMatchObject([{ version: 3 }])
    await end(scaler)
  })
})

describe('a dry run', () => {
  it('says what it would do, once, and remembers nothing of it', async () => {
    const world = createWorld()
    const { scaler, lines } = await world.started({}, { dryRun: true })
    world.cluster.refusals.push(...Array(20).fill('dry-run'))
    world.source.push('heavy', { waiting: 2 })
    await wait(30_000)
    expect(world.asked('scale')).toHaveLength(1)
    expect(lines().filter((line) => line.includes('only said'))).toHaveLength(1)
    expect(world.lock.holder).toBeUndefined()
    expect(scaler.group('heavy')).toMatchObject({ desired: 0 })
    expect(scaler.group('heavy')?.lastChange).toBeUndefined()
    await end(scaler)
  })
})
