import { afterEach, describe, expect, it } from 'vitest'
import { HEAVY, inputsOf, MAILER, NOW, reportOf, scaleOf } from '../fake-scaler.ts'
import { type AServer, aServer } from './a-server.ts'

let server: AServer = aServer()
afterEach(async () => {
  await server.app.close()
  server = aServer()
})
const get = async (url: string) => {
  const answer = await server.app.inject({ url })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
}
const decide = (at = NOW, isNews = true, waiting = 4) =>
  server.scaler.emit(
    {
      kind: 'decision',
      group: HEAVY,
      decision: scaleOf(HEAVY, at),
      isNews,
      inputs: inputsOf(HEAVY, waiting),
    },
    isNews ? 'worker_heavy: 1 -> 4' : '',
    at,
  )

describe('groups', () => {
  it('are listed as they stand', async () => {
    const { status, body, headers } = await get('/v1/groups')
    expect(status).toBe(200)
    expect(body).toEqual({ groups: [reportOf(HEAVY), reportOf(MAILER)] })
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  it.each(['worker_heavy', 'default%2Fworker_heavy%2Fworker_heavy', 'worker_heavy%2Fworker_heavy'])(
    'are found as %s',
    async (name) => {
      expect((await get(`/v1/groups/${name}`)).body.group).toEqual(reportOf(HEAVY))
    },
  )

  it('come with their last decisions and what these were made from, newest first', async () => {
    for (let minute = 0; minute < 12; minute++) decide(NOW - minute * 60_000)
    server.scaler.emit({ kind: 'observed', group: HEAVY, what: 'x' })
    const all = (await get('/v1/groups/worker_heavy')).body
    expect(all.decisions).toHaveLength(10)
    const two = (await get('/v1/groups/worker_heavy?decisions=2')).body
    expect(two.decisions).toMatchObject([{ kind: 'decision', inputs: inputsOf(HEAVY) }, { kind: 'decision' }])
    expect((await get('/v1/groups/worker_heavy?decisions=0')).body.decisions).toEqual([])
    expect((await get('/v1/groups/staging%2Fshop%2Fmailer')).body.decisions).toEqual([])
  })

  it('finds decisions among many other events, and each once', async () => {
    decide(NOW - 5000)
    decide(NOW - 4000)
    for (let i = 0; i < 450; i++)
      server.scaler.emit({ kind: 'observed', group: HEAVY, what: 'x' }, 'x', NOW - 3000)
    decide(NOW - 2000)
    for (let i = 0; i < 450; i++)
      server.scaler.emit({ kind: 'observed', group: HEAVY, what: 'x' }, 'x', NOW - 1000 + i)
    const { decisions } = (await get('/v1/groups/worker_heavy')).body
    // A page full of one millisecond ends the search: better than to read for ever.
    expect(decisions.map(({ at }: { at: number }) => at - NOW)).toContain(-2000)
    expect(new Set(decisions.map(({ id }: { id: number }) => id)).size).toBe(decisions.length)
  })
})

describe('why', () => {
  it('explains the decision in force, though it is no news', async () => {
    decide(NOW - 60_000)
    decide(NOW - 1000, false, 7)
    server.scaler.setGroup(reportOf(HEAVY, { decidedSince: NOW - 60_000 }))
    const { status, body } = await get('/v1/groups/worker_heavy/why')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      name: 'worker_heavy',
      at: NOW,
      decidedAt: NOW - 1000,
      since: NOW - 60_000,
      inputs: { samples: { heavy: { sample: { waiting: 7 } } } },
      decision: { kind: 'scale', to: 4 },
    })
    expect(body.explained).toMatch(/^1 -> 4: /)
    expect(body.steps).toHaveLength(3)
    expect(body.steps[1]).toContain('backlog wants 5')
  })

  it.each([
    ['2026-05-01T11:55:00Z', -600_000],
    [String(NOW - 300_000), -600_000],
    ['2026-05-01T11:59:59.000Z', -60_000],
    ['2026-05-01T13:59:00+02:00', -60_000],
  ])('explains what was in force at %s, and what came of it', async (at, decidedAgo) => {
    for (const ago of [600_000, 60_000]) {
      const event = decide(NOW - ago)
      if (event.kind !== 'decision') throw new Error('no decision')
      const { decision } = event
      const answer = { ok: true, attempts: 1 } as const
      server.scaler.emit(
        { kind: 'action', group: HEAVY, decision, answer, tookMs: 9 },
        `took ${ago}`,
        NOW - ago + 9,
      )
    }
    const { body } = await get(`/v1/groups/worker_heavy/why?at=${encodeURIComponent(at)}`)
    expect(body.decidedAt - NOW).toBe(decidedAgo)
    expect(body.action.message).toBe(`took ${-decidedAgo}`)
  })

  it.each([
    [
      'before anything is kept',
      '/v1/groups/worker_heavy/why?at=1000',
      /no decision about worker_heavy is kept/,
    ],
    [
      'before anything is decided',
      '/v1/groups/worker_heavy/why',
      /nothing has been decided about worker_heavy/,
    ],
  ])('says so %s', async (_, url, message) => {
    const { status, body } = await get(url)
    expect(status).toBe(404)
    expect(body.error.message).toMatch(message)
  })
})

