import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocationOf } from '../../../src/core/queues/allocation.ts'
import { kitWorkers, mergeWorkers } from '../../../src/core/queues/kit-workers.ts'
import { commonPrefixes } from '../../../src/core/queues/prefixes.ts'
import { redisCause } from '../../../src/core/queues/redis-cause.ts'
import { DOUBT_MS, doubtReplaced, NOTHING_REMEMBERED } from '../../../src/core/queues/replaced.ts'
import { wakeAt } from '../../../src/core/queues/wake.ts'
import { createMinuteWindow } from '../../../src/core/queues/window.ts'
import type { QueueReading, QueueSample } from '../../../src/core/scaling/sample.ts'

const ALLOCATION = '0b7c2a52-8d7e-4c5f-9a35-1c2d3e4f5a6b'
const sample = (more: Partial<QueueSample> = {}): QueueSample => ({
  queue: 'q',
  at: 1000,
  waiting: 0,
  ...more,
})

describe('wakeAt', () => {
  it.each<[what: string, of: Partial<QueueSample>, at: number | undefined]>([
    ['nothing to do', {}, undefined],
    ['something waits', { waiting: 1 }, 1000],
    ['something is due', { due: 1, nextDueAt: 5000 }, 1000],
    ['something is orphaned', { orphaned: 1 }, 1000],
    ['something runs', { active: 3 }, undefined],
    ['something will be due', { delayed: 1, nextDueAt: 5000 }, 5000],
    ['it is paused', { waiting: 9, paused: true, nextDueAt: 5000 }, undefined],
    ['it is rate-limited', { waiting: 1, rateLimitedUntil: 3000 }, 3000],
    ['it will be due after the limit', { nextDueAt: 5000, rateLimitedUntil: 3000 }, 5000],
  ])('when %s', (_, of, at) => {
    expect(wakeAt(sample(of))).toBe(at)
  })
})

describe('redisCause', () => {
  it.each([
    ['NOAUTH Authentication required.', 'auth'],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'auth'],
    ["NOPERM User x has no permissions to run the 'llen' command", 'no-permission'],
    ['LOADING Redis is loading the dataset in memory', 'loading'],
    ["READONLY You can't write against a read only replica.", 'readonly'],
    ['MASTERDOWN Link with MASTER is down', 'readonly'],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'memory'],
    ['BUSY Redis is busy running a script.', 'busy'],
    ['CLUSTERDOWN The cluster is down', 'cluster-down'],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'wrong-type'],
    ['connect ECONNREFUSED 127.0.0.1:6379', 'unreachable'],
    ['getaddrinfo ENOTFOUND cache', 'unreachable'],
    ['Connection is closed.', 'unreachable'],
    ['self-signed certificate', 'tls'],
    ['timed out after 2000 ms', 'timeout'],
    ['connect ETIMEDOUT', 'timeout'],
    ['ERR something else', 'rejected'],
  ])('%s', (message, code) => {
    expect(redisCause(message).code).toBe(code)
  })
})

describe('doubtReplaced', () => {
  const read = (waiting: number): ReadonlyMap<string, QueueReading> =>
    new Map([['q', { ok: true, sample: sample({ waiting }) }]])
  const lost: ReadonlyMap<string, QueueReading> = new Map([
    ['q', { ok: false, cause: { code: 'unreachable', message: '' } }],
  ])
  const steps = (
    ...all: (readonly [readings: ReadonlyMap<string, QueueReading>, runId: string | undefined, at: number])[]
  ) => {
    let memory = NOTHING_REMEMBERED
    return all.map(([readings, runId, at]) => {
      const judged = doubtReplaced(memory, readings, runId, at)
      memory = judged.memory
      const of = judged.readings.get('q')
      return of?.ok ? of.sample.waiting : of?.cause.code
    })
  }

  it.each<[what: string, steps: Parameters<typeof steps>, say: (number | string)[]]>([
    [
      'believes an empty queue of the same server',
      [
        [read(3), 'a', 0],
        [read(0), 'a', 1],
      ],
      [3, 0],
    ],
    [
      'believes a new server that has the jobs',
      [
        [read(3), 'a', 0],
        [read(3), 'b', 1],
      ],
      [3, 3],
    ],
    [
      'doubts a new server that lacks them',
      [
        [read(3), 'a', 0],
        [read(0), 'b', 1],
        [read(0), 'b', 2],
      ],
      [3, 'replaced', 'replaced'],
    ],
    [
      'believes it when jobs are there again',
      [
        [read(3), 'a', 0],
        [read(0), 'b', 1],
        [read(1), 'b', 2],
        [read(0), 'b', 3],
      ],
      [3, 'replaced', 1, 0],
    ],
    [
      'believes it after a while',
      [
        [read(3), 'a', 0],
        [read(0), 'b', 1],
        [read(0), 'b', 1 + DOUBT_MS],
      ],
      [3, 'replaced', 0],
    ],
    [
      'remembers over an outage',
      [
        [read(3), 'a', 0],
        [lost, undefined, 1],
        [read(0), 'b', 2],
      ],
      [3, 'unreachable', 'replaced'],
    ],
    [
      'does not doubt what was empty before',
      [
        [read(0), 'a', 0],
        [read(0), 'b', 1],
      ],
      [0, 0],
    ],
    [
      'asks nothing of a server that hides its identity',
      [
        [read(3), undefined, 0],
        [read(0), undefined, 1],
      ],
      [3, 0],
    ],
  ])('%s', (_, all, say) => {
    expect(steps(...all)).toEqual(say)
  })
})

