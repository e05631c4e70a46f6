import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DroverError } from '../../../src/errors.ts'
import { createWorld, end, policyOf } from '../helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const LIGHT = policyOf('light').group

describe('reload', () => {
  it('follows groups that come, go and change, and keeps what is known of the others', async () => {
    const world = createWorld()
    world.cluster.add(LIGHT)
    const { scaler } = await world.started()
    world.source.push('heavy', { waiting: 3 })
    await wait(1000)
    const { lastChange } = scaler.group('heavy') ?? {}
    expect(lastChange).toMatchObject({ from: 0, to: 3 })
    world.policies = [policyOf('heavy', { max: 5, queues: ['heavy', 'more'] }), policyOf('light')]
    await scaler.reload()
    world.source.set('light', { waiting: 1 })
    world.source.set('more', { waiting: 7 })
    await wait(1100)
    expect(world.source.watched).toEqual(['heavy', 'more', 'light'])
    expect(scaler.groups().map(({ name, desired }) => [name, desired])).toEqual([
      ['heavy', 5],
      ['light', 1],
    ])
    world.policies = [policyOf('light')]
    await scaler.reload()
    const before = world.cluster.asked.length
    world.source.push('heavy', { waiting: 50 })
    await wait(3000)
    expect(world.cluster.asked).toHaveLength(before)
    expect(scaler.group('heavy')).toBeUndefined()
    await end(scaler)
  })

  it('of a wrong file leaves everything as it was, and says why', async () => {
    const world = createWorld()
    const { scaler, lines } = await world.started()
    world.load = async () => {
      throw new DroverError('STACK_INVALID', 'the stack stack.yml has 2 errors')
    }
    await expect(scaler.reload()).rejects.toMatchObject({ code: 'STACK_INVALID' })
    expect(lines()).toContain('the stack stays as it was: the stack stack.yml has 2 errors')
    world.source.push('heavy', { waiting: 3 })
    await wait(100)
    expect(world.asked('scale')).toHaveLength(1)
    await end(scaler)
  })

  it('keeps the pause of a group that was away for a while', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    const paused = scaler.pause('heavy', { by: 'ann' })
    await wait(50)
    await paused
    await end(scaler)
    const two = await world.started({ policies: { load: async () => world.policies } }, { name: 'two' })
    const { policies } = world
    world.policies = []
    await two.scaler.reload()
    await wait(1000)
    world.policies = policies
    await two.scaler.reload()
    expect(two.scaler.group('heavy')?.paused).toMatchObject({ by: 'ann' })
    await end(two.scaler)
  })
})

describe('scaling blocks in Nomad', () => {
  const block = (policy: unknown) => ({ group: LIGHT, jobType: 'batch', min: 0, max: 3, policy, meta: {} })

  it('are followed as they come, and wrong ones are told', async () => {
    const world = createWorld()
    world.cluster.add(LIGHT)
    const { scaler, lines } = await world.started()
    world.cluster.scalable = [block({ drover: { queues: ['light'] } })]
    world.cluster.tell({ kind: 'jobs' })
    world.source.set('light', { waiting: 9 })
    await wait(1500)
    expect(scaler.group('light')).toMatchObject({ desired: 3, policy: { origin: 'nomad' } })
    world.cluster.scalable = [block({ drover: { queues: [] } })]
    world.cluster.tell({ kind: 'jobs' })
    world.cluster.tell({ kind: 'jobs' })
    await wait(100)
    // It is followed as it was before.
    expect(scaler.group('light')).toMatchObject({ policy: { queues: ['light'] } })
    expect(lines().filter((line) => line.includes('light.scaling.policy.drover'))).toHaveLength(1)
    expect(scaler.health()).toMatchObject({ ready: false })
    world.cluster.scalable = [block({})]
    world.cluster.tell({ kind: 'jobs' })
    await wait(100)
    expect(scaler.group('light')).toBeUndefined()
    expect(scaler.health()).toMatchObject({ ready: true })
    await end(scaler)
  })

  it('of a group in the stack file give way to it', async () => {
    const world = createWorld([policyOf('light', { max: 1 })])
    const { scaler } = await world.started()
    world.cluster.scalable = [block({ drover: { queues: ['other'] } }), block({})]
    world.cluster.tell({ kind: 'jobs' })
    await wait(100)
    expect(scaler.groups()).toMatchObject([{ policy: { origin: 'stack', max: 1 } }])
    await end(scaler)
  })
})
