import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AllocationFacts } from '../../../src/core/health/reading.ts'
import { isHealthy, isLineHealthy } from '../../../src/core/health/report.ts'
import {
  aCheck,
  ago,
  aJob,
  anAllocation,
  groupOf,
  judged,
  lineOf,
  pending,
  type Readings,
  report,
  serviceOf,
} from './readings.ts'

const failing = (more = {}) => aCheck('critical', { output: 'refused\nat 10.0.0.1', ...more })
const COMING = { deployedVersion: 3 }

/** A job with these allocations, each registered in Consul with the checks that are given for it. */
function running(
  job: string,
  count: number,
  parts: readonly (readonly [ReturnType<typeof anAllocation>, ...ReturnType<typeof aCheck>[]])[],
  more: Partial<ReturnType<typeof aJob>> = {},
): Readings {
  return {
    jobs: [aJob(job, { count, ...more })],
    allocations: parts.map(([allocation]) => allocation),
    services: parts.flatMap(([allocation, ...checks]) =>
      checks.length === 0 ? [] : [serviceOf(allocation, checks)],
    ),
  }
}

const young = () => {
  const { isHealthy: _, ...one } = anAllocation('api', {
    task: { state: 'running', restarts: 0, startedAt: ago(12) },
  })
  return one
}

