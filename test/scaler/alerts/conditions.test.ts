import { describe, expect, it } from 'vitest'
import { conditionsOf } from '../../../scaler/alerts/conditions.ts'
import { NOTHING_NOTED, note } from '../../../scaler/alerts/noted.ts'
import type { GroupReport, ScalerEvent, ScalerHealth, WorkerReport } from '../../../scaler/reports.ts'
import type { Hold } from '../../../src/core/scaling/decision.ts'
import type { AllocationState } from '../../../src/core/scaling/group.ts'
import type { ActionAnswer } from '../../../src/ports.ts'
import { aHold, aReport, POLICY } from '../history/events.ts'

const SETTINGS = { afterMs: 60_000 }
const READY = { status: 'ready', since: 0 } as const
const HEALTH: ScalerHealth = {
  live: true,
  ready: true,
  problems: [],
  isLeader: true,
  cluster: { status: 'ready', since: 0, heardAt: 0 },
  sources: { celery: { polls: READY, pushes: READY } },
  dryRun: false,
  startedAt: 0,
}
const ALLOCATION: AllocationState = {
  id: '5f1c02aa-1b7e-4c1e-9d0c-2f6a5b1c7d3e',
  name: 'heavy.heavy[0]',
  index: 0,
  node: 'n',
  clientStatus: 'running',
  desiredStatus: 'run',
  jobVersion: 0,
  createdAt: 0,
}
const of = (report: Partial<GroupReport>, settings = SETTINGS, health = HEALTH, noted = NOTHING_NOTED) =>
  conditionsOf([aReport(report)], health, noted, settings).map(({ key, message, waitMs }) => [
    key,
    waitMs,
    message,
  ])
const aWorker = (
  state: WorkerReport['state'],
  rest: Partial<AllocationState> = {},
  busy?: number,
): WorkerReport => ({
  allocation: { ...ALLOCATION, ...rest },
  state,
  ...(busy === undefined ? {} : { worker: { worker: 'w', seenAt: 0, busy } }),
})
const held = (because: Hold['because'], more: Partial<Hold> = {}) => ({
  decision: { ...aHold(0, because), ...more },
})

