import { expect, it } from 'vitest'
import { isSameWorkers } from '../../../scaler/look/same-reading.ts'
import type { WorkerState, WorkersReading } from '../../../src/core/scaling/sample.ts'

const reading = (more: Partial<WorkerState> = {}): WorkersReading => ({
  ok: true,
  workers: [{ worker: 'w', busy: 1, seenAt: 1000, ...more }],
})

it.each<[what: string, more: Partial<WorkerState>, isSame: boolean]>([
  ['other tasks', { tasks: [{ name: 'send', id: '1', since: 5 }] }, true],
  ['a later sign of life', { seenAt: 2000 }, true],
  ['another count of tasks', { busy: 2 }, false],
  ['no intake', { intake: 'cordoned' }, false],
])('a worker with %s', (_, more, isSame) => {
  expect(isSameWorkers(reading(), reading(more))).toBe(isSame)
})
