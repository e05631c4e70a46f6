import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activeAlerts, alertsOf, CALM_MS, NO_ALERTS } from '../../../scaler/alerts/alerts-of.ts'
import type { Condition } from '../../../scaler/alerts/conditions.ts'

const REFUSED: Condition = { key: 'a', kind: 'scale-refused', group: 'heavy', message: 'no', waitMs: 1000 }

/** What is told at each step: when, and what is wrong then. */
function play(steps: readonly (readonly [at: number, conditions: readonly Condition[]])[]) {
  let state = NO_ALERTS
  return steps.map(([at, conditions]) => {
    const result = alertsOf(state, conditions, at)
    state = result.state
    return result.told.map(({ since, resolvedAt }) =>
      resolvedAt === undefined ? `since ${since}` : `until ${resolvedAt}`,
    )
  })
}

describe('alertsOf', () => {
  it('tells once when it has lasted, and once when it is over', () => {
    expect(
      play([
        [0, [REFUSED]],
        [999, [REFUSED]],
        [1000, [REFUSED]],
        [5000, [REFUSED]],
        [6000, []],
        [5000 + CALM_MS - 1, []],
        [5000 + CALM_MS, []],
        [5001 + CALM_MS, []],
      ]),
    ).toEqual([[], [], ['since 0'], [], [], [], [`until ${5000 + CALM_MS}`], []])
  })

  it('does not tell what comes and goes, nor twice what comes back at once', () => {
    expect(
      play([
        [0, [REFUSED]],
        [500, []],
        [1000, [REFUSED]],
        [1999, [REFUSED]],
      ]),
    ).toEqual([[], [], [], []])
    expect(
      play([
        [0, [REFUSED]],
        [1000, [REFUSED]],
        [2000, []],
        [3000, [REFUSED]],
        [9e6, [REFUSED]],
      ]),
    ).toEqual([[], ['since 0'], [], [], []])
  })

  it('tells what grows only when it has grown', () => {
    const waiting = (growing: number): Condition[] => [{ ...REFUSED, growing }]
    expect(
      play([
        [0, waiting(9)],
        [1000, waiting(9)],
        [2000, waiting(3)],
        [3000, waiting(10)],
      ]),
    ).toEqual([[], [], [], ['since 0']])
  })

  it('goes on when the clock is set back', () => {
    expect(
      play([
        [1e9, [REFUSED]],
        [1e9 + 1000, [REFUSED]],
        [5, []],
      ]),
    ).toEqual([[], [`since ${1e9}`], ['until 5']])
  })

  it('never tells the same twice without its end between', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 90_000 }), fc.boolean())), (steps) => {
        let at = 0
        let state = NO_ALERTS
        const told: boolean[] = []
        for (const [wait, is] of steps) {
          at += wait
          const result = alertsOf(state, is ? [REFUSED] : [], at)
          state = result.state
          told.push(...result.told.map(({ resolvedAt }) => resolvedAt === undefined))
          expect(activeAlerts(state)).toHaveLength(told.length % 2)
        }
        expect(told.every((isStart, index) => isStart === (index % 2 === 0))).toBe(true)
      }),
    )
  })
})
