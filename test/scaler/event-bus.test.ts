import { expect, it } from 'vitest'
import { createEventBus } from '../../scaler/event-bus.ts'

const FACT = { kind: 'leader', isLeader: true } as const

it('numbers what it tells, and tells everybody, also when one of them is broken', () => {
  const broken: unknown[] = []
  const bus = createEventBus({ now: () => 7 }, (error) => broken.push(error))
  const heard: [string, number, number][] = []
  bus.subscribe(() => {
    throw new Error('it broke')
  })
  const { close } = bus.subscribe(({ message, id, at }) => void heard.push([message, id, at]))
  bus.emit(FACT, 'one')
  bus.emit(FACT, 'two')
  close()
  bus.emit(FACT, 'three')
  expect(heard).toEqual([
    ['one', 1, 7],
    ['two', 2, 7],
  ])
  expect(broken).toHaveLength(1)
})
