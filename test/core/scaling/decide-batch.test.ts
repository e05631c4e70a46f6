import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/scaling/decide.ts'
import { NO_MEMORY } from '../../../src/core/scaling/group.ts'
import type { Situation } from '../../../src/core/scaling/situation.ts'
import { outcome } from './outcome.ts'
import { aGroup, anAllocation, aPolicy, aReading, aSituation, aWorker, BLIND, NOW } from './situations.ts'

const complete = (index: number) => anAllocation(index, { clientStatus: 'complete' })
const retiring = (...ids: string[]) => ({
  ...NO_MEMORY,
  retiring: ids.map((allocation) => ({ allocation, since: NOW - 5000 })),
})
const cordoned = (...ids: string[]) => ({
  ...NO_MEMORY,
  cordoned: ids.map((allocation) => ({ allocation, since: NOW - 5000 })),
})
const max = (to: number) => ({ policy: aPolicy({ max: to }) })

const CASES: readonly (readonly [what: string, situation: Situation, outcome: string])[] = [
  ['nothing to do, nobody there', aSituation(aGroup(0), {}), 'hold steady'],
  ['the first task', aSituation(aGroup(0), { waiting: 1 }), '0 -> 1 grow'],
  ['many tasks: one step, no further than max', aSituation(aGroup(0), { waiting: 50 }), '0 -> 4 grow'],
  ['a due delayed task counts', aSituation(aGroup(0), { due: 1 }), '0 -> 1 grow'],
  ['an undue one does not', aSituation(aGroup(0), { delayed: 9 }), 'hold steady'],
  ['what runs counts', aSituation(aGroup(1), { waiting: 1, active: 2 }, [2]), '1 -> 2 grow'],
  ['a free slot is enough', aSituation(aGroup(1), { waiting: 1, active: 1 }, [1]), 'hold steady'],
  ['busy beyond what the queue says', aSituation(aGroup(1), { waiting: 1, active: 0 }, [2]), '1 -> 2 grow'],
  [
    'those that start are capacity',
    aSituation(
      aGroup([anAllocation(0, { clientStatus: 'pending', startedAt: undefined as never })], { count: 4 }),
      { waiting: 8 },
    ),
    'hold steady',
  ],
  [
    'a paused queue counts what runs only',
    aSituation(aGroup(0), { waiting: 9, paused: true }),
    'hold steady',
  ],
  ['a limit of the queue', aSituation(aGroup(0), { waiting: 9, concurrencyLimit: 3 }), '0 -> 2 grow'],
  ['rate-limited for now', aSituation(aGroup(0), { waiting: 9, rateLimitedUntil: NOW + 1 }), 'hold steady'],
  ['not any more', aSituation(aGroup(0), { waiting: 9, rateLimitedUntil: NOW }), '0 -> 4 grow'],
  ['an orphan needs a worker', aSituation(aGroup(0), { orphaned: 1 }), '0 -> 1 grow'],
  ['a task is due though nothing counts it', aSituation(aGroup(0), { needsWakeAt: NOW }), '0 -> 1 grow'],
  ['not yet due', aSituation(aGroup(0), { needsWakeAt: NOW + 1 }), 'hold steady'],
  [
    'Celery: held and running ones count',
    aSituation(aGroup(1), { unacked: { total: 5, running: 2, prefetched: 2, eta: 1, orphaned: 0 } }, [2]),
    '1 -> 2 grow',
  ],
  [
    'Celery: one that is held for later keeps one worker, which would only put it back',
    aSituation(aGroup(1), { unacked: { total: 1, running: 0, prefetched: 0, eta: 1, orphaned: 0 } }, [0]),
    'hold steady',
  ],
  [
    'Celery: what is held but not told apart counts',
    aSituation(aGroup(0), { unacked: { total: 3 } }),
    '0 -> 2 grow',
  ],
  [
    'one that takes nothing and did not leave is taken back',
    aSituation(aGroup(2, { memory: cordoned('a1') }), { active: 2 }, [2, 0]),
    'lift a1',
  ],
  [
    'before growing, too',
    aSituation(aGroup(2, { memory: cordoned('a1') }), { waiting: 9, active: 2 }, [2, 0]),
    'lift a1',
  ],
  [
    'one that takes nothing and is not heard of does not count: another comes',
    aSituation(aGroup(2, { memory: cordoned('a1') }), { waiting: 2, active: 2 }, [2]),
    '2 -> 3 grow',
  ],
  [
    'nor is it asked for anything while there are enough',
    aSituation(aGroup(2, { memory: cordoned('a1') }), { active: 2 }, [2]),
    'hold retiring',
  ],
  ['an idle one past its keep-alive', aSituation(aGroup(2), { active: 2 }, [2, 0]), 'retire a1'],
  ['any index', aSituation(aGroup(2), { active: 2 }, [0, 2]), 'retire a0'],
  [
    'idle longest first',
    aSituation(aGroup(3), { active: 2 }, [], {
      workers: {
        ok: true,
        workers: [aWorker(0, 0), aWorker(1, 0, { idleSince: NOW - 700_000 }), aWorker(2, 0)],
      },
    }),
    'retire a1 a2',
  ],
  [
    'within its keep-alive',
    aSituation(aGroup(1), {}, [], {
      workers: { ok: true, workers: [aWorker(0, 0, { idleSince: NOW - 299_999 })] },
    }),
    'hold keep-alive',
  ],
  [
    'an idle time that is remembered',
    aSituation(aGroup(1, { memory: { ...NO_MEMORY, idleSince: { a0: NOW - 300_000 } } }), {}, [], {
      workers: { ok: true, workers: [{ worker: 'w', allocation: 'a0', busy: 0, seenAt: NOW }] },
    }),
    'retire a0',
  ],
  [
    'the worker knows best that it ran something meanwhile',
    aSituation(aGroup(1, { memory: { ...NO_MEMORY, idleSince: { a0: NOW - 900_000 } } }), {}, [], {
      workers: { ok: true, workers: [aWorker(0, 0, { idleSince: NOW - 1000 })] },
    }),
    'hold keep-alive',
  ],
  ['too many, all busy', aSituation(aGroup(2), { active: 2 }, [1, 1]), 'hold busy'],
  ['too many, nothing known of them', aSituation(aGroup(2), {}, []), 'hold busy'],
  ['a worker that does not say', aSituation(aGroup(1), {}, [undefined]), 'hold busy'],
  [
    'a worker that was last seen too long ago',
    aSituation(aGroup(1), {}, [], {
      workers: { ok: true, workers: [aWorker(0, 0, { seenAt: NOW - 15_001 })] },
    }),
    'hold busy',
  ],
  [
    'one of two processes is busy',
    aSituation(aGroup([anAllocation(0), anAllocation(1)]), { active: 1 }, [], {
      workers: { ok: true, workers: [aWorker(0, 0), { ...aWorker(0, 1), worker: 'second' }, aWorker(1, 1)] },
    }),
    'hold busy',
  ],
  [
    'one that starts is spared',
    aSituation(aGroup([anAllocation(0, { startedAt: undefined as never })]), {}, [0]),
    'hold not-ready',
  ],
  [
    'those asked to leave are no capacity',
    aSituation(aGroup(2, { memory: retiring('a1') }), { waiting: 4 }, [0, 1]),
    '2 -> 3 grow',
  ],
  [
    'asked by somebody else',
    aSituation(aGroup(1), { waiting: 1 }, [], {
      workers: { ok: true, workers: [aWorker(0, 1, { intake: 'draining' })] },
    }),
    '1 -> 2 grow',
  ],
  [
    'what leaving ones still run needs no other worker',
    aSituation(aGroup(1, { memory: retiring('a0') }), { active: 2 }, [2]),
    'hold retiring',
  ],
  [
    'one that was asked and has started again is back',
    aSituation(
      aGroup([anAllocation(0, { startedAt: NOW - 1000 })], { memory: retiring('a0') }),
      { waiting: 1 },
      [0],
    ),
    'hold steady',
  ],
  [
    'one whose start is known, whatever the clocks say',
    aSituation(
      aGroup([anAllocation(0, { startedAt: NOW + 60_000 })], {
        memory: {
          ...NO_MEMORY,
          retiring: [{ allocation: 'a0', since: NOW - 5000, startedAt: NOW + 60_000 }],
        },
      }),
      {},
      [0],
    ),
    'hold retiring',
  ],
  [
    'no place before the leaving ones have left',
    aSituation(aGroup(4, { memory: retiring('a0', 'a1') }), { waiting: 8 }, [1, 1, 0, 0]),
    'hold retiring',
  ],
  [
    'one has left: the count follows',
    aSituation(aGroup([complete(0), anAllocation(1)]), { active: 2 }, [0, 2]),
    '2 -> 1 follow',
  ],
  ['the last has left', aSituation(aGroup([complete(0)]), {}), '1 -> 0 follow'],
  [
    'it is needed after all',
    aSituation(aGroup([complete(0), anAllocation(1)]), { waiting: 1, active: 2 }, [0, 2]),
    '2 -> 2 refill',
  ],
  [
    'several have left, and some are needed',
    aSituation(
      aGroup([complete(0), complete(1), complete(2), anAllocation(3)]),
      { waiting: 2, active: 2 },
      [0, 0, 0, 2],
    ),
    '4 -> 2 refill',
  ],
  [
    'one of an older version leaves no hole',
    aSituation(
      aGroup([anAllocation(0, { clientStatus: 'complete', jobVersion: 2 }), anAllocation(1)], { count: 1 }),
      { active: 2 },
      [0, 2],
    ),
    'hold steady',
  ],
  [
    'others are about to leave too',
    aSituation(
      aGroup([complete(0), anAllocation(1)], {
        memory: { ...NO_MEMORY, retiring: [{ allocation: 'a1', since: NOW - 500 }] },
      }),
      {},
      [0, 0],
    ),
    'hold retiring',
  ],
  [
    'but not for ever',
    aSituation(aGroup([complete(0), anAllocation(1)], { memory: retiring('a1') }), {}, [0, 0]),
    '2 -> 1 follow',
  ],
  [
    'never below those that live: a place of another is not filled twice',
    aSituation(
      aGroup([complete(0), anAllocation(1), anAllocation(2)], { count: 2 }),
      { active: 4 },
      [0, 2, 2],
    ),
    'hold steady',
  ],
  [
    'a failed one keeps its place',
    aSituation(
      aGroup([complete(0), anAllocation(1, { clientStatus: 'failed' }), anAllocation(2)]),
      { active: 1 },
      [0, 0, 1],
    ),
    '3 -> 2 follow',
  ],
  [
    'places that cannot be filled, when nobody is there',
    aSituation(aGroup(0, { count: 3 }), {}),
    '3 -> 0 follow',
  ],
  [
    'not just after they were asked for',
    aSituation(
      aGroup(0, { count: 3, memory: { ...NO_MEMORY, changes: [{ at: NOW - 29_999, from: 0, to: 3 }] } }),
      {},
    ),
    'hold not-ready',
  ],
  ['below min', aSituation(aGroup(0), {}, [], { policy: aPolicy({ min: 2 }) }), '0 -> 2 bounds'],
  [
    'below min, in the dark',
    aSituation(aGroup(0), BLIND, [], { policy: aPolicy({ min: 2 }) }),
    '0 -> 2 bounds',
  ],
  ['above max, idle', aSituation(aGroup(4), { active: 4 }, [1, 0, 2, 1], max(3)), 'retire a1'],
  [
    'above max, idle within the keep-alive',
    aSituation(aGroup(2), { active: 2 }, [], {
      ...max(1),
      workers: { ok: true, workers: [aWorker(0, 2), aWorker(1, 0, { idleSince: NOW })] },
    }),
    'retire a1',
  ],
  ['above max, all busy', aSituation(aGroup(2), { active: 4 }, [2, 2], max(1)), 'hold busy'],
  [
    'above max, and not yet few enough for Nomad',
    aSituation(aGroup([complete(0), anAllocation(1), anAllocation(2)]), { active: 4 }, [0, 2, 2], max(1)),
    'hold at-bound',
  ],
  ['more than max allows', aSituation(aGroup(4), { waiting: 9, active: 8 }, [2, 2, 2, 2]), 'hold at-bound'],
  ['a queue that cannot be read', aSituation(aGroup(1), BLIND, [0]), 'hold no-sample'],
  ['a queue that was never read', aSituation(aGroup(1), {}, [0], { samples: new Map() }), 'hold no-sample'],
  ['a reading that is too old', aSituation(aGroup(1), { at: NOW - 15_001 }, [0]), 'hold stale-sample'],
  [
    'a reading of after a clock was set back',
    aSituation(aGroup(1), { at: NOW + 15_001 }, [0]),
    'hold stale-sample',
  ],
  ['the workers cannot be read', aSituation(aGroup(1), {}, [], { workers: BLIND }), 'hold no-sample'],
  [
    'the workers cannot be read: growing goes on',
    aSituation(aGroup(1), { waiting: 3 }, [], { workers: BLIND }),
    '1 -> 2 grow',
  ],
  [
    'one queue of two is known, and asks for more',
    aSituation(aGroup(1), { waiting: 4 }, [0], {
      policy: aPolicy({ queues: ['q', 'r'] }),
      samples: new Map([
        ['q', aReading({ waiting: 4 })],
        ['r', BLIND],
      ]),
    }),
    '1 -> 2 grow',
  ],
  [
    'one queue of two is known, and asks for fewer',
    aSituation(aGroup(2), { waiting: 1 }, [0, 0], { policy: aPolicy({ queues: ['q', 'r'] }) }),
    'hold no-sample',
  ],
  [
    'the count does not follow in the dark',
    aSituation(aGroup([complete(0), anAllocation(1)]), BLIND, [0, 1]),
    'hold no-sample',
  ],
  [
    'Nomad is not heard of',
    aSituation(aGroup(0, { heardAt: NOW - 65_001 }), { waiting: 1 }),
    'hold cluster-blind',
  ],
  ['a stopped job', aSituation(aGroup(0, { job: 'stopped' }), { waiting: 1 }), 'hold job-stopped'],
  [
    'a job that Nomad does not have',
    aSituation(aGroup(0, { job: 'missing' }), { waiting: 1 }),
    'hold job-missing',
  ],
  [
    'paused',
    aSituation(aGroup(0, { memory: { ...NO_MEMORY, paused: { since: NOW - 1 } } }), { waiting: 1 }),
    'hold paused',
  ],
  [
    'paused until now',
    aSituation(aGroup(0, { memory: { ...NO_MEMORY, paused: { since: NOW - 1, until: NOW } } }), {
      waiting: 1,
    }),
    '0 -> 1 grow',
  ],
  [
    'a deployment does not concern a batch job',
    aSituation(aGroup(0, { deploymentActive: true }), { waiting: 1 }),
    '0 -> 1 grow',
  ],
  [
    'the budget allows one more',
    aSituation(aGroup(1), { waiting: 9 }, [0], { affordable: 1 }),
    '1 -> 2 grow',
  ],
  ['the budget is used up', aSituation(aGroup(1), { waiting: 9 }, [0], { affordable: 0 }), 'hold at-bound'],
  [
    'the least count goes before the budget',
    aSituation(aGroup(0), {}, [], { affordable: 0, policy: aPolicy({ min: 1 }) }),
    '0 -> 1 bounds',
  ],
]