describe('a service', () => {
  const one = anAllocation('api')
  const two = anAllocation('api')
  const cases: readonly [what: string, readings: Readings, expected: string][] = [
    [
      'all run and pass',
      running('api', 2, [
        [one, aCheck()],
        [two, aCheck()],
      ]),
      'healthy',
    ],
    ['not in Nomad', {}, 'down: not registered in Nomad'],
    ['stopped', { jobs: [aJob('api', { isStopped: true, count: 2 })] }, 'down: stopped in Nomad'],
    ['scaled to none by hand', { jobs: [aJob('api', { count: 0 })] }, 'down: its count in Nomad is 0'],
    [
      'one of two fails',
      running('api', 2, [
        [one, aCheck()],
        [two, failing()],
      ]),
      'degraded: check http failing: refused at 10.0.0.1',
    ],
    [
      'both fail',
      running('api', 2, [
        [one, failing()],
        [two, failing()],
      ]),
      'down: check http failing: refused at 10.0.0.1',
    ],
    [
      'one warns',
      running('api', 2, [
        [one, aCheck()],
        [two, aCheck('warning')],
      ]),
      'degraded: check http warns: says so',
    ],
    [
      'a check was seen to change',
      running('api', 2, [
        [one, failing({ since: ago(40) })],
        [two, aCheck()],
      ]),
      'degraded: check http failing since 40 s: refused at 10.0.0.1',
    ],
    [
      'a new one fails, its deployment is open',
      running(
        'api',
        2,
        [
          [young(), failing()],
          [two, aCheck()],
        ],
        COMING,
      ),
      'starting: check http failing since 12 s: refused at 10.0.0.1',
    ],
    [
      'a new one fails, nobody looks, within its grace',
      running('api', 2, [
        [young(), failing()],
        [two, aCheck()],
      ]),
      'starting: check http failing: refused at 10.0.0.1',
    ],
    [
      'one was given up by its deployment, and fails',
      running(
        'api',
        2,
        [
          [{ ...young(), isHealthy: false }, failing()],
          [two, aCheck()],
        ],
        COMING,
      ),
      'degraded: check http failing: refused at 10.0.0.1',
    ],
    [
      'its node is away',
      running('api', 2, [
        [one, aCheck(), failing({ id: 'serfHealth', name: 'Serf Health Status', output: '' })],
        [two, aCheck()],
      ]),
      'degraded: check Serf Health Status failing',
    ],
    ['one starts', running('api', 2, [[one, aCheck()], [pending('api')]]), 'starting'],
    [
      'one is started again and again',
      running('api', 2, [[one, aCheck()], [pending('api', { trouble: 'Exit Code: 2' })]]),
      'degraded: Exit Code: 2',
    ],
    [
      'all are',
      running('api', 2, [[pending('api', { trouble: 'Exit Code: 2' })], [pending('api')]]),
      'down: Exit Code: 2',
    ],
    [
      'one failed, and waits for another place',
      running('api', 2, [
        [anAllocation('api', { clientStatus: 'failed', trouble: 'Driver Failure' })],
        [two, aCheck()],
      ]),
      'degraded: Driver Failure',
    ],
    [
      'there is no place',
      { jobs: [aJob('api', { count: 2 })], unplaced: { api: 'no memory' } },
      'down: no memory',
    ],
    [
      'its node does not answer',
      running('api', 2, [[anAllocation('api', { clientStatus: 'unknown' })], [two, aCheck()]]),
      'degraded: its node does not answer Nomad',
    ],
    [
      'only its helpers have started',
      running('api', 2, [
        [anAllocation('api', { task: { state: 'pending', restarts: 0 } })],
        [two, aCheck()],
      ]),
      'starting',
    ],
    [
      'one is on its way out',
      running('api', 2, [[one, aCheck()], [two, aCheck()], [anAllocation('api', { desiredStatus: 'stop' })]]),
      'healthy',
    ],
    [
      'one was replaced',
      running('api', 2, [
        [one, aCheck()],
        [two, aCheck()],
        [anAllocation('api', { clientStatus: 'failed', isReplaced: true, trouble: 'x' })],
      ]),
      'healthy',
    ],
    [
      'not in Consul, just started',
      { jobs: [aJob('api', { count: 1 })], allocations: [young()] },
      'starting: not in Consul yet',
    ],
    [
      'not in Consul for long',
      { jobs: [aJob('api', { count: 1 })], allocations: [one] },
      'unknown: not in Consul, or the token may not read it',
    ],
    [
      'without its checks',
      { jobs: [aJob('api')], allocations: [one], services: [serviceOf(one, [])] },
      'starting: its checks are not in Consul yet',
    ],
  ]
  it.each(cases)('%s', (_, readings, expected) => {
    expect(judged('api', readings)).toBe(expected)
  })

  it('is healthy without checks once its deployment says so, or where there is none', () => {
    const { isHealthy: _, ...unsure } = anAllocation('plain')
    const at = (allocation: AllocationFacts, more = {}) =>
      judged('plain', { jobs: [aJob('plain', more)], allocations: [allocation] })
    expect(at(unsure, COMING)).toBe('starting: runs since 59 min; Nomad looks whether it stays')
    expect(at(unsure)).toBe('healthy')
    expect(at({ ...unsure, isHealthy: true }, COMING)).toBe('healthy')
    expect(at({ ...unsure, isHealthy: false }, COMING)).toBe(
      "degraded: Nomad's deployment gave it up as not healthy",
    )
  })

  it('tells counts, restarts, the last change and its endpoints', () => {
    const restarted = anAllocation('api', {
      task: { state: 'running', restarts: 3, startedAt: ago(9) },
      changedAt: ago(9),
    })
    const services = [
      serviceOf(restarted),
      serviceOf(two, [aCheck()], { endpoint: '10.0.0.2:20081' }),
      serviceOf(two, [aCheck()], { id: 'proxy', isProxy: true, endpoint: '10.0.0.2:31000' }),
    ]
    expect(lineOf('api', { ...running('api', 2, [[restarted], [two]]), services })).toMatchObject({
      desired: 2,
      running: 2,
      restarts: 3,
      changedAt: ago(9),
      endpoints: ['10.0.0.1:20080', '10.0.0.2:20081'],
      checks: [{ service: 'api', status: 'passing' }, {}, {}],
    })
  })
})

