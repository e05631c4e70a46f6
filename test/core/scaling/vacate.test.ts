import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/scaling/decide.ts'
import { explainDecision, explainReasons } from '../../../src/core/scaling/explain.ts'
import { NO_MEMORY } from '../../../src/core/scaling/group.ts'
import type { Situation } from '../../../src/core/scaling/situation.ts'
import { outcome } from './outcome.ts'
import { aGroup, anAllocation, aPolicy, aSituation, aWorker, BLIND, NOW } from './situations.ts'

const JUST_IDLE = { idleSince: NOW - 10 }
/** The first two are on a node that is drained, the third is not. */
const three = (more: Parameters<typeof aGroup>[1] = {}) =>
  aGroup([anAllocation(0), anAllocation(1), anAllocation(2, { node: 'n2' })], { draining: ['n1'], ...more })
const workers = (...busy: (number | undefined)[]): Pick<Situation, 'workers'> => ({
  workers: { ok: true, workers: busy.map((tasks, at) => aWorker(at, tasks, tasks === 0 ? JUST_IDLE : {})) },
})

describe('a node that is drained', () => {
  it.each<[what: string, situation: Situation, outcome: string]>([
    ['idle ones leave without a keep-alive', aSituation(three(), {}, [], workers(0, 0, 0)), 'retire a0 a1'],
    [
      'busy ones and silent ones stay',
      aSituation(three(), { active: 1 }, [], workers(1, undefined, 0)),
      'hold keep-alive',
    ],
    ['also those that are needed', aSituation(three(), { active: 4 }, [], workers(0, 2, 2)), 'retire a0'],
    [
      'their places are filled elsewhere',
      aSituation(
        three({ memory: { ...NO_MEMORY, retiring: [{ allocation: 'a0', since: NOW }] } }),
        { active: 5, waiting: 1 },
        [],
        workers(0, 2, 2),
      ),
      '3 -> 4 grow',
    ],
    [
      'whatever the pace',
      aSituation(three(), {}, [], {
        ...workers(0, 0, 0),
        policy: aPolicy({ down: { cooldownMs: 60_000, stabilizationMs: 60_000, maxPerMinute: 1 } }),
      }),
      'retire a0 a1',
    ],
    ['not while a queue is unknown', aSituation(three(), BLIND, [], workers(0, 0, 0)), 'hold no-sample'],
    [
      'not of a service, which Nomad moves',
      aSituation(three(), { active: 6 }, [], {
        ...workers(0, 2, 2),
        policy: aPolicy({ jobType: 'service' }),
      }),
      'hold steady',
    ],
    ['another node', aSituation(three({ draining: ['n9'] }), {}, [], workers(0, 0, 0)), 'hold keep-alive'],
  ])('%s', (_, situation, expected) => {
    expect(outcome(decide(situation))).toBe(expected)
  })

  it('is named as the reason', () => {
    const decision = decide(aSituation(three(), {}, [], workers(0, 1, 1)))
    expect(explainDecision(decision)).toBe('retire a0: idle, and on a node that is drained')
    expect(explainReasons(decision)).toContain('a0 leaves: its node is drained, and it is idle for 0 s')
  })
})
