import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planJobs } from '../../../src/core/plan/plan-jobs.ts'
import { findNeeded, neededJobs, registrationOrder } from '../../../src/core/up/order.ts'
import { aStack } from '../../helpers/a-stack.ts'

/** Job to the jobs that it depends on. */
type Needs = Readonly<Record<string, readonly string[]>>

function stackOf(needs: Needs) {
  const services = Object.fromEntries(
    Object.entries(needs).map(([name, depends_on]) => [
      name,
      { image: 'a:1', ports: { main: 80 }, depends_on: [...depends_on] },
    ]),
  )
  return aStack({ services })
}

function orderOf(stack: ReturnType<typeof aStack>, only?: readonly string[]): string[] {
  const planned = planJobs(stack).jobs.filter(({ job }) => only === undefined || only.includes(job.name))
  return registrationOrder(stack, planned).map(({ job }) => job.name)
}

describe('registrationOrder', () => {
  it.each<[string, Needs, string[]]>([
    ['keeps the order of the stack', { b: [], a: [] }, ['b', 'a']],
    ['puts what is needed first', { a: ['b'], b: ['c'], c: [] }, ['c', 'b', 'a']],
    ['registers a shared need once', { a: ['c'], b: ['c'], c: [] }, ['c', 'a', 'b']],
    ['ends when jobs need each other', { a: ['b'], b: ['a'] }, ['b', 'a']],
  ])('%s', (_, needs, expected) => {
    expect(orderOf(stackOf(needs))).toEqual(expected)
  })

  it('orders named jobs by way of those that are not named', () => {
    expect(orderOf(stackOf({ a: ['b'], b: ['c'], c: [] }), ['a', 'c'])).toEqual(['c', 'a'])
  })

  it('waits for an address that a task waits for, and not for one that it does not', () => {
    const dial = (service: string, wait: boolean) => ({ X: { service, wait } })
    const stack = aStack({
      services: {
        a: { image: 'a:1', env: dial('b', true) },
        c: { image: 'a:1', env: dial('d', false) },
        b: { image: 'a:1', ports: { main: 80 } },
        d: { image: 'a:1', ports: { main: 80 } },
      },
    })
    expect(orderOf(stack)).toEqual(['b', 'a', 'c', 'd'])
  })

  it('waits for what a task before the main one needs, which has no job of its own', () => {
    const stack = aStack({
      services: {
        api: { image: 'a:1', depends_on: { migrate: 'completed' } },
        db: { image: 'a:1', ports: { main: 80 } },
      },
      batch: { migrate: { image: 'a:1', depends_on: ['db'] } },
    })
    expect(orderOf(stack)).toEqual(['db', 'api'])
  })

  it('puts every job after all that it needs, and each in once', () => {
    const stacks = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 12 }).map(
      (rows): Needs =>
        Object.fromEntries(
          // Only on later ones, so that there is no circle; names that sort against the order.
          rows.map((row, at) => [
            `job${99 - at}`,
            [...new Set(row.filter((one) => one > at && one < rows.length))].map((one) => `job${99 - one}`),
          ]),
        ),
    )
    fc.assert(
      fc.property(stacks, (needs) => {
        const order = orderOf(stackOf(needs))
        expect([...order].sort()).toEqual(Object.keys(needs).sort())
        for (const [job, needed] of Object.entries(needs))
          for (const one of needed) expect(order.indexOf(one)).toBeLessThan(order.indexOf(job))
      }),
      { numRuns: 50 },
    )
  })
})

describe('findNeeded', () => {
  const needs = neededJobs(stackOf({ a: ['b'], b: ['c'], c: [], d: [] }))
  it.each([
    ['a', ['c'], 'c'],
    ['a', ['d'], undefined],
    ['c', ['a'], undefined],
    ['a', ['a'], undefined],
    ['unknown', ['a'], undefined],
  ])('%s among %j: %s', (job, wanted, expected) => {
    expect(findNeeded(needs, job, new Set(wanted))).toBe(expected)
  })
})