describe('createMinuteWindow', () => {
  it('does not know before a minute has passed, and counts one minute after it', () => {
    const window = createMinuteWindow(0)
    window.add(1000, 5)
    expect(window.count(59_999)).toBeUndefined()
    window.add(60_500, 2)
    expect(window.count(60_500)).toBe(7)
    expect(window.count(61_500)).toBe(2)
    expect(window.count(200_000)).toBe(0)
  })

  it('agrees with counting them all', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 300 }), (gaps) => {
        const window = createMinuteWindow(-60_000)
        const times: number[] = []
        let at = 0
        for (const gap of gaps) {
          at += gap
          times.push(at)
          window.add(at, 1)
        }
        const within = times.filter((time) => Math.floor(time / 1000) > Math.floor(at / 1000) - 60).length
        expect(window.count(at)).toBe(within)
      }),
    )
  })
})

describe('commonPrefixes', () => {
  it('covers every key, and no prefix is a prefix of another', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ab]{1,4}$/), { minLength: 1, maxLength: 90 }), (keys) => {
        const prefixes = commonPrefixes(keys)
        expect(prefixes.length).toBeLessThanOrEqual(64)
        for (const key of keys) expect(prefixes.filter((prefix) => key.startsWith(prefix)).length).toBe(1)
      }),
    )
  })

  it('is the common beginning of many', () => {
    expect(commonPrefixes(Array.from({ length: 100 }, (_, index) => `e2i:q${100 + index}`))).toEqual([
      'e2i:q1',
    ])
  })
})

describe('allocationOf', () => {
  it.each([
    [ALLOCATION, { allocation: ALLOCATION }],
    [`heavy@${ALLOCATION}`, { group: 'heavy', allocation: ALLOCATION }],
    ['celery@host', {}],
    ['', {}],
  ])('%s', (name, of) => {
    expect(allocationOf(name)).toEqual(of)
  })
})

describe('the workers of the kit', () => {
  const beat = (more: object) =>
    JSON.stringify({
      v: 1,
      id: 'w',
      queues: ['q'],
      concurrency: 2,
      busy: 0,
      state: 'taking',
      at: 900,
      ...more,
    })

  it('are what they say, and unknown when they say nothing', () => {
    expect(kitWorkers([['w', '900', beat({ busy: 1, state: 'cordoned', group: 'g' })]])).toEqual([
      { worker: 'w', group: 'g', busy: 1, concurrency: 2, intake: 'cordoned', queues: ['q'], seenAt: 900 },
    ])
    for (const text of ['', 'x', '{}', beat({ busy: -1 })])
      expect(kitWorkers([[ALLOCATION, '900', text]])).toEqual([
        { worker: ALLOCATION, allocation: ALLOCATION, seenAt: 900 },
      ])
  })

  it('name the tasks they run: few, and in few words', () => {
    const running = (index: number) => ({ queue: 'q', id: String(index), name: 'send', since: index })
    const told = (tasks: unknown) => kitWorkers([['w', '900', beat({ busy: 1, tasks })]])[0]
    expect(told([running(1)])?.tasks).toEqual([running(1)])
    expect(told([])?.tasks).toEqual([])
    const many = told(Array.from({ length: 500 }, (_, index) => running(index)))
    expect(many?.tasks).toEqual(Array.from({ length: 20 }, (_, index) => running(index)))
    const [long] = told([{ ...running(1), name: 'n'.repeat(201), id: 'i'.repeat(200) }])?.tasks ?? []
    expect(long).toMatchObject({ name: `${'n'.repeat(199)}…`, id: 'i'.repeat(200) })
  })

  it.each([[undefined], ['x'], [[{ id: 1 }]]])('are known without their tasks: %j', (tasks) => {
    const [worker] = kitWorkers([['w', '900', beat({ busy: 1, tasks })]])
    expect(worker).toMatchObject({ busy: 1, seenAt: 900 })
    expect(worker).not.toHaveProperty('tasks')
  })

  it('keep the names of their tasks when both lists know them', () => {
    const tasks = [{ queue: 'q', id: '1', name: 'send', since: 5 }]
    const told = kitWorkers([['w', '900', beat({ busy: 1, tasks })]])
    expect(mergeWorkers([{ worker: 'w', busy: 1, seenAt: 1000 }], told)).toMatchObject([{ busy: 1, tasks }])
  })

  it('are busy with a job that is certainly theirs, whatever they say; silent ones stay unknown', () => {
    const told = kitWorkers([
      ['w', '900', beat({ idleSince: 5 })],
      ['silent', '900', ''],
    ])
    const seen = [
      { worker: 'w', busy: 1, seenAt: 1000 },
      { worker: 'silent', busy: 0, seenAt: 1000 },
      { worker: 'other', busy: 0, seenAt: 1000 },
    ]
    const merged = mergeWorkers(seen, told)
    expect(merged.find(({ worker }) => worker === 'w')).toMatchObject({ busy: 1 })
    expect(merged.find(({ worker }) => worker === 'w')).not.toHaveProperty('idleSince')
    expect(merged.find(({ worker }) => worker === 'silent')).not.toHaveProperty('busy')
    expect(merged.find(({ worker }) => worker === 'other')).toMatchObject({ busy: 0 })
  })
})
