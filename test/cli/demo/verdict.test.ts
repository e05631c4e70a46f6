import { describe, expect, it } from 'vitest'
import { cameAndWent, faultsOf, type Outcome } from '../../../src/cli/demo/verdict.ts'

const WELL: Outcome = {
  tally: { added: 24, done: 24, failed: 0, twice: 0 },
  stopped: [],
  counts: [{ group: 'heavy', max: 4, seen: [0, 4, 3, 0] }],
}

describe('what a demo is judged by', () => {
  it('finds nothing where all went well', () => {
    expect(faultsOf(WELL)).toEqual([])
  })

  it.each([
    [{ tally: { ...WELL.tally, done: 20 } }, '4 of 24 tasks are not done'],
    [{ tally: { ...WELL.tally, failed: 1 } }, '1 tasks failed'],
    [{ tally: { ...WELL.tally, twice: 2 } }, '2 tasks were taken up a second time'],
    [{ stopped: ['heavy.heavy[3]'] }, 'Nomad stopped heavy.heavy[3]'],
    [{ counts: [{ group: 'heavy', max: 4, seen: [0, 2, 0] }] }, 'heavy went 0 -> 2 -> 0, not 0 -> 4 -> 0'],
    [{ counts: [{ group: 'heavy', max: 4, seen: [] }] }, 'heavy went nowhere, not 0 -> 4 -> 0'],
  ])('says what did not: %j', (change, fault) => {
    expect(faultsOf({ ...WELL, ...change })).toEqual([fault])
  })

  it.each([
    [[0, 4, 0], true],
    [[0, 2, 4, 3, 1, 0], true],
    [[0, 4, 3], false],
    [[4, 0], false],
    [[0], false],
    [[0, 3, 0], false],
    [[0, 4, 2, 3, 0], false],
    [[0, 4, 0, 4, 0], false],
    [[0, 2, 1, 4, 0], false],
  ])('%j came and went: %s', (seen, isSo) => {
    expect(cameAndWent(seen, 4)).toBe(isSo)
  })
})
