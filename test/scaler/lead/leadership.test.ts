import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GroupRef } from '../../../src/core/scaling/group-ref.ts'
import { createWorld, end, idleWorkers, policyOf } from '../helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const HEAVY: GroupRef = policyOf('heavy').group
type World = ReturnType<typeof createWorld>

/** What only the second daemon does. */
function second(world: World) {
  const calls: string[] = []
  const { scale, retire } = world.cluster.actions
  return {
    calls,
    actions: {
      ...world.cluster.actions,
      scale: (request: Parameters<typeof scale>[0]) => {
        calls.push(`scale ${request.count}`)
        return scale(request)
      },
      retire: (allocation: string, task: string) => {
        calls.push(`retire ${allocation}`)
        return retire(allocation, task)
      },
    },
  }
}

async function grown(world: World): Promise<readonly string[]> {
  world.source.push('heavy', { waiting: 2 })
  await wait(500)
  const { allocations } = world.cluster.at(HEAVY)
  world.source.set('heavy', { waiting: 0 })
  world.source.setWorkers(idleWorkers(allocations))
  return allocations.map(({ id }) => id)
}

describe('two daemons', () => {
  it('act once: the follower decides, and does nothing', async () => {
    const world = createWorld()
    const one = await world.started()
    const { calls, actions } = second(world)
    const two = await world.started({ actions }, { name: 'two' })
    expect([one.scaler.health().isLeader, two.scaler.health().isLeader]).toEqual([true, false])
    expect(two.scaler.health().leader).toBe('one')
    world.source.push('heavy', { waiting: 2 })
    await wait(3000)
    expect(world.asked('scale')).toHaveLength(1)
    expect(calls).toEqual([])
    // It is warm: it has seen the same, and tells no stranger's doing.
    expect(two.scaler.group('heavy')).toMatchObject({ desired: 2, decision: { kind: 'hold' } })
    expect(two.lines().filter((line) => line.includes('not by Drover'))).toEqual([])
    await expect(two.scaler.pause('heavy', { by: 'ann' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      hint: 'Ask the leader: one.',
    })
    await end(one.scaler)
    await end(two.scaler)
  })

  it('tell decisions once: those of the follower are marked, and it does not ask for a lock that is held', async () => {
    const world = createWorld()
    const one = await world.started()
    const two = await world.started({}, { name: 'two' })
    const acquire = vi.spyOn(world.lock.store, 'acquire')
    world.source.push('heavy', { waiting: 2 })
    await wait(10_000)
    const decisions = ({ events }: typeof one) => events.filter((event) => event.kind === 'decision')
    expect(decisions(one).filter(({ isFollower }) => isFollower)).toEqual([])
    expect(decisions(two).filter(({ isFollower }) => !isFollower)).toEqual([])
    expect(two.lines().join('\n')).toContain('heavy (this daemon does not lead): ')
    expect(acquire).not.toHaveBeenCalled()
    // What it goes on with is news once it leads.
    const closed = one.scaler.close()
    await wait(3000)
    await closed
    expect(acquire).toHaveBeenCalledTimes(1)
    expect(two.lines().filter((line) => line.startsWith('heavy: hold'))).toHaveLength(1)
    await end(two.scaler)
  })

  it('lose nothing that is written between a look at the lock and taking it', async () => {
    const world = createWorld()
    const { store } = world.lock
    const { read } = store
    vi.spyOn(store, 'read').mockImplementationOnce(async () => {
      const before = await read()
      // The last leader's write was on its way: it takes the lock again with it.
      await store.acquire({ groups: '{"default/heavy/heavy":{"paused":{"since":5,"by":"ann"}}}' })
      return before
    })
    const { scaler } = await world.started()
    expect(scaler.health().isLeader).toBe(false)
    world.lock.holder = undefined
    await wait(2100)
    expect(scaler.health().isLeader).toBe(true)
    expect(scaler.group('heavy')?.paused).toMatchObject({ by: 'ann' })
    expect(world.lock.items.groups).toContain('ann')
    await end(scaler)
  })

  it('hand over at once when the leader is stopped', async () => {
    const world = createWorld()
    const one = await world.started()
    const two = await world.started({}, { name: 'two' })
    const paused = one.scaler.pause('heavy', { by: 'ann', reason: 'looking' })
    await wait(50)
    await paused
    const closed = one.scaler.close()
    await wait(50)
    await closed
    await wait(2100)
    expect(two.scaler.health()).toMatchObject({ isLeader: true, leader: 'two' })
    expect(two.scaler.group('heavy')?.paused).toMatchObject({ by: 'ann', reason: 'looking' })
    world.source.push('heavy', { waiting: 3 })
    await wait(2000)
    expect(world.cluster.asked).toEqual([])
    await end(two.scaler)
  })

  it('neither repeat nor forget a retirement: the next leader lets the count follow', async () => {
    const world = createWorld()
    world.cluster.isDone = () => false
    const one = await world.started()
    const { calls, actions } = second(world)
    const two = await world.started({ actions }, { name: 'two' })
    const ids = await grown(world)
    await wait(7000)
    expect(world.asked('retire')).toHaveLength(2)
    // They got a task at the last moment, and their leader dies without a word.
    world.source.setWorkers(idleWorkers(world.cluster.at(HEAVY).allocations, ids))
    one.kill()
    await wait(40_000)
    expect(two.scaler.health().isLeader).toBe(true)
    expect(calls).toEqual([])
    expect(two.scaler.group('heavy')).toMatchObject({ retiring: 2 })
    world.cluster.isDone = () => true
    world.source.setWorkers([])
    await wait(5000)
    expect(world.cluster.at(HEAVY).count).toBe(0)
    expect(calls.filter((call) => call.startsWith('retire'))).toEqual([])
    expect(world.cluster.killed).toEqual([])
    await end(two.scaler)
  })

  it('ask again when the word was written down but never sent', async () => {
    const world = createWorld()
    const one = await world.started()
    const ids = await grown(world)
    // It dies between the two.
    const retire = vi.spyOn(world.cluster.actions, 'retire').mockImplementation(() => new Promise(() => {}))
    await wait(7000)
    expect(retire).toHaveBeenCalledTimes(2)
    one.kill()
    retire.mockRestore()
    const { calls, actions } = second(world)
    const two = await world.started({ actions }, { name: 'two' })
    await wait(15_000)
    expect(calls).toEqual([])
    await wait(50_000)
    expect([...calls].filter((call) => call.startsWith('retire')).sort()).toEqual(
      ids.map((id) => `retire ${id}`).sort(),
    )
    expect(world.cluster.at(HEAVY).count).toBe(0)
    await end(two.scaler)
  })
})

describe('a leader that cannot renew', () => {
  it('stops acting before the lock can be taken, and goes on when it is renewed', async () => {
    const world = createWorld()
    const { scaler, lines } = await world.started()
    await wait(500)
    world.lock.fails = 'unavailable'
    const lostAt = Date.now()
    for (let n = 0; n < 30; n++) {
      world.source.push('heavy', { waiting: (n % 4) + 1 })
      await wait(500)
    }
    // Renewed at least 3 s before, and nothing begins with less than 6 of 10 s left.
    for (const { at } of world.asked('scale')) expect(at - lostAt).toBeLessThan(4100)
    expect(scaler.health().isLeader).toBe(false)
    expect(scaler.health().problems.join()).toContain('the lock cannot be renewed')
    expect(lines().filter((line) => line.includes('does not lead any more'))).toHaveLength(1)
    world.lock.fails = undefined
    world.source.push('heavy', { waiting: 4 })
    await wait(3000)
    expect(scaler.health()).toMatchObject({ isLeader: true, ready: true })
    expect(world.cluster.at(HEAVY).count).toBe(4)
    await end(scaler)
  })

  it('never acts again when another has taken it', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    await wait(500)
    world.lock.holder = 'somebody else'
    await wait(3000)
    const before = world.cluster.asked.length
    world.source.push('heavy', { waiting: 4 })
    await wait(10_000)
    expect(world.cluster.asked).toHaveLength(before)
    expect(scaler.health().isLeader).toBe(false)
    await end(scaler)
  })

  it('loses it between writing down and asking a worker to leave: nobody is asked', async () => {
    const world = createWorld()
    const { scaler } = await world.started()
    await grown(world)
    const { write } = world.lock.store
    vi.spyOn(world.lock.store, 'write').mockImplementation(async (lock, items) => {
      const answer = await write(lock, items)
      // The write was slow: the lease has run out meanwhile.
      vi.setSystemTime(Date.now() + 8000)
      world.lock.fails = 'unavailable'
      return answer
    })
    await wait(7000)
    expect(world.asked('retire')).toEqual([])
    await end(scaler)
  })

  it('says so when it may not have a lock at all', async () => {
    const world = createWorld()
    world.lock.fails = 'forbidden'
    const { scaler, lines } = await world.started()
    world.source.push('heavy', { waiting: 4 })
    await wait(10_000)
    expect(world.cluster.asked).toEqual([])
    expect(scaler.health()).toMatchObject({ ready: false, isLeader: false })
    expect(lines().filter((line) => line.includes('the lock cannot be read'))).toHaveLength(1)
    await end(scaler)
  })
})

it('a daemon without a lock leads, and says that it must be the only one', async () => {
  const world = createWorld()
  const { scaler, lines } = await world.started({ lock: undefined as never })
  expect(scaler.health()).toMatchObject({ isLeader: true, ready: true })
  expect(lines()).toContain('there is no lock: this must be the only daemon')
  await end(scaler)
})
