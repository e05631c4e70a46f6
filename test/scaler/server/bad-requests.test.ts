import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aListeningServer, TOKEN } from './a-server.ts'

let server: Awaited<ReturnType<typeof aListeningServer>>
beforeEach(async () => {
  server = await aListeningServer()
})
afterEach(() => server.app.close())

describe('no such thing', () => {
  it.each([
    ['GET', '/v1/groups/worker_hevy', 404, /no group worker_hevy/, /Did you mean worker_heavy\?/],
    ['GET', '/v1/groups/zzz/why', 404, /no group zzz/, /There is: worker_heavy, staging\/shop\/mailer\./],
    ['GET', '/v1/events?group=zzz', 404, /no group zzz/, /There is/],
    ['GET', '/v1/history?group=zzz', 404, /no group zzz/, /There is/],
    ['GET', '/v1/group', 404, /no GET \/v1\/group/, /openapi\.json/],
    ['DELETE', '/v1/groups', 404, /no DELETE \/v1\/groups/, /openapi/],
    ['GET', '/v1/groups/worker_heavy/pause', 404, /no GET/, /openapi/],
    ['GET', '/v1/groups/..%2f..%2fetc', 404, /no group \.\.\/\.\.\/etc/, /There is/],
    ['GET', '/v1/groups/__proto__', 404, /no group __proto__/, /There is/],
    ['GET', `/v1/groups/${'x'.repeat(500)}`, 414, /too long/, undefined],
    ['GET', '/v1/groups/%E0%A4%A', 400, /not well formed/, undefined],
    ['GET', '/v1/groups/worker_heavy?decisions=x', 400, /^decisions: /, undefined],
    ['GET', '/v1/groups/worker_heavy?decisions=-1', 400, /^decisions: /, undefined],
    ['GET', '/v1/groups/worker_heavy?decisions=101', 400, /^decisions: must be at most 100/, undefined],
    ['GET', '/v1/groups/worker_heavy?decision=1', 400, /unknown key "decision" \(did you mean/, undefined],
    ['GET', '/v1/groups/worker_heavy/why?at=yesterday', 400, /^at: must be a time with its zone/, undefined],
    [
      'GET',
      '/v1/groups/worker_heavy/why?at=2026-05-01T12:00',
      400,
      /^at: must be a time with its zone/,
      undefined,
    ],
    ['GET', '/v1/groups/worker_heavy/why?at=1&at=2', 400, /^at: /, undefined],
    ['GET', '/v1/history?limit=1e3', 400, /^limit: /, undefined],
    ['GET', '/v1/history?limit=99999999999999999999', 400, /^limit: /, undefined],
    ['GET', '/v1/events?kind=decisions', 400, /^kind: must be of decision, action/, undefined],
  ])('%s %s', async (method, url, status, message, hint) => {
    const answer = await server.app.inject({ method: method as 'GET', url })
    expect(answer.statusCode).toBe(status)
    const { error } = answer.json()
    expect(error.code).toBe('USAGE')
    expect(error.message).toMatch(message)
    if (hint) expect(error.hint).toMatch(hint)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  })
})

/** Sends text as it is, then chunks for as long as they are taken; gives the answer and how much was taken. */
function raw(head: string, chunk = Buffer.alloc(0), chunks = 0): Promise<{ answer: string; sent: number }> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1')
    let answer = ''
    let sent = 0
    let left = chunks
    const send = (): void => {
      while (left > 0 && !socket.destroyed) {
        left--
        sent += chunk.length
        if (!socket.write(chunk)) return void socket.once('drain', send)
      }
    }
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve({ answer, sent }))
    socket.write(head)
    send()
  })
}

describe('over a socket', () => {
  const MB = Buffer.alloc(1024 ** 2, 'x')

  it.each([
    ['announced', `Content-Length: ${100 * 1024 ** 2}`, MB],
    ['in chunks', 'Transfer-Encoding: chunked', Buffer.from(`${(MB.length).toString(16)}\r\n${MB}\r\n`)],
  ])('100 MB, %s, are refused without being read', async (_, header, chunk) => {
    const { answer, sent } = await raw(
      `POST /v1/groups/worker_heavy/scale HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\n${header}\r\n\r\n`,
      chunk,
      100,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer.toLowerCase()).toContain('connection: close')
    // What the sockets of both sides hold has been sent before the answer came.
    expect(sent).toBeLessThan(60 * 1024 ** 2)
    expect((await server.app.inject('/health/live')).statusCode).toBe(200)
  })

  it('100 MB without a token neither', async () => {
    const { answer, sent } = await raw(
      `POST /v1/groups/worker_heavy/scale HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${100 * 1024 ** 2}\r\n\r\n`,
      MB,
      100,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
    expect(sent).toBeLessThan(60 * 1024 ** 2)
  })

  it.each([
    ['no HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400 .*not well-formed HTTP/s],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 .*16 kB are the most/s,
    ],
  ])('%s', async (_, text, expected) => {
    const { answer } = await raw(text)
    expect(answer).toMatch(expected)
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { code: 'USAGE' } })
  })

  it('a refusal keeps the connection where there is nothing left to read', async () => {
    const answer = await fetch(`${server.address}/v1/groups/nobody`)
    expect([answer.status, answer.headers.get('connection')]).toEqual([404, 'keep-alive'])
  })

  it('has limits to time, size and number', () => {
    const { requestTimeout, headersTimeout, keepAliveTimeout, timeout, maxConnections } = server.app.server
    for (const limit of [requestTimeout, headersTimeout, keepAliveTimeout, timeout])
      expect([limit > 0, limit <= 60_000]).toEqual([true, true])
    expect(maxConnections).toBeGreaterThan(100)
    expect(maxConnections).toBeLessThanOrEqual(1024)
  })
})
