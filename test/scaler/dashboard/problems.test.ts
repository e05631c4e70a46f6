import { describe, expect, it } from 'vitest'
import type { AlertReport, GroupReport, ScalerHealth } from '../../../scaler/reports.ts'
import { HEAVY, MAILER, NOW, READY, reportOf } from '../fake-scaler.ts'
import { loadModule } from './load-module.ts'

interface Problem {
  readonly level: 'bad' | 'warn' | 'note'
  readonly text: string
  readonly groups: readonly string[]
}
const { problemsOf, firstNames } = await loadModule<{
  problemsOf(
    state: { groups?: readonly GroupReport[]; health?: ScalerHealth; trouble?: string; heardAt?: number },
    now: number,
  ): Problem[]
  firstNames(names: readonly string[]): { shown: string[]; rest: number }
}>('problems.js')

const alert = (kind: AlertReport['kind'], more: Partial<AlertReport> = {}): AlertReport => ({
  kind,
  message: `${kind} it is`,
  since: NOW,
  ...more,
})
const blind = reportOf(MAILER, {
  decision: { kind: 'hold', group: MAILER, at: NOW, count: 1, because: 'stale-sample', reasons: [] },
})
const { leader: _, ...headless } = READY

describe('the banner', () => {
  it.each<[string, Parameters<typeof problemsOf>[0], [string, RegExp, string[]][]]>([
    ['is empty while all is well', { groups: [reportOf(HEAVY)], health: READY, heardAt: NOW }, []],
    ['is empty before anything is known', {}, []],
    ['says that nobody answers at all', { trouble: 'refused' }, [['bad', /does not answer: refused/, []]]],
    ['keeps quiet about a short silence', { trouble: 'x', heardAt: NOW - 3000, health: READY }, []],
    [
      'says how old what is shown is',
      { trouble: 'x', heardAt: NOW - 80_000, health: READY },
      [['bad', /for 1 min 20 s; what is shown is as old/, []]],
    ],
    [
      'says that nobody leads',
      { health: { ...headless, isLeader: false } },
      [['bad', /^No scaler leads/, []]],
    ],
    [
      'says who leads instead',
      { health: { ...READY, isLeader: false, leader: 'node-2' } },
      [['note', /does not lead, node-2 does/, []]],
    ],
    [
      'tells of Nomad and the queues together, once for all groups',
      {
        groups: [blind],
        health: {
          ...READY,
          problems: ['Nomad has not been heard of'],
          cluster: { status: 'lost', since: NOW - 9000, heardAt: NOW - 9000, cause: 'refused' },
          sources: {
            redis: {
              polls: { status: 'lost', since: NOW - 5000, cause: { code: 'auth', message: 'WRONGPASS' } },
              pushes: { status: 'off', since: NOW },
            },
          },
        },
      },
      [
        [
          'bad',
          /^Blind: Nomad is not heard of for 9 s \(refused\); the queues of redis .* 5 s \(WRONGPASS\)\./,
          [],
        ],
      ],
    ],
    [
      'names the groups of which not enough is known',
      { groups: [blind], health: READY },
      [['bad', /^Blind: what 1 group would need/, ['staging/shop/mailer']]],
    ],
    [
      'tells what else the scaler says of itself',
      { health: { ...READY, ready: false, problems: ['the variable is full'] } },
      [['bad', /^the variable is full\.$/, []]],
    ],
    [
      'tells what is stuck, late and paused, the worst first',
      {
        groups: [
          reportOf(MAILER, { paused: { since: NOW }, alerts: [alert('at-max')] }),
          reportOf(HEAVY, {
            alerts: [alert('retirement-stuck'), alert('scale-refused', { resolvedAt: NOW })],
          }),
        ],
        health: { ...READY, dryRun: true },
      },
      [
        ['note', /^Dry run/, []],
        ['bad', /^retirement-stuck it is/, ['worker_heavy']],
        ['warn', /^At the limit, and work waits: 1 group:/, ['staging/shop/mailer']],
        ['note', /^Paused: 1 group:/, ['staging/shop/mailer']],
      ],
    ],
  ])('%s', (_what, state, expected) => {
    const problems = problemsOf(state, NOW)
    expect(problems.map(({ level, groups }) => [level, groups])).toEqual(
      expected.map(([level, , groups]) => [level, groups]),
    )
    expected.forEach(([, words], index) => {
      expect(problems[index]?.text).toMatch(words)
    })
  })

  it('names three of many groups, and never leaves out only one', () => {
    expect(firstNames(['a', 'b', 'c', 'd'])).toEqual({ shown: ['a', 'b', 'c', 'd'], rest: 0 })
    expect(firstNames(['a', 'b', 'c', 'd', 'e'])).toEqual({ shown: ['a', 'b', 'c'], rest: 2 })
  })
})
