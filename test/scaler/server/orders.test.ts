import { afterEach, describe, expect, it } from 'vitest'
import { DroverError } from '../../../src/errors.ts'
import { NOW } from '../fake-scaler.ts'
import { type AServer, aServer, TOKEN } from './a-server.ts'

let server: AServer = aServer()
afterEach(async () => {
  await server.app.close()
  server = aServer()
})

const post = async (
  what: string,
  payload?: unknown,
  headers: Record<string, string> = {},
  name = 'worker_heavy',
) => {
  const answer = await server.app.inject({
    method: 'POST',
    url: `/v1/groups/${name}/${what}`,
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    ...(payload === undefined ? {} : { payload: payload as object }),
  })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
}

describe('orders reach the scaler', () => {
  it.each<[what: string, body: object | undefined, order: unknown[]]>([
    ['pause', undefined, ['pause', 'worker_heavy', { by: 'api' }]],
    ['pause', {}, ['pause', 'worker_heavy', { by: 'api' }]],
    [
      'pause',
      { for: '30m', by: 'anna', reason: 'slow database' },
      ['pause', 'worker_heavy', { by: 'anna', reason: 'slow database', untilMs: NOW + 1_800_000 }],
    ],
    ['resume', undefined, ['resume', 'worker_heavy', { by: 'api' }]],
    ['bounds', { min: 1, max: 8 }, ['bounds', 'worker_heavy', { min: 1, max: 8 }, { by: 'api' }]],
    ['bounds', { max: 0 }, ['bounds', 'worker_heavy', { max: 0 }, { by: 'api' }]],
    ['bounds', { clear: true }, ['bounds', 'worker_heavy', undefined, { by: 'api' }]],
    ['scale', { count: 3 }, ['scale', 'worker_heavy', 3, { by: 'api' }]],
    ['retire', { allocation: '5f1c02aa' }, ['retire', 'worker_heavy', '5f1c02aa', { by: 'api' }]],
  ])('%s %j', async (what, body, order) => {
    const { status, body: answer } = await post(what, body)
    expect(status).toBe(200)
    expect(answer.group.name).toBe('worker_heavy')
    expect(server.scaler.orders).toEqual([order])
  })

  it('by any name of the group', async () => {
    expect((await post('pause', {}, {}, 'worker_heavy%2Fworker_heavy')).status).toBe(200)
    expect(server.scaler.orders).toEqual([['pause', 'worker_heavy', { by: 'api' }]])
  })
})

describe('bad bodies', () => {
  it.each<[what: string, body: unknown, message: RegExp]>([
    ['pause', { for: 'soon' }, /^for: must be a duration/],
    ['pause', { for: 30 }, /^for: needs a unit/],
    ['pause', { for: '0s' }, /^for: must be longer than nothing/],
    ['pause', { for: '999999999d' }, /^for: must not be longer than 292 years/],
    ['pause', { reson: 'x' }, /^reson: unknown key "reson" \(did you mean "reason"\?\)/],
    ['pause', { by: 'a\nb' }, /^by: must be one line/],
    ['pause', { reason: 'x'.repeat(501) }, /^reason: must have at most 500 characters/],
    ['pause', [], /expected a map, got a list/],
    ['bounds', {}, /needs min, max or both, or else clear: true/],
    ['bounds', { min: 5, max: 4 }, /min must not be above max/],
    ['bounds', { min: 1, clear: true }, /needs min, max or both, or else clear: true/],
    ['bounds', { min: -1 }, /^min: must be at least 0, got -1/],
    ['scale', {}, /^count: is required/],
    ['scale', undefined, /^count: is required/],
    ['scale', { count: -1 }, /^count: must be at least 0/],
    ['scale', { count: 1.5 }, /^count: expected a whole number/],
    ['scale', { count: '3' }, /^count: expected a (?:whole )?number, got the text "3"/],
    ['scale', { count: 1e300 }, /^the request has 2 errors/],
    ['scale', { count: 100_001 }, /^count: must be at most 100000/],
    ['scale', { count: null }, /^count: expected a (?:whole )?number, got nothing/],
    ['retire', {}, /^allocation: is required/],
    ['retire', { allocation: '../x' }, /^allocation: must be the id of an allocation/],
    ['retire', { allocation: '5f1' }, /^allocation: must be the id of an allocation/],
    ['retire', { allocation: '99999999' }, /worker_heavy has no worker 99999999/],
  ])('%s %j', async (what, body, message) => {
    const { status, body: answer } = await post(what, body)
    expect([status, answer.error.code]).toEqual([400, 'USAGE'])
    expect(answer.error.message).toMatch(message)
    expect(server.scaler.orders).toEqual([])
  })

  it('tells every problem at once', async () => {
    const { body } = await post('bounds', { min: -1, max: 'x', why: 1 })
    expect(body.error.message).toBe('the request has 3 errors')
    expect(body.error.issues).toHaveLength(3)
  })

  it.each([
    ['malformed', '{"count": 3', 'application/json', 400, /must be JSON/],
    ['empty', '', 'application/json', 400, /the body is empty/],
    ['that would poison a prototype', '{"__proto__": {"count": 3}}', 'application/json', 400, /must be JSON/],
    ['NaN', '{"count": NaN}', 'application/json', 400, /must be JSON/],
    ['a form', 'count=3', 'application/x-www-form-urlencoded', 415, /must be JSON/],
    ['text', '{"count": 3}', 'text/plain', 415, /must be JSON/],
    [
      '65 kB',
      `{"count": 3, "reason": "${'x'.repeat(65 * 1024)}"}`,
      'application/json',
      413,
      /64 kB are the most/,
    ],
  ])('%s', async (_, payload, type, status, message) => {
    const answer = await post('scale', payload, { 'content-type': type })
    expect(answer.status).toBe(status)
    expect(answer.body.error.message).toMatch(message)
    expect(server.scaler.orders).toEqual([])
  })
})

