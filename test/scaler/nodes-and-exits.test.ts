import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createWorld, end, idleWorkers, policyOf } from './helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const HEAVY = policyOf('heavy').group

it('an idle worker on a node that is drained leaves within seconds, and one that is needed comes back', async () => {
  const world = createWorld([policyOf('heavy', { min: 1, keepAliveMs: 3_600_000 })])
  const { scaler, lines } = await world.started()
  await wait(500)
  const [first] = world.cluster.at(HEAVY).allocations
  world.source.setWorkers(idleWorkers(world.cluster.at(HEAVY).allocations))
  await wait(60_000)
  expect(world.asked('retire')).toEqual([])
  world.cluster.draining = new Set(['n1'])
  await wait(5500)
  expect(world.asked('retire')).toMatchObject([{ allocation: first?.id }])
  world.cluster.draining = new Set()
  world.source.setWorkers([])
  await wait(10_000)
  const alive = world.cluster.at(HEAVY).allocations.filter(({ clientStatus }) => clientStatus === 'running')
  expect(alive).toHaveLength(1)
  expect(alive[0]?.id).not.toBe(first?.id)
  expect(world.cluster.at(HEAVY).count).toBe(1)
  expect(lines().join('\n')).toContain('idle, and on a node that is drained')
  await end(scaler)
})

it('workers that end at once are started again later each time, and it is said once', async () => {
  const world = createWorld()
  const { scaler, lines } = await world.started()
  await wait(300)
  const die = setInterval(() => {
    for (const { id, clientStatus, startedAt = 0 } of world.cluster.at(HEAVY).allocations)
      if (clientStatus === 'running' && Date.now() - startedAt >= 200) world.cluster.exit(id)
  }, 50)
  world.source.push('heavy', { waiting: 1 })
  await wait(600_000)
  // 0, 2, 4, ... 32 s, then one a minute, in place of 600.
  expect(world.asked('scale').length).toBeGreaterThan(12)
  expect(world.asked('scale').length).toBeLessThan(20)
  expect(scaler.group('heavy')?.decision).toMatchObject({ kind: 'hold', because: 'ends-at-once' })
  expect(
    lines().filter((line) => line.startsWith('heavy: its workers end by themselves at once')),
  ).toHaveLength(1)
  clearInterval(die)
  await wait(61_000)
  const mended = world.asked('scale').length
  // The one that lives on clears it: the next that leaves is replaced at once.
  await wait(30_000)
  expect(world.asked('scale')).toHaveLength(mended)
  world.cluster.exit(
    world.cluster.at(HEAVY).allocations.find((one) => one.clientStatus === 'running')?.id as string,
  )
  await wait(1000)
  expect(world.asked('scale')).toHaveLength(mended + 1)
  await end(scaler)
})

it('Nomad may be silent between two signs of life, which are half a minute apart', async () => {
  const world = createWorld()
  const { scaler } = await world.started()
  await wait(300)
  world.cluster.silence = true
  await wait(55_000)
  expect(scaler.group('heavy')?.decision).toMatchObject({ because: 'steady' })
  world.source.push('heavy', { waiting: 1 })
  await wait(100)
  expect(world.asked('scale')).toHaveLength(1)
  await wait(15_000)
  expect(scaler.group('heavy')?.decision).toMatchObject({ because: 'cluster-blind' })
  await end(scaler)
})
