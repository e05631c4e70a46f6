import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/scaling/decide.ts'
import { explainDecision, explainReasons } from '../../../src/core/scaling/explain.ts'
import { NO_MEMORY } from '../../../src/core/scaling/group.ts'
import type { Situation } from '../../../src/core/scaling/situation.ts'
import { aGroup, anAllocation, aPolicy, aSituation, aWorker, BLIND, NOW } from './situations.ts'

const CASES: readonly (readonly [Situation, string])[] = [
  [
    aSituation(aGroup(2), { waiting: 7, active: 1 }, [1, 0]),
    '2 -> 4: 7 waiting + 1 active over 2 a worker needs 4',
  ],
  [
    aSituation(aGroup(1), { waiting: 20 }, [0]),
    '1 -> 4: 20 waiting + 0 active over 2 a worker needs 10; 4 instead of 10: no more than max',
  ],
  [aSituation(aGroup(1), {}, [0]), 'retire a0: idle, and none is needed'],
  [
    aSituation(aGroup([anAllocation(0, { clientStatus: 'complete' })]), {}),
    '1 -> 0: workers have left, and none is needed',
  ],
  [
    aSituation(aGroup(1), { waiting: 1 }, [0]),
    'hold 1: as many as needed; 1 waiting + 0 active over 2 a worker needs 1',
  ],
  [
    aSituation(aGroup(1), {}, [], { workers: { ok: true, workers: [aWorker(0, 0, { idleSince: NOW })] } }),
    'hold 1: idle, but within the keep-alive; the first idle one may leave (300 s more)',
  ],
  [
    aSituation(aGroup(1), BLIND, [0]),
    'hold 1: not everything is known; queue q is not known: connection refused (unreachable)',
  ],
  [
    aSituation(
      aGroup(1, { memory: { ...NO_MEMORY, paused: { since: 0, by: 'ann', reason: 'migration' } } }),
      {},
      [0],
    ),
    'hold 1: paused; paused by ann: migration',
  ],
  [
    aSituation(aGroup(0, { job: 'missing' }), { waiting: 3 }),
    'hold 0: Nomad does not have the job; 2 needed',
  ],
  [
    aSituation(aGroup(0), {}, [], { policy: aPolicy({ min: 1 }) }),
    '0 -> 1: the count was outside of its bounds; nothing waits or runs; 1 instead of 0: no fewer than min',
  ],
]

describe('explainDecision', () => {
  it.each(CASES)('says %#', (situation, words) => {
    expect(explainDecision(decide(situation))).toBe(words)
  })
})

describe('explainReasons', () => {
  it('has a line for every step', () => {
    const group = aGroup(3)
    expect(
      explainReasons(
        decide(aSituation(group, { waiting: 1, active: 2, oldestAgeMs: 4000 }, [2, 0, undefined])),
      ),
    ).toEqual([
      "1 waiting, the oldest for 4 s; 2 active, 2 by the workers' own word",
      'backlog wants 2: 1 waiting + 2 active over 2 a worker needs 2',
      '3 running, 0 starting, 0 retiring, 0 gone',
      'a1 leaves: idle for 600 s',
      'a0 stays: busy',
      'a2 stays: not known to be idle',
    ])
  })
})
