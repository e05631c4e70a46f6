import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GroupReport } from '../../../scaler/reports.ts'
import { HEAVY, MAILER, NOW, policyOf, reportOf } from '../fake-scaler.ts'
import { loadModule } from './load-module.ts'

const { rowOf, totalsInWords } = await loadModule<{
  rowOf(group: GroupReport, now: number, isSeen?: boolean): Record<string, unknown>
  totalsInWords(groups: readonly GroupReport[], isSeen?: boolean): string
}>('row-of.js')
const { cellsOf, workersInWords } = await loadModule<{
  cellsOf(group: GroupReport): string[]
  workersInWords(group: GroupReport): string
}>('slots.js')
const { badgesOf } = await loadModule<{ badgesOf(group: GroupReport, isSeen?: boolean): { word: string }[] }>(
  'badges.js',
)

describe('a row', () => {
  it('says what is known', () => {
    const group = reportOf(HEAVY, {
      policy: { ...policyOf(HEAVY), targetAgeMs: 60_000 },
      waiting: 4,
      active: 1,
      oldestAgeMs: 80_000,
      explained: 'hold 1: cooldown',
      decidedSince: NOW - 5000,
    })
    expect(rowOf(group, NOW)).toEqual({
      count: '1',
      bounds: '0–4',
      boundsBy: '',
      workers: '1 busy',
      waiting: '4',
      active: '1',
      oldest: '1 min 20 s',
      target: 'of 1 min',
      isLate: true,
      decision: 'hold 1: cooldown',
      since: 'for 5 s',
    })
  })

  it('never says 0 for what is not known', () => {
    expect(rowOf(reportOf(HEAVY), NOW)).toMatchObject({
      waiting: '–',
      active: '–',
      oldest: '–',
      isLate: false,
    })
    expect(rowOf(reportOf(HEAVY, { waiting: 0 }), NOW)).toMatchObject({ waiting: '0', oldest: 'none' })
    expect(rowOf(reportOf(HEAVY, { waiting: 3 }), NOW)).toMatchObject({ oldest: '–' })
  })

  it('says whose bounds are in force', () => {
    const bounds = { min: 1, max: 8, by: 'by-hand' }
    expect(rowOf(reportOf(HEAVY, { bounds }), NOW)).toMatchObject({ bounds: '1–8', boundsBy: 'by-hand' })
  })

  it('says that nothing is known while Nomad has told nothing', () => {
    const group = reportOf(HEAVY, { desired: 0, job: 'missing' })
    expect(rowOf(group, NOW, false)).toMatchObject({ count: '–', workers: 'not known' })
    expect(badgesOf(group, false)).toEqual([])
    expect(totalsInWords([group], false)).toBe('1 group · the queues of 1 not known')
  })

  it('adds up what is known, and counts what is not', () => {
    const groups = [reportOf(HEAVY, { waiting: 3, active: 2, costPerHour: 0.5 }), reportOf(MAILER)]
    expect(totalsInWords(groups)).toBe(
      '2 groups · 2 allocations, 2 busy · 3 waiting, 2 active · the queues of 1 not known · 0.50 an hour',
    )
    expect(totalsInWords([])).toBe('0 groups · 0 allocations, 0 busy')
  })
})

describe('the squares', () => {
  it('show each worker, and the places that are left', () => {
    const group = reportOf(HEAVY, { busy: 1, idle: 1, starting: 1, retiring: 0, unknown: 0 })
    expect(cellsOf(group)).toEqual(['busy', 'idle', 'starting', 'free'])
    expect(workersInWords(group)).toBe('1 busy, 1 idle, 1 starting')
    expect(workersInWords(reportOf(HEAVY, { busy: 0 }))).toBe('none')
    expect(workersInWords(reportOf(HEAVY, { cordoned: 1 }))).toBe('1 busy (1 cordoned)')
  })

  it('never leave a state out, and are never many more than twenty', () => {
    const count = fc.nat(5000)
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        count,
        count,
        (busy, idle, unknown, starting, retiring, max) => {
          const counts = { busy, idle, unknown, starting, retiring }
          const cells = cellsOf(reportOf(HEAVY, { ...counts, bounds: { min: 0, max, by: 'policy' } }))
          for (const [state, number] of Object.entries(counts)) expect(cells.includes(state)).toBe(number > 0)
          expect(cells.length).toBeLessThanOrEqual(24)
        },
      ),
    )
  })
})

it('badges: a word for each thing that is special, once', () => {
  const alert = { kind: 'source-blind', message: 'x', since: NOW } as const
  const words = badgesOf(
    reportOf(HEAVY, {
      paused: { since: NOW },
      job: 'stopped',
      decision: { kind: 'hold', group: HEAVY, at: NOW, count: 1, because: 'cluster-blind', reasons: [] },
      alerts: [alert, { ...alert, kind: 'scale-refused', resolvedAt: NOW }, { ...alert, kind: 'at-max' }],
    }),
  ).map(({ word }) => word)
  expect(words).toEqual(['paused', 'blind', 'job stopped', 'at its maximum'])
  expect(badgesOf(reportOf(HEAVY))).toEqual([])
})