describe('a job that waits', () => {
  const waiting = (words: string) => [
    pending('api', { missing: { words, since: ago(40) } }),
    pending('api', { missing: { words, since: ago(30) } }),
  ]
  const api = aJob('api', { count: 2 })
  const db = {
    ...anAllocation('db'),
    isHealthy: undefined,
    task: { state: 'running', restarts: 0, startedAt: ago(40) },
  } as const
  const { isHealthy: _, ...neverHealthy } = db
  const check = aCheck('critical', { name: 'redis-cli', output: 'Could not connect' })
  const missing = waiting('Missing: kv.block(drover/waits-for/db)')

  it('names the check that keeps it, and since when where that is known', () => {
    const readings = (more: object, allocation: AllocationFacts) => ({
      jobs: [api, aJob('db', more)],
      allocations: [...missing, allocation],
      services: [serviceOf(allocation, [aCheck(), check])],
    })
    expect(judged('api', readings(COMING, neverHealthy))).toBe(
      'waiting: waits for db: check redis-cli failing since 40 s: Could not connect',
    )
    expect(judged('api', readings(COMING, anAllocation('db')))).toBe(
      'waiting: waits for db: check redis-cli failing: Could not connect',
    )
    expect(lineOf('api', readings(COMING, neverHealthy)).waitsFor).toEqual([
      { for: 'service', name: 'db', isRegistered: true, since: ago(40), check: { ...check, since: ago(40) } },
    ])
  })

  it('says so when what it waits for is not there, or cannot be seen', () => {
    expect(judged('api', { jobs: [api], allocations: missing })).toBe(
      'waiting: waits for db, which is not in Consul (40 s so far)',
    )
    expect(judged('api', { jobs: [api], allocations: missing, consul: { cause: 'away' } })).toBe(
      'waiting: waits for db (40 s so far)',
    )
  })

  it.each([
    [
      'Missing: nomad.var.block(nomad/jobs@default.global)',
      'waits for the variable nomad/jobs, which Nomad does not have',
    ],
    ['Missing: vault.read(a/b)', 'waits for vault.read(a/b)'],
    [
      'Missing: kv.block(drover/waits-for/a@dc1), kv.block(drover/waits-for/b), kv.block(drover/waits-for/c), and 2 more',
      'waits for a, which is not in Consul (40 s so far); waits for b, which is not in Consul (40 s so far); ' +
        'waits for c, which is not in Consul (40 s so far); waits for 2 more',
    ],
  ])('reads %j', (words, expected) => {
    expect(judged('api', { jobs: [api], allocations: waiting(words) })).toBe(`waiting: ${expected}`)
  })

  it('is degraded while another of it serves', () => {
    const one = anAllocation('api')
    const allocations = [one, missing[0] ?? pending('api')]
    expect(judged('api', { jobs: [api], allocations, services: [serviceOf(one)] })).toMatch(
      /^degraded: waits for db/,
    )
  })
})

describe('a worker group', () => {
  const told = (status: 'passing' | 'warning' | 'critical', output: string) =>
    groupOf('mailer', aCheck(status, { output }))
  const none = { jobs: [aJob('mailer', { count: 0 })] }
  const two = {
    jobs: [aJob('mailer', { count: 2 })],
    allocations: [anAllocation('mailer'), anAllocation('mailer')],
  }
  const cases: readonly [what: string, readings: Readings, expected: string][] = [
    [
      'of none, nothing waits',
      { ...none, services: [told('passing', 'nothing waiting, no workers')] },
      'idle: nothing waiting, no workers',
    ],
    ['of none, work waits', { ...none, services: [told('critical', '7 waiting')] }, 'down: 7 waiting'],
    ['of none, nobody tells', none, 'unknown: its queues are not known: no scaler has told of them'],
    [
      'of none, registered only',
      { ...none, services: [told('critical', '')] },
      'unknown: its queues are not known: no scaler has told of them',
    ],
    [
      'of none, the scaler is gone',
      { ...none, services: [told('critical', 'TTL expired (last output: nothing waiting)')] },
      'unknown: its queues are not known: the scaler does not tell any more',
    ],
    [
      'of none, Consul is away',
      { ...none, consul: { cause: 'away' } },
      'unknown: its queues are not known: Consul cannot be asked',
    ],
    [
      'removed from Nomad while idle',
      { services: [told('passing', 'nothing waiting')] },
      'idle: nothing waiting',
    ],
    ['not in Nomad', {}, 'down: not registered in Nomad'],
    [
      'that works',
      { ...two, services: [told('passing', '2 of 2 workers busy')] },
      'healthy: 2 of 2 workers busy',
    ],
    [
      'that is late',
      { ...two, services: [told('warning', 'at its maximum of 2')] },
      'degraded: at its maximum of 2',
    ],
    ['that works, nobody tells', two, 'healthy: its queues are not known: no scaler has told of them'],
    [
      'of which one has left',
      {
        jobs: two.jobs,
        allocations: [anAllocation('mailer'), anAllocation('mailer', { clientStatus: 'complete' })],
        services: [told('passing', 'well')],
      },
      'healthy: well',
    ],
    [
      'of which one left long ago',
      {
        jobs: two.jobs,
        allocations: [
          anAllocation('mailer'),
          anAllocation('mailer', { clientStatus: 'complete', jobVersion: 2 }),
        ],
        services: [told('passing', 'well')],
      },
      'starting',
    ],
    [
      'that cannot start',
      { jobs: two.jobs, allocations: [pending('mailer', { trouble: 'Driver Failure' })] },
      'down: Driver Failure',
    ],
  ]
  it.each(cases)('%s', (_, readings, expected) => {
    expect(judged('mailer', readings)).toBe(expected)
  })
})