describe('conditionsOf', () => {
  it.each<[name: string, report: Partial<GroupReport>, settings?: { afterMs: number; maxAgeMs?: number }]>([
    ['an idle group', {}],
    ['at its maximum without a backlog', { desired: 4, live: 4, waiting: 0 }],
    ['a backlog below its maximum', { desired: 3, live: 3, waiting: 99 }],
    ['paused at a maximum of 0', { bounds: { min: 0, max: 0, by: 'by hand' }, waiting: 5 }],
    ['a young backlog', { oldestAgeMs: 60_000, waiting: 1 }, { afterMs: 1, maxAgeMs: 60_000 }],
    ['an old backlog without a target', { oldestAgeMs: 9e9, waiting: 1 }],
    ['a retiring worker that works', { desired: 1, live: 1, workers: [aWorker('retiring', {}, 1)] }],
    [
      'a failed allocation that is replaced',
      { desired: 1, live: 1, workers: [aWorker('failed', { isReplaced: true })] },
    ],
    ['a missing job', { job: 'missing', desired: 1, live: 0 }],
    [
      'a deployment that nobody waits for',
      { desired: 2, live: 2, ...held('deployment-active', { need: 2 }) },
    ],
  ])('has nothing to say of %s', (_, report, settings) => {
    expect(of(report, settings)).toEqual([])
  })

  it.each<[name: string, report: Partial<GroupReport>, key: string, waitMs: number, words: string]>([
    [
      'at its maximum',
      { desired: 4, live: 4, waiting: 7 },
      'at-max',
      60_000,
      'at its maximum of 4 (policy), and the backlog grows: 7 waiting',
    ],
    [
      'an old backlog',
      { policy: { ...POLICY, targetAgeMs: 1000 }, oldestAgeMs: 188_000, waiting: 2 },
      'backlog-over-threshold',
      0,
      'the oldest of 2 waiting has waited 3m 8s, the target is 1s',
    ],
    [
      'no sample',
      held('no-sample', {
        reasons: [{ kind: 'unknown', what: 'heavy', code: 'wrong-type', message: 'it is no list' }],
      }),
      'source-blind',
      60_000,
      'its queues are not known: it is no list',
    ],
    ['a stale sample', held('stale-sample'), 'source-blind', 60_000, 'its queues are not known: no reading'],
    [
      'a worker that does not leave',
      { desired: 1, live: 1, workers: [aWorker('retiring', {}, 0)] },
      'retirement-stuck',
      300_000,
      'the worker 5f1c02aa was asked to leave, runs nothing, and does not leave',
    ],
    [
      'a crash loop',
      { desired: 1, live: 1, workers: [aWorker('starting', { restarts: 3, trouble: 'exit code 1' })] },
      'allocation-failed',
      0,
      'an allocation starts again and again: exit code 1',
    ],
    [
      'a failed allocation',
      { desired: 2, live: 2, workers: [aWorker('failed', { trouble: 'no such image' })] },
      'allocation-failed',
      60_000,
      '1 of 2 failed: no such image',
    ],
    [
      'workers that end at once',
      { desired: 2, ...held('ends-at-once', { need: 2 }) },
      'allocation-failed',
      0,
      'its workers end by themselves at once, with exit code 0',
    ],
    ['a place that is not filled', { desired: 3, live: 1 }, 'allocation-failed', 60_000, 'Nomad runs 1 of 3'],
    [
      'a deployment that blocks',
      { desired: 2, live: 2, ...held('deployment-active', { need: 3 }) },
      'scale-refused',
      60_000,
      'a deployment that does not end keeps it from growing',
    ],
    [
      'the cost cap',
      held('at-bound', { reasons: [{ kind: 'clamp', by: 'budget', from: 4, to: 2 }] }),
      'budget-reached',
      0,
      'the cost cap is reached: 2 in place of 4',
    ],
  ])('tells of %s', (_, report, kind, waitMs, words) => {
    const [first, ...rest] = of(report)
    expect(rest).toEqual([])
    expect(first).toEqual([expect.stringMatching(`^${kind} default/heavy/heavy`), waitMs, words])
  })

  it('tells of a blind source once, not of each of its groups', () => {
    const lost = { status: 'lost', since: 0, cause: { code: 'unreachable', message: 'no answer' } } as const
    const health = { ...HEALTH, sources: { celery: { polls: lost, pushes: READY } } }
    expect(of(held('no-sample'), SETTINGS, health)).toEqual([
      [
        'source-blind the queues of celery',
        60_000,
        'the queues of celery cannot be read, nothing is scaled down: no answer',
      ],
    ])
    const cluster = { status: 'lost', since: 0, heardAt: 0, cause: 'no leader' } as const
    expect(of({}, SETTINGS, { ...HEALTH, cluster })).toEqual([
      ['source-blind Nomad', 60_000, 'Nomad cannot be read, nothing is scaled down: no leader'],
    ])
  })
})

describe('note', () => {
  const action = (answer: ActionAnswer): ScalerEvent => ({
    id: 1,
    at: 0,
    message: '',
    kind: 'action',
    group: POLICY.group,
    decision: aHold(0),
    answer,
    tookMs: 1,
  })
  const no = (refusal: Extract<ActionAnswer, { ok: false }>['refusal']): ActionAnswer => ({
    ok: false,
    refusal,
    message: 'in its words',
    mayBeDone: false,
    attempts: 1,
  })
  const inputs = { policy: POLICY, samples: {}, workers: { ok: true, workers: [] }, group: {} } as const
  const decided = (because: Hold['because']): ScalerEvent => {
    const decision = aHold(0, because)
    return {
      id: 2,
      at: 0,
      message: '',
      kind: 'decision',
      group: POLICY.group,
      decision,
      isNews: false,
      inputs,
    }
  }

  it.each([
    ['forbidden', 0],
    ['out-of-bounds', 0],
    ['unreachable', 60_000],
    ['no-leader', 60_000],
  ] as const)('keeps %s until an action succeeds, or nothing more is wanted', (refusal, waitMs) => {
    const noted = note(NOTHING_NOTED, action(no(refusal)))
    expect(of({}, SETTINGS, HEALTH, noted)).toEqual([
      ['scale-refused default/heavy/heavy', waitMs, 'Nomad refuses to hold it: in its words'],
    ])
    expect(note(noted, decided('cooldown'))).toBe(noted)
    expect(note(noted, decided('steady')).refused.size).toBe(0)
    expect(note(noted, action({ ok: true, attempts: 1 })).refused.size).toBe(0)
  })

  it.each(['deployment-active', 'stale-index', 'dry-run', 'task-not-running'] as const)(
    'leaves %s to the next decision',
    (refusal) => {
      expect(note(NOTHING_NOTED, action(no(refusal)))).toBe(NOTHING_NOTED)
    },
  )
})
