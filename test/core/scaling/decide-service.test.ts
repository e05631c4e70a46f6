import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/scaling/decide.ts'
import { type GroupMemory, NO_MEMORY } from '../../../src/core/scaling/group.ts'
import type { ScalingPolicy } from '../../../src/core/scaling/policy.ts'
import type { Situation } from '../../../src/core/scaling/situation.ts'
import { outcome } from './outcome.ts'
import { aGroup, anAllocation, aPolicy, aSituation, aWorker, BLIND, NOW } from './situations.ts'

type Intake = 'taking' | 'cordoned'

/** @param workers of each allocation by index: its tasks, and whether it takes any where it can tell */
function service(
  waiting: number,
  workers: readonly (readonly [busy: number | undefined, intake?: Intake])[],
  memory: Partial<GroupMemory> = {},
  policy: Partial<ScalingPolicy> = {},
  more: Partial<Situation> = {},
): Situation {
  const active = workers.reduce((sum, [busy = 0]) => sum + busy, 0)
  const states = workers.map(([busy, intake], index) =>
    aWorker(index, busy, intake === undefined ? {} : { intake }),
  )
  return aSituation(
    aGroup(workers.length, { memory: { ...NO_MEMORY, ...memory } }),
    { waiting, active },
    [],
    { policy: aPolicy({ jobType: 'service', ...policy }), workers: { ok: true, workers: states }, ...more },
  )
}

const cordoned = (...indexes: number[]) => ({
  cordoned: indexes.map((index) => ({ allocation: `a${index}`, since: NOW - 1000 })),
})
const longAgo = (...indexes: number[]) => ({
  cordoned: indexes.map((index) => ({ allocation: `a${index}`, since: NOW - 10_000 })),
})

const CASES: readonly (readonly [what: string, situation: Situation, outcome: string])[] = [
  ['grows in one step', service(5, [[0]]), '1 -> 3 grow'],
  ['the top run is idle', service(0, [[2], [0], [0]]), '3 -> 1 idle-run'],
  ['the highest is busy', service(0, [[0], [0], [2]]), 'hold busy'],
  ['only down to the first busy one', service(0, [[0], [1], [0]]), '3 -> 2 idle-run'],
  ['only what is too many', service(2, [[2], [0], [0]]), '3 -> 2 idle-run'],
  ['the highest does not say', service(0, [[0], [undefined]]), 'hold busy'],
  [
    'the highest is within its keep-alive',
    aSituation(aGroup(1), {}, [], {
      policy: aPolicy({ jobType: 'service' }),
      workers: { ok: true, workers: [aWorker(0, 0, { idleSince: NOW - 299_999 })] },
    }),
    'hold keep-alive',
  ],
  [
    'those that can be cordoned are first',
    service(0, [
      [2, 'taking'],
      [0, 'taking'],
      [0, 'taking'],
    ]),
    'cordon a2 a1',
  ],
  [
    'not yet seen to obey',
    service(
      0,
      [
        [2, 'taking'],
        [0, 'taking'],
      ],
      cordoned(1),
    ),
    'hold retiring',
  ],
  [
    'obeyed',
    service(
      0,
      [
        [2, 'taking'],
        [0, 'cordoned'],
      ],
      cordoned(1),
    ),
    '2 -> 1 idle-run',
  ],
  [
    'asked again in the end',
    service(
      0,
      [
        [2, 'taking'],
        [0, 'taking'],
      ],
      longAgo(1),
    ),
    'cordon a1',
  ],
  [
    'obeyed an earlier call, which was lifted since',
    service(
      0,
      [[2], [0, 'cordoned']],
      { cordoned: [{ allocation: 'a1', since: NOW }] },
      {},
      {
        workers: {
          ok: true,
          workers: [aWorker(0, 2), aWorker(1, 0, { intake: 'cordoned', seenAt: NOW - 1 })],
        },
      },
    ),
    'hold retiring',
  ],
  [
    'cordoned by somebody else',
    service(0, [
      [2, 'taking'],
      [0, 'cordoned'],
    ]),
    'cordon a1',
  ],
  [
    'took a task before it obeyed',
    service(
      0,
      [
        [1, 'taking'],
        [1, 'cordoned'],
      ],
      cordoned(1),
      { concurrency: 4 },
    ),
    'hold busy',
  ],
  [
    'demand comes back: lift, which needs no start-up',
    service(
      2,
      [
        [2, 'taking'],
        [0, 'cordoned'],
      ],
      cordoned(1),
    ),
    'lift a1',
  ],
  [
    'lift no more than needed, the lowest',
    service(1, [[2], [0, 'cordoned'], [0, 'cordoned']], cordoned(1, 2)),
    'lift a1',
  ],
  ['lift before growing', service(9, [[2], [0, 'cordoned']], cordoned(1)), 'lift a1'],
  ['workers that cannot be read', service(0, [[0]], {}, {}, { workers: BLIND }), 'hold no-sample'],
  ['above max', service(8, [[2], [2], [0]], {}, { max: 2 }), '3 -> 2 bounds'],
  ['above max, but not far enough at once', service(8, [[2], [2], [2], [0]], {}, { max: 2 }), 'hold busy'],
  [
    'two of the same index: which Nomad would stop is not certain',
    aSituation(aGroup([anAllocation(0), { ...anAllocation(0), id: 'a1' }]), {}, [0, 0], {
      policy: aPolicy({ jobType: 'service' }),
    }),
    'hold not-ready',
  ],
  [
    'one is not placed: Nomad would count otherwise',
    aSituation(aGroup(2, { count: 3 }), {}, [0, 0], { policy: aPolicy({ jobType: 'service' }) }),
    'hold not-ready',
  ],
  [
    'a client that is not heard of',
    aSituation(aGroup([anAllocation(0, { clientStatus: 'unknown' }), anAllocation(1)]), {}, [0, 0], {
      policy: aPolicy({ jobType: 'service' }),
    }),
    'hold not-ready',
  ],
  [
    'a deployment refuses growing',
    aSituation(aGroup(0, { deploymentActive: true }), { waiting: 1 }, [], {
      policy: aPolicy({ jobType: 'service' }),
    }),
    'hold deployment-active',
  ],
  [
    'a deployment when nothing is to be done',
    aSituation(aGroup(0, { deploymentActive: true }), {}, [], { policy: aPolicy({ jobType: 'service' }) }),
    'hold steady',
  ],
]

describe('decide: services', () => {
  it.each(CASES)('%s', (_, situation, expected) => {
    expect(outcome(decide(situation))).toBe(expected)
  })
})
