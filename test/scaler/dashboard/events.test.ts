import { expect, it } from 'vitest'
import { loadModule } from './load-module.ts'

const { mergeEvents } = await loadModule<{
  mergeEvents<T extends { at: number; id: number; message: string }>(known: T[], more: T[], most: number): T[]
}>('store.js')
const { boundsBody } = await loadModule<{ boundsBody(values: object): object }>('group-orders.js')
const event = (at: number, id: number, message = 'x') => ({ at, id, message })

it('events: newest first, each once, without those that say nothing, and not too many', () => {
  const merged = mergeEvents([event(2, 2), event(1, 1)], [event(2, 3), event(2, 2), event(3, 4, '')], 3)
  expect(merged.map(({ id }) => id)).toEqual([3, 2, 1])
  expect(mergeEvents([event(2, 2), event(1, 1)], [event(3, 3)], 2).map(({ id }) => id)).toEqual([3, 2])
})

it.each([
  [{}, { clear: true }],
  [{ min: '0' }, { min: 0 }],
  [
    { min: '1', max: '8' },
    { min: 1, max: 8 },
  ],
])('bounds of %j are asked for as %j', (values, body) => {
  expect(boundsBody(values)).toEqual(body)
})