it('queues: what each held when it was last decided on, and who takes from it', async () => {
  expect((await get('/v1/queues')).body.queues).toEqual([
    { queue: 'heavy', groups: ['worker_heavy', 'staging/shop/mailer'] },
  ])
  decide(NOW - 2000, false, 9)
  decide(NOW - 1000, false, 3)
  const { queues } = (await get('/v1/queues')).body
  expect(queues).toMatchObject([{ queue: 'heavy', reading: { ok: true, sample: { waiting: 3 } } }])
})

it('workers: all of them, with their groups', async () => {
  const { workers } = (await get('/v1/workers')).body
  expect(workers.map(({ group, state }: { group: string; state: string }) => [group, state])).toEqual([
    ['worker_heavy', 'busy'],
    ['staging/shop/mailer', 'busy'],
  ])
})

it('workers: what each runs, where that is known', async () => {
  const tasks = [{ queue: 'heavy', name: 'send', id: '1', since: NOW }]
  const worker = { worker: 'w1', busy: 1, tasks, seenAt: NOW }
  server.scaler.setGroup(reportOf(HEAVY, { workers: [{ state: 'busy', worker }] }))
  const { workers } = (await get('/v1/workers')).body
  expect(workers[0]).toEqual({ group: 'worker_heavy', state: 'busy', worker })
})

describe('health', () => {
  it('is ready', async () => {
    expect(await get('/health/ready')).toMatchObject({ status: 200, body: { ready: true, problems: [] } })
    expect(await get('/health/live')).toMatchObject({ status: 200, body: { live: true, version: '1.2.3' } })
  })

  it('is not, and says why; alive it is', async () => {
    server.scaler.setHealth({ ready: false, problems: ['worker_heavy has not been evaluated for 4 s'] })
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { ready: false, problems: ['worker_heavy has not been evaluated for 4 s'] },
    })
    expect((await get('/health/live')).status).toBe(200)
  })
})

describe('history', () => {
  it('tells newest first, without inputs, within times and of a group', async () => {
    decide(NOW - 3000)
    server.scaler.emit({ kind: 'leader', isLeader: true }, 'leads', NOW - 2000)
    server.scaler.emit({ kind: 'observed', group: MAILER, what: 'x' }, 'seen', NOW - 1000)
    const messages = async (query: string) =>
      (await get(`/v1/history?${query}`)).body.events.map(({ message }: { message: string }) => message)
    expect(await messages('')).toEqual(['seen', 'leads', 'worker_heavy: 1 -> 4'])
    expect(await messages('limit=1')).toEqual(['seen'])
    expect(await messages(`after=${NOW - 2001}&before=2026-05-01T11:59:59Z`)).toEqual(['leads'])
    expect(await messages('group=worker_heavy')).toEqual(['worker_heavy: 1 -> 4'])
    const { events, cursor } = (await get('/v1/history')).body
    expect(events[2]).not.toHaveProperty('inputs')
    expect(cursor).toBe(`${NOW - 60_000}-3`)
  })
})

it('the root and the metrics answer', async () => {
  expect((await get('/')).body.links).toContain('/openapi.json')
  const metrics = await server.app.inject('/metrics')
  expect(metrics.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(metrics.body).toContain(
    'drover_group_desired_count{namespace="staging",job="shop",group="mailer"} 1',
  )
})
