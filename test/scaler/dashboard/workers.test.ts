import { expect, it } from 'vitest'
import type { WorkerReport } from '../../../scaler/reports.ts'
import type { RunningTask, WorkerState } from '../../../src/core/scaling/sample.ts'
import { NOW } from '../fake-scaler.ts'
import { loadModule } from './load-module.ts'

const { cellsOf } = await loadModule<{
  cellsOf(worker: Partial<WorkerReport> & { now: number }): string[]
}>('workers-table.js')

const task = (name: string, agoMs: number): RunningTask => ({ name, id: name, since: NOW - agoMs })
const five = [task('a', 5000), task('b', 4000), task('c', 3000), task('d', 2000), task('e', 1000)]

it.each<[what: string, worker: Partial<WorkerState> | undefined, busy: string, tasks: string]>([
  ['a worker that the queue does not know', undefined, '–', '–'],
  ['one that does not say what it runs', { busy: 1, concurrency: 4 }, '1 of 4', '–'],
  ['one that names none of what it runs', { busy: 1, tasks: [] }, '1 task', '–'],
  ['an idle one', { busy: 0, concurrency: 4, tasks: [] }, '0 of 4', 'none'],
  ['a busy one', { busy: 1, concurrency: 4, tasks: [task('send', 80_000)] }, '1 of 4', 'send for 1 min 20 s'],
  ['one with a clock that is ahead', { busy: 1, tasks: [task('send', -900)] }, '1 task', 'send for 0 s'],
  ['one that names some', { busy: 3, tasks: [task('send', 0)] }, '3 tasks', 'send for 0 s and 2 more'],
  ['one with many', { busy: 9, tasks: five }, '9 tasks', 'a for 5 s, b for 4 s, c for 3 s and 6 more'],
])('tells what runs in %s', (_, worker, busy, tasks) => {
  const cells = cellsOf({ state: 'unknown', now: NOW, ...(worker && { worker: stateOf(worker) }) })
  expect(cells.slice(1, 3)).toEqual([busy, tasks])
})

function stateOf(more: Partial<WorkerState>): WorkerState {
  return { worker: 'w', seenAt: NOW, ...more }
}
