import { expect, it } from 'vitest'
import { nameIndex } from '../../../../src/sandbox/nomad/schedule/names.ts'
import type { Allocation } from '../../../../src/sandbox/nomad/state/types.ts'

const named = (...indexes: number[]): Allocation[] =>
  indexes.map((index) => ({ Name: `job-[1].g[${index}]` }) as Allocation)

it.each([
  { taken: [], count: 3, ask: 2, next: [0, 1] },
  { taken: [0, 2], count: 4, ask: 2, next: [1, 3] },
  { taken: [0, 1, 5], count: 3, ask: 1, next: [2] },
  // More are wanted than there are names.
  { taken: [0, 1], count: 2, ask: 2, next: [0, 1] },
])('of $taken and a count of $count, the next $ask are $next', ({ taken, count, ask, next }) => {
  expect(nameIndex(named(...taken), count).next(ask)).toEqual(next)
})

it('the highest go first, and are free then', () => {
  const names = nameIndex(named(3, 0, 7, 1), 8)
  expect([...names.highest(2)]).toEqual([7, 3])
  expect(names.next(3)).toEqual([2, 3, 4])
})
