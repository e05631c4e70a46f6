import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { History, SeriesPoint } from '../../../scaler/reports.ts'
import type { ServerDeps } from '../../../scaler/server/deps.ts'
import { createSpending } from '../../../scaler/server/spent.ts'
import { thinSeries } from '../../../scaler/server/thin-series.ts'
import { loadStack } from '../../../src/adapters/stack-file.ts'
import type { HealthLine } from '../../../src/core/health/report.ts'
import { fakeHistory, HEAVY, MAILER, NOW, reportOf } from '../fake-scaler.ts'
import { type AServer, aServer } from './a-server.ts'

const MINUTE_MS = 60_000
const point = (minutesAgo: number, more: Partial<SeriesPoint> = {}): SeriesPoint => ({
  at: NOW - minutesAgo * MINUTE_MS,
  desired: 2,
  live: 2,
  busy: 1,
  ...more,
})
const asked: [string, number, number][] = []
const historyOf = (points: readonly SeriesPoint[]): History => ({
  ...fakeHistory(),
  series(group, from, to) {
    asked.push([group, from, to])
    return group.includes('heavy') ? points.filter(({ at }) => at >= from && at <= to) : []
  },
})

let server: AServer | undefined
afterEach(async () => {
  await server?.app.close()
  asked.length = 0
})
const get = async (url: string, changes: Partial<ServerDeps>, reports?: Parameters<typeof aServer>[1]) => {
  server = aServer(changes, reports)
  const answer = await server.app.inject(url)
  return { status: answer.statusCode, body: answer.json() }
}

describe('the series of a group', () => {
  it('is of the last hour unless another time is asked for', async () => {
    const history = historyOf([point(90), point(2, { waiting: 5 }), point(1)])
    const { body } = await get('/v1/groups/worker_heavy/series', { history })
    expect(body).toEqual({
      name: 'worker_heavy',
      from: NOW - 60 * MINUTE_MS,
      to: NOW,
      stepMs: MINUTE_MS,
      points: [point(2, { waiting: 5 }), point(1)],
    })
    const later = await get(
      `/v1/groups/worker_heavy/series?from=${NOW - 120 * MINUTE_MS}&to=${NOW - 60 * MINUTE_MS}`,
      {
        history,
      },
    )
    expect(later.body.points).toEqual([point(90)])
    expect(asked.at(-1)).toEqual([
      'default/worker_heavy/worker_heavy',
      NOW - 120 * MINUTE_MS,
      NOW - 60 * MINUTE_MS,
    ])
  })

  it.each([
    ['/v1/groups/nobody/series', 404],
    ['/v1/groups/worker_heavy/series?step=0', 400],
    ['/v1/groups/worker_heavy/series?step=1441', 400],
    ['/v1/groups/worker_heavy/series?from=yesterday', 400],
    ['/v1/groups/worker_heavy/series?until=1', 400],
  ])('%s is %i', async (url, status) => {
    expect((await get(url, {})).status).toBe(status)
  })

  it('keeps peaks and what was spent when it is thinned', () => {
    const points = [
      point(14, { waiting: 3, costPerHour: 1 }),
      point(13, { waiting: 90, desired: 4, costPerHour: 2 }),
      point(12),
      point(4, { oldestAgeMs: 7 }),
    ]
    expect(thinSeries(points, 5 * MINUTE_MS)).toEqual([
      point(15, { waiting: 90, desired: 4, costPerHour: 1.5 }),
      point(5, { oldestAgeMs: 7 }),
    ])
    expect(thinSeries([], MINUTE_MS)).toEqual([])
  })
})

it('sparklines: a column a minute of every group, null for what is not known', async () => {
  const history = historyOf([point(59, { waiting: 1 }), point(1, { waiting: 8 }), point(0)])
  const { body } = await get('/v1/series', { history })
  expect(body.from).toBe(NOW - 59 * MINUTE_MS)
  const [heavy, mailer] = body.groups
  expect(heavy.name).toBe('worker_heavy')
  expect([heavy.waiting[0], heavy.waiting[1], heavy.waiting[58], heavy.waiting[59]]).toEqual([
    1,
    null,
    8,
    null,
  ])
  expect(heavy.desired[59]).toBe(2)
  expect(mailer.desired).toEqual(new Array(60).fill(null))
})

describe('the platform', () => {
  const { stack } = loadStack({ file: join(import.meta.dirname, '../../../stack.yml') })
  const history = historyOf([point(60, { costPerHour: 6 }), point(1, { costPerHour: 3 })])
  const groups = [reportOf(HEAVY, { costPerHour: 0.4 }), reportOf(MAILER)]

  it('is told without a stack and without health', async () => {
    const { body } = await get('/v1/platform', { history }, groups)
    expect(body).toEqual({
      jobs: [],
      edges: [],
      cost: {
        since: NOW - 24 * 60 * MINUTE_MS,
        groups: [
          { name: 'worker_heavy', perHour: 0.4, spent: 0.15, recordedMs: 2 * MINUTE_MS },
          { name: 'staging/shop/mailer', spent: 0, recordedMs: 0 },
        ],
        perHour: 0.4,
        spent: 0.15,
      },
    })
  })

  it('says what the parts need, how they are, and what all the others cost', async () => {
    const check = { id: 'x', name: 'http', output: 'a secret perhaps', service: 'api' }
    const line: HealthLine = {
      name: 'api',
      kind: 'service',
      state: 'degraded',
      why: 'check "http" fails',
      desired: 1,
      running: 1,
      endpoints: ['10.0.0.1:80'],
      checks: [
        { ...check, status: 'critical' },
        { ...check, status: 'passing' },
      ],
      waitsFor: [],
    }
    const unseen = [{ source: 'Consul', cause: 'refused' }] as const
    const health = async () => ({ at: NOW, lines: [line], unseen })
    const since = NOW - 30 * MINUTE_MS
    const { body } = await get(`/v1/platform?since=${since}`, { history, stack: () => stack, health }, groups)
    expect(body.stack).toBe('e2i')
    expect(body.jobs).toContainEqual({ name: 'worker_heavy', kind: 'worker' })
    expect(body.edges).toContainEqual({ from: 'frontend', to: 'api', why: 'healthy', waits: true })
    expect(body.health).toEqual({
      at: NOW,
      lines: [
        {
          name: 'api',
          kind: 'service',
          state: 'degraded',
          why: 'check "http" fails',
          desired: 1,
          running: 1,
          checks: { passing: 1, all: 2 },
        },
      ],
      unseen,
    })
    expect(body.cost).toMatchObject({ currency: 'USD', spent: 0.05, others: { perHour: expect.any(Number) } })
    expect(body.cost.others.perHour).toBeGreaterThan(0)
  })

  it('reads what was spent once a minute, however many ask', () => {
    const spending = createSpending(history)
    spending(groups, 0, NOW)
    spending(groups, 0, NOW + 1000)
    expect(asked).toHaveLength(2)
    spending(groups, 0, NOW + MINUTE_MS)
    spending(groups, 1, NOW + MINUTE_MS)
    expect(asked).toHaveLength(6)
  })
})