describe('what runs to its end', () => {
  const ended = (job: string, clientStatus: 'complete' | 'failed', more = {}) =>
    anAllocation(job, {
      clientStatus,
      task: { state: 'dead', restarts: 0, startedAt: ago(90) },
      changedAt: ago(60),
      ...more,
    })
  const batch: readonly [what: string, readings: Readings, expected: string][] = [
    ['not in Nomad', {}, 'idle: not in Nomad: not registered, or over and removed since'],
    [
      'over',
      { jobs: [aJob('tidy')], allocations: [ended('tidy', 'complete')] },
      'healthy: last run ended well 60 s ago',
    ],
    [
      'failed',
      { jobs: [aJob('tidy')], allocations: [ended('tidy', 'failed', { trouble: 'Exit Code: 1' })] },
      'down: last run failed 60 s ago: Exit Code: 1',
    ],
    [
      'tried again',
      { jobs: [aJob('tidy')], allocations: [ended('tidy', 'failed', { isReplaced: true }), pending('tidy')] },
      'starting',
    ],
    [
      'under way',
      {
        jobs: [aJob('tidy')],
        allocations: [anAllocation('tidy', { task: { state: 'running', restarts: 0, startedAt: ago(7) } })],
      },
      'healthy: runs since 7 s',
    ],
    ['not placed', { jobs: [aJob('tidy')] }, 'starting: Nomad has not placed it yet'],
    ['without a place', { jobs: [aJob('tidy')], unplaced: { tidy: 'no memory' } }, 'down: no memory'],
  ]
  it.each(batch)('batch: %s', (_, readings, expected) => {
    expect(judged('tidy', readings)).toBe(expected)
  })

  const run = (at: number) => aJob(`nightly/periodic-${at}`, { parent: 'nightly', submittedAt: at })
  it.each<[string, Readings, string]>([
    ['not in Nomad', {}, 'down: not registered in Nomad'],
    ['never run', { jobs: [aJob('nightly')] }, 'idle: Nomad has no run of it'],
    [
      'the last of two ended well',
      {
        jobs: [aJob('nightly'), run(2), run(1)],
        allocations: [ended('nightly/periodic-2', 'complete'), ended('nightly/periodic-1', 'failed')],
      },
      'healthy: last run ended well 60 s ago',
    ],
    [
      'the last of two failed',
      {
        jobs: [aJob('nightly'), run(1), run(2)],
        allocations: [ended('nightly/periodic-1', 'complete'), ended('nightly/periodic-2', 'failed')],
      },
      'degraded: last run failed 60 s ago',
    ],
  ])('periodic: %s', (_, readings, expected) => {
    expect(judged('nightly', readings)).toBe(expected)
  })
})

