import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/scaling/decide.ts'
import type { Decision } from '../../../src/core/scaling/decision.ts'
import type { ScalingPolicy, StrategySetting } from '../../../src/core/scaling/policy.ts'
import type { Situation } from '../../../src/core/scaling/situation.ts'
import { Plant, SEEN, type Sight } from './plant.ts'
import { aPolicy } from './situations.ts'

const pace = fc.record({
  maxPerMinute: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  cooldownMs: fc.constantFrom(0, 0, 30_000, 180_000),
  stabilizationMs: fc.constantFrom(0, 0, 60_000),
})
const strategy = fc.oneof(
  fc.nat(3).map((spare): StrategySetting => ({ name: 'backlog', options: { spare } })),
  fc.tuple(fc.integer({ min: 2, max: 9 }), fc.nat(1), fc.constantFrom(1000, 60_000, 300_000)).map(
    ([upAt, downAt, cooldownMs]): StrategySetting => ({
      name: 'step',
      options: { upAt, downAt, cooldownMs },
    }),
  ),
  fc
    .constantFrom(10_000, 300_000)
    .map((targetMs): StrategySetting => ({ name: 'latency', options: { targetMs } })),
  fc.nat(4).map((count): StrategySetting => ({ name: 'fixed', options: { count } })),
)
const policies = fc
  .record({
    jobType: fc.constantFrom('batch' as const, 'service' as const),
    min: fc.nat(2),
    more: fc.integer({ min: 1, max: 6 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    keepAliveMs: fc.constantFrom(0, 20_000, 300_000),
    startUpMs: fc.constantFrom(0, 5000, 120_000),
    strategies: fc.array(strategy, { minLength: 1, maxLength: 2 }),
    up: pace,
    down: pace,
  })
  .map(({ more, ...rest }) => aPolicy({ ...(rest as Partial<ScalingPolicy>), max: rest.min + more }))

type Event =
  | { readonly kind: 'enqueue'; readonly tasks: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'silence'; readonly index: number; readonly silent: boolean }

const events = fc.array(
  fc.record({
    event: fc.oneof<fc.Arbitrary<Event>[]>(
      fc.constantFrom(1, 1, 2, 5, 12).map((tasks) => ({ kind: 'enqueue', tasks })),
      fc.constantFrom(0, 1000, 10_000, 100_000, 400_000).map((ms) => ({ kind: 'pass', ms })),
      fc.tuple(fc.nat(3), fc.boolean()).map(([index, silent]) => ({ kind: 'silence', index, silent })),
    ),
    sight: fc.record<Sight>({
      queue: fc.constantFrom('seen', 'seen', 'seen', 'seen', 'blind', 'stale'),
      workers: fc.constantFrom('seen', 'seen', 'seen', 'blind'),
      answers: fc.constantFrom(true, true, false),
    }),
  }),
  { minLength: 5, maxLength: 40 },
)

const TASK_MS = 45_000

function shrinks(decision: Decision): boolean {
  return (
    decision.kind === 'retire' ||
    decision.kind === 'cordon' ||
    (decision.kind === 'scale' && decision.to < decision.from)
  )
}

/** Everything that has to hold of a single decision, whatever came before. */
function check(plant: Plant, situation: Situation, sight: Sight, decision: Decision): void {
  const { min, max, jobType } = plant.policy
  expect(decide(situation)).toEqual(decision)
  expect(decision.need ?? min).toBeGreaterThanOrEqual(min)
  expect(decision.need ?? max).toBeLessThanOrEqual(max)
  if (sight.queue !== 'seen' || sight.workers !== 'seen') {
    // Without workers, only a count above those that live may fall; without queues, nothing may.
    if (sight.queue !== 'seen') expect(shrinks(decision)).toBe(false)
    else if (shrinks(decision))
      expect(decision).toMatchObject({ kind: 'scale', cause: expect.stringMatching(/follow|refill/) })
  }
  if (decision.kind === 'retire' || decision.kind === 'cordon')
    for (const id of decision.allocations) {
      const place = plant.alive().find((one) => one.id === id)
      expect(place).toMatchObject({ tasks: [], silent: false })
      expect(place?.startedAt).toBeDefined()
    }
  if (decision.kind === 'scale') {
    expect(decision.to).toBeGreaterThanOrEqual(min)
    expect(decision.to).toBeLessThanOrEqual(max)
    if (jobType === 'batch') expect(decision.to).toBeGreaterThanOrEqual(plant.alive().length)
  }
}

/** Decides, checks, carries it out. */
function look(plant: Plant, sight: Sight): Decision {
  const situation = plant.situation(sight)
  const decision = decide(situation)
  check(plant, situation, sight, decision)
  plant.apply(decision, sight.answers)
  return decision
}

function happen(plant: Plant, event: Event): void {
  if (event.kind === 'enqueue') plant.enqueue(event.tasks)
  else if (event.kind === 'pass') plant.pass(event.ms, TASK_MS)
  else if (event.kind === 'silence') plant.silence(event.index, event.silent)
}

const RUNS = { numRuns: 100, seed: 7 }

describe('decide, over random histories', () => {
  it('keeps every promise, never has a busy worker stopped, and comes to rest', () => {
    fc.assert(
      fc.property(policies, fc.boolean(), events, (policy, canCordon, history) => {
        const plant = new Plant(policy, canCordon)
        for (const { event, sight } of history) {
          happen(plant, event)
          for (let again = 0; again < 3; again++) look(plant, sight)
          expect(plant.stoppedBusy).toEqual([])
          expect(plant.alive().length).toBeLessThanOrEqual(policy.max)
        }
        // Everything is seen again, and nothing more comes: whatever waits is done, and then nothing changes.
        for (let index = 0; index < 9; index++) plant.silence(index, false)
        const later: Decision[] = []
        for (let round = 0; round < 60; round++) {
          plant.pass(60_000, TASK_MS)
          later.push(look(plant, SEEN), look(plant, SEEN))
        }
        expect(plant.stoppedBusy).toEqual([])
        if (policy.strategies.some(({ name }) => name !== 'fixed')) expect(plant.waiting).toBe(0)
        expect(later.slice(-10).map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'hold'))
        const fixed = policy.strategies.map(({ name, options }) =>
          name === 'fixed' ? (options as { count: number }).count : 0,
        )
        const rest = Math.min(policy.max, Math.max(policy.min, ...fixed))
        expect([plant.count, plant.alive().length]).toEqual([rest, rest])
      }),
      RUNS,
    )
  })

  it('is done after one action: what was decided is not decided again', () => {
    fc.assert(
      fc.property(policies, fc.boolean(), events, (policy, canCordon, history) => {
        const plant = new Plant(policy, canCordon)
        for (const { event } of history) {
          happen(plant, event)
          const first = look(plant, SEEN)
          const second = decide(plant.situation(SEEN))
          // The count follows who has left, and then the next may be asked to leave; lifting comes before growing.
          if (first.kind === 'scale' && first.cause === 'follow') expect(second.kind).not.toBe('scale')
          else if (first.kind === 'scale' || first.kind === 'retire')
            expect([first.kind, second.kind]).toEqual([first.kind, 'hold'])
          else if (first.kind !== 'hold') expect(second.kind).not.toBe(first.kind)
        }
      }),
      RUNS,
    )
  })

  it('does not flap while what is asked for stays the same', () => {
    fc.assert(
      fc.property(policies, fc.nat(30), (policy, load) => {
        const plant = new Plant(policy)
        const changes: Decision[] = []
        for (let minute = 0; minute < 90; minute++) {
          const running = plant.alive().reduce((sum, { tasks }) => sum + tasks.length, 0)
          plant.enqueue(Math.max(0, load - running - plant.waiting))
          const decision = look(plant, SEEN)
          if (minute >= 45 && decision.kind !== 'hold') changes.push(decision)
          plant.pass(60_000, 50_000_000)
        }
        expect(changes).toEqual([])
      }),
      { ...RUNS, numRuns: 40 },
    )
  })

  it('never asks for fewer because more is waiting', () => {
    fc.assert(
      fc.property(policies, events, fc.integer({ min: 1, max: 20 }), (policy, history, more) => {
        const plant = new Plant(policy)
        for (const { event, sight } of history) {
          happen(plant, event)
          const situation = plant.situation(sight)
          const [less, most] = [situation, withWaiting(situation, more)].map(decide)
          if (less === undefined || most === undefined) throw new Error('two were decided')
          expect(most.need ?? 0).toBeGreaterThanOrEqual(less.need ?? 0)
          if (less.kind === 'scale' && less.to > less.from)
            expect(most).toMatchObject({ kind: 'scale', to: expect.toSatisfy((to: number) => to >= less.to) })
          if (most.kind === 'retire' && less.kind === 'retire')
            expect(less.allocations.length).toBeGreaterThanOrEqual(most.allocations.length)
          if (shrinks(most)) expect(less.kind).not.toBe('lift')
          look(plant, sight)
        }
      }),
      RUNS,
    )
  })
})

function withWaiting(situation: Situation, more: number): Situation {
  const reading = situation.samples.get('q')
  if (!reading?.ok) return situation
  const sample = { ...reading.sample, waiting: reading.sample.waiting + more }
  return { ...situation, samples: new Map([['q', { ok: true, sample }]]) }
}
