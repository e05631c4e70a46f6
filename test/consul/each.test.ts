import { setImmediate as next } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { each } from '../../consul/each.ts'

it('does all of it, never more than the limit at once', async () => {
  const done: number[] = []
  let running = 0
  let most = 0
  await each([...Array(20).keys()], 3, async (item) => {
    most = Math.max(most, ++running)
    await next()
    done.push(item)
    running--
  })
  expect([done.sort((a, b) => a - b), most]).toEqual([[...Array(20).keys()], 3])
})

it('stops at the first failure, once what was begun has ended', async () => {
  const begun: number[] = []
  let ended = 0
  const work = each([...Array(20).keys()], 2, async (item) => {
    begun.push(item)
    await next()
    ended++
    if (item === 1) throw new Error('no')
  })
  await expect(work).rejects.toThrow('no')
  expect(begun.length).toBeLessThan(5)
  expect(ended).toBe(begun.length)
})

it('of nothing there is nothing to do', async () => {
  await expect(each([], 8, () => Promise.reject(new Error('no')))).resolves.toBeUndefined()
})
