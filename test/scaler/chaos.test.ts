import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Refusal } from '../../src/ports.ts'
import { createWorld, end, policyOf } from './helpers/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const STEP_MS = 100
const POLICY = policyOf('heavy', { keepAliveMs: 2000 })
const REFUSALS: readonly Refusal[] = ['stale-index', 'server-error', 'timeout', 'no-leader', 'rate-limited']

/** Numbers from 0 up to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'bursts, refusals, blindness and leaders that die (seed %d): nobody is stopped, and all is done',
  async (seed) => {
    const random = seeded(seed)
    const world = createWorld([POLICY])
    const { cluster, source } = world
    let waiting = 0
    let done = 0
    let added = 0
    let most = 0
    const busyUntil = new Map<string, number>()
    const running = () => cluster.at(POLICY.group).allocations.filter((one) => one.clientStatus === 'running')
    const asked = () =>
      new Set(world.asked('retire').flatMap(({ allocation, answer }) => (answer?.ok ? allocation : [])))
    cluster.isDone = (id) => !busyUntil.has(id)

    function work(): void {
      const leaving = asked()
      for (const { id } of running()) {
        const until = busyUntil.get(id)
        if (until !== undefined && until <= Date.now()) {
          busyUntil.delete(id)
          done++
        }
        if (waiting > 0 && !busyUntil.has(id) && !leaving.has(id)) {
          waiting--
          busyUntil.set(id, Date.now() + 500 + random() * 8000)
        }
      }
      most = Math.max(most, running().length)
      source.setWorkers(running().map(({ id }) => ({ allocation: id, busy: busyUntil.has(id) ? 1 : 0 })))
      source.push('heavy', { waiting, active: busyUntil.size })
    }

    let daemons = [await world.started({}, { name: 'd0' }), await world.started({}, { name: 'd1' })]
    for (let step = 0; step < 2000; step++) {
      const isCalm = step > 1300
      if (!isCalm && random() < 0.01) {
        const burst = 1 + Math.floor(random() * 5)
        waiting += burst
        added += burst
      }
      if (isCalm) cluster.refusals.length = 0
      else if (cluster.refusals.length === 0 && random() < 0.01)
        cluster.refusals.push(REFUSALS[Math.floor(random() * REFUSALS.length)] as Refusal)
      source.blind = !isCalm && random() < 0.02 ? { code: 'timeout', message: 'slow' } : undefined
      if (!isCalm && step % 350 === 349) {
        const victim = daemons.find(({ scaler }) => scaler.health().isLeader) ?? daemons[0]
        victim?.kill()
        daemons = [...daemons.filter((one) => one !== victim), await world.started({}, { name: `d${step}` })]
      }
      work()
      await vi.advanceTimersByTimeAsync(STEP_MS)
    }
    expect(cluster.killed).toEqual([])
    expect({ waiting, done }).toEqual({ waiting: 0, done: added })
    expect(added).toBeGreaterThan(10)
    expect(most).toBeLessThanOrEqual(POLICY.max)
    expect(cluster.at(POLICY.group).count).toBe(0)
    const retired = world.asked('retire').filter(({ answer }) => answer?.ok)
    expect(new Set(retired.map(({ allocation }) => allocation)).size).toBe(retired.length)
    for (const { scaler } of daemons) await end(scaler)
  },
)
