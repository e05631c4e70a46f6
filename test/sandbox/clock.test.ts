import { expect, it } from 'vitest'
import { manualClock, realClock } from '../../src/sandbox/clock.ts'

it('runs what falls due in the order of its time, what that sets off included', () => {
  const clock = manualClock(0)
  const seen: string[] = []
  const note = (what: string): void => {
    seen.push(`${what} at ${clock.now()}`)
  }
  clock.after(20, () => note('b'))
  clock.after(10, () => {
    note('a')
    clock.after(5, () => note('a1'))
    clock.after(0, () => note('a0'))
  })
  const cancel = clock.after(12, () => note('never'))
  clock.after(31, () => note('later'))
  cancel()
  clock.advance(30)
  expect(seen).toEqual(['a at 10', 'a0 at 10', 'a1 at 15', 'b at 20'])
  expect(clock.now()).toBe(30)
})

it('takes delays that are longer than a timer of Node', () => {
  const cancel = realClock().after(1e12, () => {
    throw new Error('at once')
  })
  cancel()
})
