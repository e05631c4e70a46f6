import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorld, end, policyOf } from './helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const SERVICE = policyOf('heavy', { jobType: 'service', keepAliveMs: 0 })

/** Three workers, of which some are busy; they obey at once, or never. */
async function three(busy: readonly number[], obeys: boolean) {
  const world = createWorld([SERVICE])
  const asked: string[] = []
  const cordoned = new Set<string>()
  const show = () =>
    world.source.setWorkers(
      world.cluster.at(SERVICE.group).allocations.map(({ id, index }) => ({
        allocation: id,
        busy: busy.includes(index) ? 1 : 0,
        concurrency: 1,
        intake: cordoned.has(id) ? 'cordoned' : 'taking',
      })),
    )
  const command = (what: 'cordon' | 'lift') => async (_: unknown, allocation: string) => {
    const { index } = world.cluster.at(SERVICE.group).allocations.find(({ id }) => id === allocation) ?? {}
    asked.push(`${what} ${index}`)
    if (!obeys) return { ok: false, message: 'no worker answered' } as const
    if (what === 'cordon') cordoned.add(allocation)
    else cordoned.delete(allocation)
    show()
    return { ok: true } as const
  }
  const daemon = await world.started({ workers: { cordon: command('cordon'), lift: command('lift') } })
  world.source.push('heavy', { waiting: 3 })
  await wait(200)
  world.source.set('heavy', { waiting: 0, active: busy.length })
  show()
  return { world, asked, ...daemon }
}

describe('a service group', () => {
  it('has the highest idle workers take nothing, and then lets Nomad stop them', async () => {
    const { world, asked, scaler } = await three([0], true)
    await wait(8000)
    expect(asked.sort()).toEqual(['cordon 1', 'cordon 2'])
    expect(world.cluster.at(SERVICE.group).allocations.map(({ index }) => index)).toEqual([0])
    expect(world.asked('retire')).toEqual([])
    await end(scaler)
  })

  it('stops nobody below a busy one', async () => {
    const { world, asked, scaler } = await three([2], true)
    await wait(20_000)
    expect(asked).toEqual([])
    expect(world.cluster.at(SERVICE.group).count).toBe(3)
    expect(scaler.group('heavy')?.decision).toMatchObject({ because: 'busy' })
    await end(scaler)
  })

  it('stops nobody who has not obeyed, remembers whom it has asked, and takes them back when work comes', async () => {
    const { world, asked, scaler } = await three([0], false)
    await wait(4000)
    expect(new Set(asked)).toEqual(new Set(['cordon 1', 'cordon 2']))
    expect(world.cluster.at(SERVICE.group).count).toBe(3)
    await wait(5000)
    expect(world.lock.items.groups).toContain('cordoned')
    expect(world.cluster.killed).toEqual([])
    asked.length = 0
    world.source.push('heavy', { waiting: 2 })
    await wait(40_000)
    expect(asked).toContain('lift 1')
    expect(world.cluster.at(SERVICE.group).count).toBe(3)
    await end(scaler)
  })

  it('is told, once, when there is no way to tell workers', async () => {
    const world = createWorld([SERVICE])
    const { scaler, lines } = await world.started()
    world.source.push('heavy', { waiting: 1 })
    await wait(200)
    world.source.set('heavy', { waiting: 0 })
    world.source.setWorkers(
      world.cluster
        .at(SERVICE.group)
        .allocations.map(({ id }) => ({ allocation: id, busy: 0, intake: 'taking' })),
    )
    await wait(60_000)
    expect(lines().filter((line) => line.includes('there is no way to tell workers'))).toHaveLength(1)
    expect(world.cluster.at(SERVICE.group).count).toBe(1)
    await end(scaler)
  })
})
