import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { WorkerCommandAnswer } from '../../../scaler/deps.ts'
import { createWorld, end, idleWorkers, policyOf } from '../helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const HEAVY = policyOf('heavy').group
const OK = { ok: true } as const
const SILENT = { ok: false, message: 'it did not answer within 3 s' } as const

/** Workers that have to be settled before they are asked to leave, and what they answer. */
function workersThat(settle: () => Promise<WorkerCommandAnswer>) {
  const told: string[] = []
  const command = (what: string, answer: () => Promise<WorkerCommandAnswer>) => (_: unknown, id: string) => {
    told.push(`${what} ${id.slice(0, 8)}`)
    return answer()
  }
  return {
    told,
    port: {
      cordon: command('cordon', async () => OK),
      lift: command('lift', async () => OK),
      settle: command('settle', settle),
    },
  }
}

/** One worker that has become idle. */
async function oneIdle(settle: () => Promise<WorkerCommandAnswer>) {
  const world = createWorld()
  const { told, port } = workersThat(settle)
  const daemon = await world.started({ workers: port })
  world.source.push('heavy', { waiting: 1 })
  await wait(100)
  const { allocations } = world.cluster.at(HEAVY)
  world.source.set('heavy', { waiting: 0 })
  world.source.setWorkers(idleWorkers(allocations))
  return { world, told, port, ...daemon }
}

it('a worker is settled first, then asked to leave', async () => {
  let settled: () => void = () => undefined
  const { world, told, scaler } = await oneIdle(
    () =>
      new Promise((resolve) => {
        settled = () => resolve(OK)
      }),
  )
  await wait(7000)
  expect(told).toEqual(['settle 00000001'])
  expect(world.lock.items.groups).toContain('00000001')
  expect(world.asked('retire')).toEqual([])
  settled()
  await wait(10)
  expect(world.asked('retire')).toHaveLength(1)
  world.source.setWorkers([])
  await wait(3000)
  expect(world.cluster.at(HEAVY).count).toBe(0)
  expect(told).toEqual(['settle 00000001'])
  await end(scaler)
})

it('one that could not be settled is not asked to leave, but taken back, and tried again later', async () => {
  const answers: WorkerCommandAnswer[] = [SILENT]
  const { world, told, scaler, lines } = await oneIdle(async () => answers.shift() ?? OK)
  await wait(6500)
  expect(told[0]).toBe('settle 00000001')
  expect(world.asked('retire')).toEqual([])
  expect(lines()).toContainEqual(expect.stringContaining('refused (worker-not-ready): it did not answer'))
  expect(scaler.group('heavy')).toMatchObject({ retiring: 0, desired: 1 })
  await wait(20_000)
  expect(told).toEqual(['settle 00000001', 'lift 00000001', 'settle 00000001'])
  expect(world.asked('retire')).toHaveLength(1)
  await end(scaler)
})

it('a dry run settles nobody', async () => {
  const { world, scaler } = await oneIdle(async () => OK)
  await end(scaler)
  const { told, port } = workersThat(async () => OK)
  const dry = await world.started({ workers: port }, { dryRun: true })
  await wait(20_000)
  expect(world.asked('retire').length).toBeGreaterThan(0)
  expect(told).toEqual([])
  await end(dry.scaler)
})

it('a leader that died between settling and asking leaves a worker that the next one takes back', async () => {
  const { world, kill } = await oneIdle(() => new Promise(() => undefined))
  await wait(6000)
  expect(world.lock.items.groups).toContain('00000001')
  kill()
  const { told, port } = workersThat(async () => OK)
  const next = await world.daemon({ workers: port }, { name: 'two' })
  void next.scaler.start()
  await wait(25_000)
  expect(told).toEqual([])
  await wait(20_000)
  expect(next.lines()).toContainEqual(expect.stringContaining('has not heard it'))
  expect(told).toEqual(['lift 00000001', 'settle 00000001'])
  expect(world.asked('retire')).toHaveLength(1)
  await end(next.scaler)
})
