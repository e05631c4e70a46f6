import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/scaling/decide.ts'
import { type GroupMemory, NO_MEMORY } from '../../../src/core/scaling/group.ts'
import { nextWakeAt } from '../../../src/core/scaling/next-wake-at.ts'
import type { Pace } from '../../../src/core/scaling/policy.ts'
import type { Situation } from '../../../src/core/scaling/situation.ts'
import { outcome } from './outcome.ts'
import { aGroup, aPolicy, aSituation, NOW } from './situations.ts'

const AT_ONCE: Pace = { cooldownMs: 0, stabilizationMs: 0 }

function paced(
  direction: 'up' | 'down',
  pace: Partial<Pace>,
  memory: Partial<GroupMemory>,
  count = direction === 'up' ? 1 : 3,
): Situation {
  return aSituation(
    aGroup(count, { memory: { ...NO_MEMORY, ...memory } }),
    direction === 'up' ? { waiting: 8 } : {},
    Array.from({ length: count }, () => 0),
    { policy: aPolicy({ [direction]: { ...AT_ONCE, ...pace } }) },
  )
}

const changed = (secondsAgo: number, from: number, to: number) => ({
  changes: [{ at: NOW - secondsAgo * 1000, from, to }],
})
const asked = (secondsAgo: number) => ({
  retiring: [{ allocation: 'gone', since: NOW - secondsAgo * 1000 }],
})
const wanted = (...all: readonly (readonly [secondsAgo: number, count: number])[]) => ({
  proposals: all.map(([secondsAgo, count]) => ({ at: NOW - secondsAgo * 1000, count })),
})

type Case = readonly [what: string, situation: Situation, outcome: string, wakeInSeconds?: number]

const CASES: readonly Case[] = [
  ['up: no more than the rate', paced('up', { maxPerMinute: 2 }, {}), '1 -> 3 grow'],
  [
    'up: the rate counts what came within a minute',
    paced('up', { maxPerMinute: 2 }, changed(59, 0, 1)),
    '1 -> 2 grow',
  ],
  ['up: the rate is used up', paced('up', { maxPerMinute: 1 }, changed(59, 0, 1)), 'hold rate-limit', 1],
  ['up: a minute ago is over', paced('up', { maxPerMinute: 1 }, changed(60, 0, 1)), '1 -> 2 grow'],
  ['up: those that left do not count', paced('up', { maxPerMinute: 1 }, changed(9, 2, 1)), '1 -> 2 grow'],
  ['up: cooldown', paced('up', { cooldownMs: 60_000 }, changed(59, 2, 1)), 'hold cooldown', 1],
  ['up: after it', paced('up', { cooldownMs: 60_000 }, changed(60, 2, 1)), '1 -> 4 grow'],
  [
    'up: the least of the last while',
    paced('up', { stabilizationMs: 60_000 }, wanted([90, 1], [30, 2])),
    'hold stabilizing',
  ],
  [
    'up: what was wanted before it',
    paced('up', { stabilizationMs: 60_000 }, wanted([90, 1], [61, 2])),
    '1 -> 2 grow',
  ],
  ['down: the rate counts who was asked', paced('down', { maxPerMinute: 2 }, asked(10)), 'retire a2'],
  ['down: the rate is used up', paced('down', { maxPerMinute: 1 }, changed(30, 4, 3)), 'hold rate-limit', 30],
  ['down: cooldown', paced('down', { cooldownMs: 60_000 }, changed(20, 2, 3)), 'hold cooldown', 40],
  [
    'down: one who was asked starts it too',
    paced('down', { cooldownMs: 60_000 }, asked(50)),
    'hold cooldown',
    10,
  ],
  [
    'down: the largest of the last while',
    paced('down', { stabilizationMs: 60_000 }, wanted([90, 3], [20, 0])),
    'hold stabilizing',
    40,
  ],
  ['down: of several', paced('down', { stabilizationMs: 60_000 }, wanted([90, 1], [20, 0])), 'retire a2 a1'],
  ['down: after it', paced('down', { stabilizationMs: 60_000 }, wanted([90, 3], [60, 0])), 'retire a2 a1 a0'],
]

describe('pace', () => {
  for (const [what, situation, expected, wakeInSeconds] of CASES)
    it(what, () => {
      const decision = decide(situation)
      expect(outcome(decision)).toBe(expected)
      if (wakeInSeconds === undefined) return
      const still = { ...situation, samples: new Map(), group: { ...situation.group, heardAt: 0 } }
      expect(nextWakeAt(still, decision)).toBe(NOW + wakeInSeconds * 1000)
    })

  it('does not hold back the least count', () => {
    const policy = aPolicy({ min: 2, up: { maxPerMinute: 1, cooldownMs: 60_000, stabilizationMs: 0 } })
    const memory = { ...NO_MEMORY, ...changed(1, 2, 0) }
    const situation = aSituation(aGroup(0, { memory }), { waiting: 9 }, [], { policy })
    expect(outcome(decide(situation))).toBe('0 -> 2 grow')
  })
})
