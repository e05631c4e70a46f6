import { expect, it } from 'vitest'
import type { CheckFacts } from '../../../src/core/health/reading.ts'
import { type TrackedChecks, trackChecks } from '../../../src/core/health/track-checks.ts'
import { aCheck, ago, anAllocation, serviceOf } from './readings.ts'

const allocation = anAllocation('api')

it('knows since when of a change that it has seen, and of nothing else', () => {
  let tracked: TrackedChecks = new Map()
  const look = (at: number, check?: CheckFacts): number | undefined => {
    const seen = trackChecks(tracked, { services: check ? [serviceOf(allocation, [check])] : [] }, at)
    tracked = seen.tracked
    return seen.reading.services[0]?.checks[0]?.since
  }
  expect(look(ago(60), aCheck('critical'))).toBeUndefined()
  expect(look(ago(50), aCheck('critical', { output: 'says something else' }))).toBeUndefined()
  expect(look(ago(40), aCheck('passing'))).toBe(ago(40))
  expect(look(ago(30), aCheck('passing'))).toBe(ago(40))
  expect(look(ago(20), aCheck('critical'))).toBe(ago(20))
  // What is gone and comes again is another.
  expect(look(ago(10))).toBeUndefined()
  expect(look(ago(5), aCheck('passing'))).toBeUndefined()
})

it('tells the checks of one service on two nodes apart', () => {
  const on = (node: string, check: CheckFacts) => serviceOf(allocation, [check], { node })
  const services = [on('one', aCheck()), on('two', aCheck())]
  const { tracked } = trackChecks(new Map(), { services }, ago(9))
  const { reading } = trackChecks(
    tracked,
    { services: [on('one', aCheck()), on('two', aCheck('critical'))] },
    ago(4),
  )
  expect(reading.services.map(({ checks }) => checks[0]?.since)).toEqual([undefined, ago(4)])
})