describe('the rest', () => {
  const external = (...checks: ReturnType<typeof aCheck>[]): Readings => ({
    services: [
      {
        id: 'x',
        node: 'one',
        name: 'model-api',
        kind: 'external',
        isProxy: false,
        endpoint: 'models.example.com:443',
        checks,
      },
    ],
  })
  const scaler = (id: string, ...checks: ReturnType<typeof aCheck>[]) =>
    ({
      id,
      node: 'one',
      name: 'drover-scaler',
      kind: 'scaler',
      isProxy: false,
      endpoint: '10.0.0.9:8700',
      checks,
    }) as const
  const leads = aCheck('passing', { id: 'drover:shop:scaler:a:state', output: 'leading' })
  it.each<[string, string, Readings, string]>([
    ['external', 'model_api', external(aCheck()), 'healthy'],
    [
      'external by its name in Consul',
      'model-api',
      external(aCheck('critical')),
      'down: check http failing: says so',
    ],
    ['external', 'model_api', {}, 'unknown: not in Consul: drover consul sync registers it'],
    ['external', 'model_api', { consul: { cause: 'away' } }, 'unknown: Consul cannot be asked'],
    ['scaler', 'drover-scaler', { services: [scaler('a', aCheck(), leads)] }, 'healthy: leading'],
    [
      'scaler',
      'drover-scaler',
      { services: [scaler('a', leads), scaler('b', aCheck('critical'))] },
      'degraded: check http failing: says so',
    ],
    [
      'scaler',
      'drover-scaler',
      { services: [scaler('a', aCheck('critical', { name: 'state', output: 'TTL expired' }))] },
      'down: check state failing: TTL expired',
    ],
    ['scaler', 'drover-scaler', {}, 'unknown: no scaler has registered itself in Consul'],
    ['system, nowhere', 'agent', { jobs: [aJob('agent')] }, 'down: no node takes it'],
    [
      'system',
      'agent',
      { jobs: [aJob('agent')], allocations: [anAllocation('agent'), anAllocation('agent')] },
      'healthy',
    ],
  ])('%s %s', (_, name, readings, expected) => {
    expect(judged(name, readings)).toBe(expected)
  })

  it('does not take what passes for healthy when Nomad is away, and tells what fails', () => {
    const nomad = { cause: 'away' }
    const one = anAllocation('api')
    const other = serviceOf(anAllocation('api'), [aCheck('critical')])
    expect(judged('api', { nomad, services: [serviceOf(one)] })).toBe(
      'unknown: Nomad cannot be asked; its checks pass',
    )
    expect(judged('api', { nomad, services: [serviceOf(one), other] })).toBe(
      'degraded: check http failing: says so',
    )
    expect(judged('api', { nomad, services: [other] })).toBe('down: check http failing: says so')
    expect(judged('plain', { nomad })).toBe('unknown: Nomad cannot be asked')
    expect(report([], { nomad }).unseen).toEqual([{ source: 'Nomad', cause: 'away' }])
  })

  it('does not call anything healthy whose checks it cannot see', () => {
    const readings = {
      jobs: [aJob('api'), aJob('plain')],
      allocations: [anAllocation('api'), anAllocation('plain')],
    }
    const consul = { cause: 'away' }
    expect(judged('api', { ...readings, consul })).toBe('unknown: Consul cannot be asked for its checks')
    expect(judged('plain', { ...readings, consul })).toBe('healthy')
    expect(isHealthy(report(['plain'], { ...readings, consul }))).toBe(false)
    expect(isHealthy(report(['plain'], readings))).toBe(true)
  })

  it('has a line for everything, and says why wherever something is wrong', () => {
    const status = fc.constantFrom('passing', 'warning', 'critical' as const)
    const allocation = fc
      .record({
        job: fc.constantFrom('api', 'db', 'plain', 'mailer', 'tidy', 'agent'),
        clientStatus: fc.constantFrom('pending', 'running', 'complete', 'failed', 'lost', 'unknown' as const),
        isHealthy: fc.constantFrom(true, false),
        jobVersion: fc.constantFrom(2, 3),
      })
      .map(({ job, ...more }) => anAllocation(job, more))
    const seen = fc.record({
      jobs: fc.uniqueArray(
        fc.constantFrom<string[]>('api', 'db', 'plain', 'mailer', 'tidy', 'agent', 'nightly'),
        {
          maxLength: 7,
        },
      ),
      parts: fc.array(fc.tuple(allocation, status), { maxLength: 12 }),
      group: fc.option(status),
      count: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(seen, ({ jobs, parts, group, count }) => {
        const found = report([], {
          jobs: jobs.map((id) => aJob(id, { count })),
          allocations: parts.map(([one]) => one),
          services: [
            ...parts.map(([one, status]) => serviceOf(one, [aCheck(status)])),
            ...(group === null ? [] : [groupOf('mailer', aCheck(group))]),
          ],
        })
        expect(found.lines.map(({ name }) => name)).toEqual([
          ...['api', 'db', 'plain', 'mailer', 'tidy', 'nightly', 'agent', 'model_api', 'drover-scaler'],
        ])
        for (const { name, state, why, kind } of found.lines) {
          if (state !== 'healthy' && state !== 'idle' && state !== 'starting')
            expect([name, why]).not.toEqual([name, undefined])
          if (kind === 'service' && isLineHealthy({ state })) {
            const live = parts.filter(([one]) => one.job === name && one.clientStatus === 'running')
            expect([name, jobs.includes(name), live.length > 0]).toEqual([name, true, true])
          }
        }
        expect(isHealthy(found)).toBe(found.lines.every(isLineHealthy))
      }),
    )
  })
})
