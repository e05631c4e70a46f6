import { describe, expect, it } from 'vitest'
import { STRATEGIES, strategyOf } from '../../../src/core/scaling/strategies/index.ts'
import type { StrategyInput } from '../../../src/core/scaling/strategies/strategy.ts'
import { vote } from '../../../src/core/scaling/vote.ts'
import { stackJsonSchema } from '../../../src/core/stack/json-schema.ts'
import { aPolicy, NOW } from './situations.ts'

const INPUT: StrategyInput = {
  waiting: 0,
  active: 0,
  concurrency: 2,
  capacity: 0,
  started: 0,
  now: NOW,
  startUpMs: 30_000,
}

type Case = readonly [what: string, written: object, input: Partial<StrategyInput>, count: number | undefined]

function propose(name: string, written: object, input: Partial<StrategyInput>): number | undefined {
  const strategy = strategyOf(name)
  if (strategy === undefined) throw new Error(`no ${name}`)
  return strategy.propose({ ...INPUT, ...input }, strategy.read(strategy.options.parse(written))).count
}

describe('backlog', () => {
  it.each<Case>([
    ['nothing', {}, {}, 0],
    ['one task', {}, { waiting: 1 }, 1],
    ['rounds up', {}, { waiting: 2, active: 3 }, 3],
    ['spare slots while anything runs', { spare: 2 }, { active: 2 }, 2],
    ['spare slots while anything waits', { spare: 1 }, { waiting: 2 }, 2],
    ['no spare slot for nothing', { spare: 2 }, {}, 0],
    ['a billion', {}, { waiting: 1e9 }, 5e8],
  ])('%s', (_, written, input, count) => expect(propose('backlog', written, input)).toBe(count))
})

describe('step', () => {
  const written = { up_at: 10, down_at: 2, cooldown: '3m' }
  const both = (count: number) => ({ capacity: count, started: count })
  it.each<Case>([
    ['between the thresholds', written, { ...both(2), waiting: 9 }, 2],
    ['one step', written, { ...both(2), waiting: 10 }, 3],
    ['several', written, { ...both(2), waiting: 35 }, 5],
    [
      'those that start are what an earlier step asked for',
      written,
      { capacity: 5, started: 2, waiting: 35 },
      5,
    ],
    ['one fewer', written, { ...both(3), waiting: 2 }, 2],
    ['not the last one while anything waits', written, { ...both(1), waiting: 1 }, 1],
    ['nor while anything runs', written, { ...both(1), active: 1 }, 1],
    ['the last one', written, both(1), 0],
    ['none for nothing', written, {}, 0],
    [
      'in its cooldown it abstains',
      written,
      { ...both(2), waiting: 35, lastChangeAt: NOW - 179_999 },
      undefined,
    ],
    ['after it', written, { ...both(2), waiting: 35, lastChangeAt: NOW - 180_000 }, 5],
    ['a first worker is not put off', written, { waiting: 1, lastChangeAt: NOW }, 1],
  ])('%s', (_, options, input, count) => expect(propose('step', options, input)).toBe(count))
})

describe('latency', () => {
  const written = { target: '60s' }
  it.each<Case>([
    ['nothing', written, { serviceMs: 1000 }, 0],
    ['like backlog while nothing is learned', written, { waiting: 9 }, 5],
    // A slot starts one task at once, and 30 more in the 30 s that are left after a start-up: 62 by one worker.
    ['from zero: what one starts in time', written, { waiting: 62, serviceMs: 1000 }, 1],
    ['from zero: one more task', written, { waiting: 63, serviceMs: 1000 }, 2],
    // One that runs has the whole minute: 61 a slot.
    ['what runs suffices', written, { waiting: 120, active: 2, started: 1, capacity: 1, serviceMs: 1000 }, 1],
    [
      'what runs does not suffice',
      written,
      { waiting: 121, active: 2, started: 1, capacity: 1, serviceMs: 1000 },
      2,
    ],
    ['no time is left: a slot for each', written, { waiting: 9, oldestAgeMs: 99_000, serviceMs: 1000 }, 5],
    [
      'no more than a slot for each',
      written,
      { waiting: 3, oldestAgeMs: 59_000, started: 9, serviceMs: 1e9 },
      2,
    ],
    ['no fewer than run', written, { active: 9, started: 9, serviceMs: 1 }, 5],
  ])('%s', (_, options, input, count) => expect(propose('latency', options, input)).toBe(count))
})

describe('fixed', () => {
  it('does not look', () => {
    expect(propose('fixed', { count: 3 }, { waiting: 99 })).toBe(3)
  })
})

describe('vote', () => {
  const step = { name: 'step', options: { upAt: 1, downAt: 0, cooldownMs: 60_000 } }
  const fixed = (count: number) => ({ name: 'fixed', options: { count } })
  const votes = (
    strategies: ReturnType<typeof aPolicy>['strategies'],
    input: Partial<StrategyInput> = {},
  ) => {
    const { count, abstained } = vote(aPolicy({ strategies }), { ...INPUT, ...input })
    return [count, abstained]
  }

  it('takes the largest', () => expect(votes([fixed(1), fixed(3), fixed(2)])).toEqual([3, false]))
  it('says that one abstains', () =>
    expect(votes([fixed(1), step], { lastChangeAt: NOW })).toEqual([1, true]))
  it('has an unknown strategy abstain', () => expect(votes([{ name: 'x', options: {} }])).toEqual([0, true]))
  it('does not take a name of every object for a strategy', () =>
    expect(votes([{ name: 'toString', options: {} }])).toEqual([0, true]))
})

describe('the registry', () => {
  it('is what the stack file takes, with its words', () => {
    const text = JSON.stringify(stackJsonSchema())
    for (const [name, { about }] of Object.entries(STRATEGIES)) {
      expect(text).toContain(JSON.stringify(about))
      expect(text).toContain(`"${name}":`)
    }
  })
})
