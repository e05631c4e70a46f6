import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ScalerEvent } from '../../../scaler/reports.ts'
import type { SourceState } from '../../../src/ports.ts'
import { createFakeSource } from '../helpers/fake-source.ts'
import { begin, createWorld, end, idleWorkers, policyOf } from '../helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('several sources', () => {
  it('read the groups that are theirs, and one that hangs holds up its own only', async () => {
    const policies = [policyOf('heavy'), policyOf('light')]
    const world = createWorld(policies)
    const other = createFakeSource()
    const { scaler } = await world.daemon({
      sources: new Map([
        ['redis', world.source.source],
        ['prometheus', other.source],
      ]),
      policies: {
        load: async () => policies,
        sourceOf: ({ group }) => (group.job === 'light' ? 'prometheus' : undefined),
      },
    })
    await begin(scaler)
    expect([world.source.watched, other.watched]).toEqual([['heavy'], ['light']])
    other.hangs = true
    await wait(1500)
    world.source.push('heavy', { waiting: 2 })
    await wait(30)
    expect(world.cluster.at(policyOf('heavy').group).count).toBe(2)
    await wait(20_000)
    expect(scaler.group('light')?.decision).toMatchObject({ because: 'stale-sample' })
    expect(scaler.health().problems.join()).toContain('prometheus')
    await end(scaler)
  })

  it('a policy of a source that there is not is told', async () => {
    const world = createWorld()
    const { scaler, lines } = await world.started({
      policies: { load: async () => world.policies, sourceOf: () => 'rabbit' },
    })
    expect(lines()).toContain('heavy is not scaled: there is no queue source rabbit')
    expect(scaler.groups()).toEqual([])
    await end(scaler)
  })
})

describe('the state of a source', () => {
  it('is told when it changes, and not each time it is said', async () => {
    const world = createWorld()
    const { scaler, events } = await world.started()
    const state = (status: 'ready' | 'lost'): SourceState => ({
      polls: {
        status,
        since: Date.now(),
        ...(status === 'lost' ? { cause: { code: 'unreachable', message: 'connection refused' } } : {}),
      },
      pushes: { status: 'ready', since: 1 },
    })
    for (const status of ['ready', 'ready', 'lost', 'lost', 'ready'] as const)
      world.source.tell({ kind: 'state', state: state(status) })
    const told = events.filter((event: ScalerEvent) => event.kind === 'source')
    expect(told.map(({ message }) => message)).toEqual([
      'redis: polls ready, pushes ready',
      'redis: polls lost, pushes ready: connection refused',
      'redis: polls ready, pushes ready',
    ])
    await end(scaler)
  })
})

describe('workers', () => {
  it('of a group that a sweep is not of are left as they were', async () => {
    const policies = [
      policyOf('heavy', { keepAliveMs: 600_000 }),
      policyOf('light', { keepAliveMs: 600_000 }),
    ]
    const world = createWorld(policies)
    for (const { group } of policies) world.cluster.add(group, 2)
    await wait(10)
    const all = policies.flatMap(({ group }) => world.cluster.at(group).allocations)
    world.source.setWorkers(idleWorkers(all, [all[0]?.id as string, all[3]?.id as string]))
    const { scaler } = await world.started()
    await wait(300)
    expect(scaler.group('light')).toMatchObject({ busy: 1, idle: 1 })
    world.source.setWorkers(idleWorkers(all.slice(0, 2)))
    world.source.push('heavy', { waiting: 0 })
    await wait(20)
    expect(scaler.group('heavy')).toMatchObject({ busy: 0, idle: 2 })
    expect(scaler.group('light')).toMatchObject({ busy: 1, idle: 1 })
    await wait(1000)
    expect(scaler.group('light')).toMatchObject({ busy: 0, idle: 0, unknown: 2 })
    await end(scaler)
  })
})
