import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Scaler } from '../../../scaler/reports.ts'
import { createWorld, end, idleWorkers, policyOf } from '../helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const HEAVY = policyOf('heavy').group
const ANN = { by: 'ann' }

async function done<T>(order: Promise<T>): Promise<T> {
  order.catch(() => {})
  await wait(100)
  return order
}

describe('pause and resume', () => {
  it('hold the count as it is, and are with the lock before they are answered', async () => {
    const world = createWorld()
    const { scaler, lines } = await world.started()
    await done(scaler.pause('heavy', { ...ANN, reason: 'an incident' }))
    expect(world.lock.items.groups).toContain('an incident')
    world.source.push('heavy', { waiting: 3 })
    await wait(5000)
    expect(world.cluster.asked).toEqual([])
    expect(scaler.group('heavy')).toMatchObject({
      paused: { by: 'ann', reason: 'an incident' },
      decision: { because: 'paused' },
    })
    await done(scaler.resume('heavy', ANN))
    expect(world.cluster.at(HEAVY).count).toBe(3)
    expect(world.lock.items.groups).not.toContain('an incident')
    expect(lines()).toContain('heavy: paused, by ann: an incident')
    await end(scaler)
  })

  it('a pause ends by itself', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    await done(scaler.pause('heavy', { ...ANN, untilMs: Date.now() + 30_000 }))
    world.source.push('heavy', { waiting: 1 })
    await wait(29_000)
    expect(world.cluster.asked).toEqual([])
    await wait(1500)
    expect(world.cluster.at(HEAVY).count).toBe(1)
    await end(scaler)
  })

  it('an order that cannot be written down is not followed', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    world.lock.fails = 'unavailable'
    await expect(done(scaler.pause('heavy', ANN))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(scaler.group('heavy')?.paused).toBeUndefined()
    await end(scaler)
  })
})

describe('bounds by hand', () => {
  it('hold growth and shrink, until they are taken back', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    await done(scaler.setBounds('heavy', { max: 2 }, ANN))
    world.source.push('heavy', { waiting: 9 })
    await wait(2000)
    expect(scaler.group('heavy')).toMatchObject({ desired: 2, bounds: { min: 0, max: 2 } })
    await done(scaler.setBounds('heavy', undefined, ANN))
    await wait(2000)
    expect(scaler.group('heavy')).toMatchObject({ desired: 4, bounds: { max: 4 } })
    await end(scaler)
  })
})

describe('scale now', () => {
  it('sets the count, and tells Nomad’s answer', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    expect(await done(scaler.scaleNow('heavy', 3, ANN))).toMatchObject({ ok: true })
    expect(world.cluster.at(HEAVY).count).toBe(3)
    world.cluster.refusals.push('forbidden')
    expect(await done(scaler.scaleNow('heavy', 4, ANN))).toMatchObject({ ok: false, refusal: 'forbidden' })
    await end(scaler)
  })

  it('never below those who run', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    await done(scaler.scaleNow('heavy', 3, ANN))
    await expect(done(scaler.scaleNow('heavy', 2, ANN))).rejects.toMatchObject({
      code: 'USAGE',
      message: '3 workers run: a count of 2 would stop some, busy or not',
    })
    expect(world.cluster.killed).toEqual([])
    await end(scaler)
  })
})

describe('retire', () => {
  it('asks the worker that the start of an id names, though it is busy', async () => {
    const world = createWorld()
    world.cluster.isDone = () => false
    const { scaler } = await world.started()
    world.source.push('heavy', { waiting: 2 })
    await wait(100)
    const [first] = world.cluster.at(HEAVY).allocations
    world.source.set('heavy', { waiting: 0, active: 2 })
    world.source.setWorkers(idleWorkers(world.cluster.at(HEAVY).allocations, [first?.id as string]))
    expect(await done(scaler.retire('heavy', '00000001', ANN))).toMatchObject({ ok: true })
    expect(world.asked('retire')).toMatchObject([{ allocation: first?.id }])
    expect(scaler.group('heavy')).toMatchObject({ retiring: 1 })
    await end(scaler)
  })
})

describe('what cannot be done', () => {
  it.each<[what: string, order: (scaler: Scaler) => Promise<unknown>, message: RegExp]>([
    ['an unknown group', (scaler) => scaler.pause('hevy', ANN), /no group hevy/],
    ['a pause that is over', (scaler) => scaler.pause('heavy', { ...ANN, untilMs: 5 }), /past/],
    ['bounds upside down', (scaler) => scaler.setBounds('heavy', { min: 3, max: 1 }, ANN), /above max/],
    ['bounds beyond the policy', (scaler) => scaler.setBounds('heavy', { max: 99 }, ANN), /from 0 to 4/],
    ['half a worker', (scaler) => scaler.scaleNow('heavy', 1.5, ANN), /whole number/],
    ['a negative count', (scaler) => scaler.scaleNow('heavy', -1, ANN), /from 0 to 4/],
    ['no number', (scaler) => scaler.scaleNow('heavy', Number.NaN, ANN), /from 0 to 4/],
    ['an unknown worker', (scaler) => scaler.retire('heavy', 'ffff', ANN), /no worker/],
    ['any worker', (scaler) => scaler.retire('heavy', '', ANN), /no worker|several/],
  ])('is said: %s', async (_, order, message) => {
    const world = createWorld()
    const { scaler } = await world.started()
    const failure = await done(order(scaler).catch((error: unknown) => error))
    expect(failure).toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) })
    expect(world.cluster.asked).toEqual([])
    await end(scaler)
  })

  it('helps with a name', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    await expect(scaler.resume('heavi', ANN)).rejects.toMatchObject({ hint: 'Do you mean heavy?' })
    for (const name of ['heavy', 'heavy/heavy', 'default/heavy/heavy'])
      expect(scaler.group(name)?.name).toBe('heavy')
    expect(scaler.group('light')).toBeUndefined()
    await end(scaler)
  })
})