describe('the token', () => {
  it.each([
    ['none', undefined, 401],
    ['a wrong one', 'Bearer wrong', 401],
    ['a longer one', `Bearer ${TOKEN}x`, 401],
    ['the start of it', `Bearer ${TOKEN.slice(0, -1)}`, 401],
    ['an empty one', 'Bearer ', 401],
    ['another scheme', `Basic ${TOKEN}`, 401],
    ['the right one', `Bearer ${TOKEN}`, 200],
    ['in small letters', `bearer ${TOKEN}`, 200],
  ])('%s: %s', async (_, authorization, status) => {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/v1/groups/worker_heavy/pause',
      headers: authorization === undefined ? {} : { authorization },
    })
    expect(answer.statusCode).toBe(status)
    expect(server.scaler.orders).toHaveLength(status === 200 ? 1 : 0)
    expect(answer.body).not.toContain(TOKEN)
    if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer')
  })

  it.each([[''], [undefined]])(
    'is not configured (%j): orders are off, and how they are turned on',
    async (token) => {
      await server.app.close()
      server = aServer({ token: token as string })
      const answer = await post('pause', {}, { authorization: 'Bearer ' })
      expect(answer).toMatchObject({
        status: 403,
        body: { error: { code: 'REJECTED', message: 'this scaler takes no orders', hint: /token_file/ } },
      })
      expect(server.scaler.orders).toEqual([])
    },
  )

  it('is asked for before anything is said of groups or bodies', async () => {
    const answer = await post('pause', { x: 1 }, { authorization: '' }, 'nobody')
    expect(answer.status).toBe(401)
  })
})

describe('what the scaler says no with', () => {
  it('another daemon leads', async () => {
    server.scaler.answer = new DroverError('UNAVAILABLE', 'this daemon does not lead; node-2 does')
    expect(await post('pause', {})).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: { error: { code: 'UNAVAILABLE', message: 'this daemon does not lead; node-2 does' } },
    })
  })

  it.each([
    ['forbidden', 502, 'REJECTED'],
    ['out-of-bounds', 502, 'REJECTED'],
    ['timeout', 503, 'UNAVAILABLE'],
    ['deployment-active', 503, 'UNAVAILABLE'],
  ] as const)('%s', async (refusal, status, code) => {
    server.scaler.answer = { ok: false, refusal, message: 'Permission denied', mayBeDone: true, attempts: 1 }
    const answer = await post('scale', { count: 3 })
    expect(answer.status).toBe(status)
    expect(answer.body.error).toEqual({
      code,
      message: `Nomad: Permission denied (${refusal})`,
      hint: 'It may have been done all the same: look before you ask again.',
    })
  })

  it('only said, in a dry run', async () => {
    server.scaler.answer = {
      ok: false,
      refusal: 'dry-run',
      message: 'would scale',
      mayBeDone: false,
      attempts: 0,
    }
    expect((await post('scale', { count: 3 })).body.answer).toMatchObject({ ok: false, refusal: 'dry-run' })
  })

  it('a bug: its words stay in the log', async () => {
    server.scaler.answer = new Error('secret of the heap')
    const answer = await post('pause', {})
    expect(answer.status).toBe(500)
    expect(answer.body).toEqual({
      error: { code: 'INTERNAL', message: 'a bug in Drover; its log says more' },
    })
  })
})
