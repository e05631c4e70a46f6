import { expect, it } from 'vitest'
import { createGroupRun } from '../../../scaler/groups/group-run.ts'
import { type HealthFacts, problemsOf } from '../../../scaler/look/report-health.ts'
import { policyOf } from '../helpers/world.ts'

const NOW = 1_800_000_000_000
const READY = { status: 'ready', since: NOW - 60_000 } as const
const LOST = {
  status: 'lost',
  since: NOW - 60_000,
  cause: { code: 'timeout', message: 'no answer' },
} as const
const source = (polls: typeof READY | typeof LOST) => new Map([['redis', { polls, pushes: READY }]])
const read = (firstRead: 'done' | 'waiting' | { code: 'timeout'; message: string }, ageMs = 100) =>
  new Map([['redis', { ageMs, firstRead }]])

function of(more: Partial<HealthFacts>): string[] {
  return problemsOf({
    elapsed: 10_000,
    now: NOW,
    intervalMs: 1000,
    runs: [],
    cluster: { ...READY, heardAt: NOW },
    sources: source(READY),
    reads: read('done'),
    hasBegun: true,
    staleAfterMs: 15_000,
    lock: undefined,
    cut: 0,
    policies: [],
    ...more,
  })
}

it.each<[what: string, more: Partial<HealthFacts>, problems: readonly string[]]>([
  ['all is well', {}, []],
  ['it has begun just now', { hasBegun: false }, ['it has just been started']],
  [
    'Nomad was never read',
    { cluster: { status: 'connecting', since: NOW, heardAt: 0, cause: 'refused' }, hasBegun: false },
    ['Nomad has not been read yet: refused'],
  ],
  ['Nomad is lost just now', { cluster: { status: 'lost', since: NOW - 3000, heardAt: NOW } }, []],
  [
    'Nomad is lost',
    { cluster: { status: 'lost', since: NOW - 3001, heardAt: NOW, cause: 'refused' } },
    ['Nomad has not been heard of for 3 s: refused'],
  ],
  [
    'a source was never read',
    { reads: read('waiting', Number.POSITIVE_INFINITY) },
    ['the queues of redis have not been read yet'],
  ],
  [
    'it could not be read the first time',
    { reads: read({ code: 'timeout', message: 'no answer' }), sources: source(LOST) },
    ['the queues of redis cannot be read: no answer'],
  ],
  ['it is lost', { sources: source(LOST) }, ['the queues of redis cannot be read for 60 s: no answer']],
  ['it does not answer', { reads: read('done', 15_001) }, ['the queues of redis were not read for 15 s']],
  [
    'a group was not looked at',
    { runs: [createGroupRun(policyOf('heavy'), 'redis', 6999)] },
    ['1 of 1 group was not looked at for 3 s: heavy'],
  ],
  ['memory of one is cut', { cut: 1 }, [expect.stringContaining('remembered of 1 group does')]],
  ['memory of two is cut', { cut: 2 }, [expect.stringContaining('remembered of 2 groups does')]],
  ['lock and policies', { lock: 'no lock', policies: ['a bad one'] }, ['no lock', 'a bad one']],
])('%s', (_, more, problems) => {
  expect(of(more)).toEqual(problems)
})
