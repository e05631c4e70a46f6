import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { ageInWords, type GroupFacts, healthOfGroup } from '../../consul/group-health.ts'
import type { ScalerFacts } from '../../consul/reporter.ts'
import type { GroupReport, ScalerHealth } from '../../scaler/reports.ts'
import { groupFacts } from '../helpers/group-facts.ts'

const NONE = { live: 0, busy: 0, idle: 0, desired: 0 }
const WAITING = { waiting: 12, oldestAgeMs: 48_000 }

const CASES: readonly [title: string, more: Partial<GroupFacts>, status: string, output: string][] = [
  ['nothing to do', {}, 'passing', 'nothing waiting, 0 of 4 workers busy'],
  ['none, and nothing to do', NONE, 'passing', 'nothing waiting, no workers'],
  [
    'no job in Nomad, and nothing to do',
    { ...NONE, job: 'missing' },
    'passing',
    'nothing waiting, no workers',
  ],
  [
    'it keeps up',
    { ...WAITING, busy: 3, idle: 1 },
    'passing',
    '12 waiting, oldest 48 s, 3 of 4 workers busy',
  ],
  [
    'one that just started',
    { ...WAITING, live: 1, desired: 1, starting: 1, idle: 0, unknown: 1 },
    'passing',
    '12 waiting, oldest 48 s, 0 of 1 worker busy, 1 starting, 1 unknown',
  ],
  [
    'the first is on its way',
    { ...NONE, waiting: 1, oldestAgeMs: 30_000, desired: 1 },
    'passing',
    '1 waiting, oldest 30 s, no workers',
  ],
  [
    'the first does not come',
    { ...NONE, waiting: 1, oldestAgeMs: 30_001, desired: 1 },
    'critical',
    '1 waiting, oldest 30 s, no workers; nothing runs and work waits',
  ],
  [
    'nobody has ordered one',
    { ...NONE, waiting: 1, oldestAgeMs: 10 },
    'critical',
    '1 waiting, oldest 0 s, no workers; nothing runs and work waits',
  ],
  [
    'nobody may order one',
    { ...NONE, waiting: 1, paused: { by: 'ann', reason: 'a move' } },
    'critical',
    '1 waiting, no workers; nothing runs and work waits; scaling is paused by ann: a move',
  ],
  [
    'paused, and it keeps up',
    { paused: {} },
    'passing',
    'nothing waiting, 0 of 4 workers busy; scaling is paused',
  ],
  [
    'it waits too long',
    { waiting: 1, oldestAgeMs: 60_001, busy: 1, idle: 3 },
    'warning',
    '1 waiting, oldest 60 s, 1 of 4 workers busy; waits longer than 60 s',
  ],
  [
    'it waits just not too long',
    { waiting: 1, oldestAgeMs: 60_000, busy: 1 },
    'passing',
    '1 waiting, oldest 60 s, 1 of 4 workers busy',
  ],
  [
    'at its maximum, all busy',
    { ...WAITING, busy: 4, idle: 0 },
    'warning',
    '12 waiting, oldest 48 s, 4 of 4 workers busy; at its maximum of 4',
  ],
  ['at its maximum, nothing waits', { busy: 4, idle: 0 }, 'passing', 'nothing waiting, 4 of 4 workers busy'],
  [
    'held at none',
    { ...WAITING, ...NONE, bounds: { min: 0, max: 0, by: 'schedule off_hours' } },
    'critical',
    '12 waiting, oldest 48 s, no workers; nothing runs and work waits',
  ],
  [
    'stopped in Nomad',
    { ...NONE, job: 'stopped' },
    'warning',
    'nothing waiting, no workers; the job is stopped in Nomad',
  ],
  [
    'failing for a reason',
    { workers: [{ state: 'failed', allocation: { trouble: 'Driver Failure' } }, { state: 'busy' }] },
    'critical',
    'nothing waiting, 0 of 4 workers busy; 1 allocation failed: Driver Failure',
  ],
  [
    'one that failed was replaced',
    { workers: [{ state: 'failed', allocation: { isReplaced: true } }] },
    'passing',
    'nothing waiting, 0 of 4 workers busy',
  ],
  [
    'alerts of several kinds, one of them over',
    {
      alerts: [
        { kind: 'retirement-stuck', message: 'stuck' },
        { kind: 'allocation-failed', message: 'two failed' },
        { kind: 'scale-refused', message: 'refused', resolvedAt: 1 },
      ],
    },
    'critical',
    'nothing waiting, 0 of 4 workers busy; two failed; stuck',
  ],
]

describe('healthOfGroup', () => {
  it.each(CASES)('%s', (_, more, status, output) => {
    expect(healthOfGroup(groupFacts('mailer', more))).toEqual({ status, output })
  })

  it('queues that cannot be read', () => {
    const { waiting: _, ...blind } = groupFacts()
    expect(healthOfGroup(blind)).toEqual({
      status: 'warning',
      output: 'queues unknown, 0 of 4 workers busy; its queues cannot be read',
    })
    const alerts = [{ kind: 'source-blind', message: 'Redis is unreachable since 40 s' }]
    expect(healthOfGroup({ ...blind, alerts }).output).toMatch(/; Redis is unreachable since 40 s$/)
  })

  it('without work it is never critical unless allocations fail, and is one short line', () => {
    const facts = fc.record({
      desired: fc.nat(5),
      live: fc.nat(5),
      starting: fc.nat(5),
      busy: fc.nat(5),
      idle: fc.nat(5),
      unknown: fc.nat(5),
      oldestAgeMs: fc.nat(1e9),
      job: fc.constantFrom('present', 'stopped', 'missing'),
    })
    fc.assert(
      fc.property(facts, (more) => {
        const { status, output } = healthOfGroup(groupFacts('mailer', { ...more, waiting: 0 } as GroupFacts))
        expect(status).not.toBe('critical')
        expect(output).toMatch(/^[^\n]{1,200}$/)
      }),
    )
  })
})

it.each([
  [0, '0 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [7_199_999, '119 min'],
  [7_200_000, '2 h 0 min'],
  [90_061_000, '25 h 1 min'],
])('%i ms in words: %s', (ms, words) => expect(ageInWords(ms)).toBe(words))

it('takes what the scaler reports', () => {
  expectTypeOf<GroupReport>().toExtend<GroupFacts>()
  expectTypeOf<ScalerHealth>().toExtend<ScalerFacts>()
})