describe('decide: batch jobs', () => {
  it.each(CASES)('%s', (_, situation, expected) => {
    expect(outcome(decide(situation))).toBe(expected)
  })

  it('says how many are needed of a job that is not there, for it to be registered with', () => {
    expect(decide(aSituation(aGroup(0, { job: 'missing' }), { waiting: 5 }))).toMatchObject({ need: 3 })
  })

  it('does not say how many are needed while it does not know', () => {
    expect(decide(aSituation(aGroup(1), BLIND, [0]))).not.toHaveProperty('need')
  })

  it('gives every step of the way as data', () => {
    const decision = decide(aSituation(aGroup(3), { waiting: 1, active: 2 }, [2, 0, undefined]))
    expect(decision).toEqual({
      kind: 'retire',
      group: { namespace: 'default', job: 'heavy', group: 'heavy' },
      at: NOW,
      need: 2,
      allocations: ['a1'],
      reasons: [
        { kind: 'demand', waiting: 1, active: 2, busySlots: 2 },
        { kind: 'vote', strategy: 'backlog', count: 2, why: '1 waiting + 2 active over 2 a worker needs 2' },
        { kind: 'capacity', running: 3, starting: 0, retiring: 0, gone: 0 },
        { kind: 'victim', allocation: 'a1', why: 'idle', idleForMs: 600_000 },
        { kind: 'spared', allocation: 'a0', why: 'busy' },
        { kind: 'spared', allocation: 'a2', why: 'unknown' },
      ],
    })
  })
})
