import { expect, it } from 'vitest'
import { lostRetirements } from '../../../scaler/decide/lost-retirements.ts'
import { NO_MEMORY } from '../../../src/core/scaling/group.ts'
import type { WorkerState, WorkersReading } from '../../../src/core/scaling/sample.ts'

const MEMORY = { ...NO_MEMORY, retiring: [{ allocation: 'a', since: 100_000 }] }
const LATER = 140_000

it.each<[what: string, worker: Partial<WorkerState>, now: number, isLost: boolean]>([
  ['idle long after', { busy: 0 }, LATER, true],
  ['idle and taking', { busy: 0, intake: 'taking' }, LATER, true],
  ['busy', { busy: 1 }, LATER, false],
  ['not known', {}, LATER, false],
  ['about to leave', { busy: 0, intake: 'draining' }, LATER, false],
  ['idle, but asked just now', { busy: 0 }, 120_000, false],
  ['idle when last heard of, soon after', { busy: 0, seenAt: 105_000 }, LATER, false],
  ['another', { busy: 0, allocation: 'b' }, LATER, false],
])('%s', (_, worker, now, isLost) => {
  const workers = [{ worker: 'w', allocation: 'a', seenAt: now, ...worker }]
  expect(lostRetirements(MEMORY, { ok: true, workers }, now)).toEqual(isLost ? ['a'] : [])
})

it('nothing is known in the dark', () => {
  const dark: WorkersReading = { ok: false, cause: { code: 'timeout', message: '' } }
  expect(lostRetirements(MEMORY, dark, LATER)).toEqual([])
  expect(lostRetirements(MEMORY, { ok: true, workers: [] }, LATER)).toEqual([])
})
