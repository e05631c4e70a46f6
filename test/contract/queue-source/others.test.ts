import { createServer, type Server } from 'node:http'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  causeOf,
  isChangeOf,
  isReady,
  listen,
  openSource,
  readOne,
  sampleOf,
  sleep,
} from '../../helpers/queue-source.ts'
import { freePort, hasRedisServer, type RedisServer, startRedisServer } from '../../helpers/redis-server.ts'

describe.skipIf(!hasRedisServer)('lists and streams', () => {
  let server: RedisServer
  let redis: Redis

  beforeAll(async () => {
    server = await startRedisServer()
    redis = new Redis(server.url)
  })
  beforeEach(() => redis.flushall())
  afterAll(async () => {
    redis.disconnect()
    await server.close()
  })

  it('takes the length of a list for what waits, and knows no more', async () => {
    const source = openSource('redis-list', server.url, { keyPrefix: 'jobs:' })
    await redis.rpush('jobs:a', '1', '2')
    const sample = await readOne(source, 'a')
    expect(sample).toEqual({ queue: 'a', at: sample.at, waiting: 2, needsWakeAt: sample.at })
    expect(await readOne(source, 'b')).toMatchObject({ waiting: 0 })
    await source.close()
  })

  it.each([
    ['redis-list', {}, 'RPUSH'],
    ['redis-stream', { group: 'g' }, 'XADD'],
  ] as const)(
    '%s tells of a change, of many queues and of a flushed database',
    async (name, options, command) => {
      const source = openSource(name, server.url, { ...options, keyPrefix: 'jobs:' })
      const told = listen(
        source,
        Array.from({ length: 100 }, (_, index) => `q${index}`),
      )
      await told.next(isReady)
      const change = told.next(isChangeOf('q77'))
      if (command === 'RPUSH') await redis.rpush('jobs:q77', '1')
      else await redis.xadd('jobs:q77', '*', 'f', '1')
      await redis.rpush('jobs:q770', '1')
      await change
      const missed = told.next(({ kind }) => kind === 'missed')
      await redis.flushall()
      await missed
      await sleep(50)
      expect(told.events.filter(({ kind }) => kind === 'changed')).toEqual([
        { kind: 'changed', queues: ['q77'] },
      ])
      await source.close()
    },
  )

  it('knows lag, pending and consumers of a group', async () => {
    const source = openSource('redis-stream', server.url, { group: 'g' })
    for (let index = 0; index < 5; index++) await redis.xadd('s', '*', 'f', '1')
    expect(await readOne(source, 's')).toMatchObject({ waiting: 5, active: 0 })
    await redis.xgroup('CREATE', 's', 'g', '0')
    await redis.xreadgroup('GROUP', 'g', 'one', 'COUNT', 2, 'STREAMS', 's', '>')
    await sleep(30)
    const reading = await source.sweep(['s'])
    expect(sampleOf(reading, 's')).toMatchObject({ waiting: 3, active: 2 })
    expect(sampleOf(reading, 's').oldestAgeMs).toBeGreaterThanOrEqual(30)
    expect(reading.workers).toMatchObject({ ok: true, workers: [{ worker: 'one', busy: 2, queues: ['s'] }] })
    await redis.xreadgroup('GROUP', 'g', 'one', 'STREAMS', 's', '>')
    expect(await readOne(source, 's')).toMatchObject({ waiting: 0, active: 5 })
    await source.close()
  })

  it('does not guess the lag of a stream from which entries were deleted', async () => {
    const source = openSource('redis-stream', server.url, { group: 'g' })
    const ids: string[] = []
    for (let index = 0; index < 4; index++) ids.push(String(await redis.xadd('s', '*', 'f', '1')))
    await redis.xgroup('CREATE', 's', 'g', ids[0] ?? '')
    await redis.xdel('s', ids[2] ?? '')
    expect(causeOf(await source.sweep(['s']), 's')?.code).toBe('no-data')
    await source.close()
  })
})

describe('prometheus', () => {
  let http: Server
  let url = ''
  const asked: string[] = []
  const answers: Record<string, unknown> = {
    one: { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '7'] }] } },
    scalar: { status: 'success', data: { resultType: 'scalar', result: [1, '3'] } },
    none: { status: 'success', data: { resultType: 'vector', result: [] } },
    two: {
      status: 'success',
      data: { resultType: 'vector', result: [{ value: [1, '1'] }, { value: [1, '2'] }] },
    },
    nan: { status: 'success', data: { resultType: 'scalar', result: [1, 'NaN'] } },
    wrong: { status: 'error', errorType: 'bad_data', error: 'parse error' },
    html: '<html>',
  }

  beforeAll(async () => {
    http = createServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? ''
      asked.push(`${request.headers.authorization} ${request.url}`)
      if (query === 'slow') return
      if (query === 'secret' && request.headers.authorization !== 'Bearer t0ken') response.statusCode = 401
      response.end(JSON.stringify(answers[query === 'secret' ? 'one' : query]))
    })
    const port = await freePort()
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${port}`
  })
  afterAll(() => {
    http.closeAllConnections()
    http.close()
  })
  const open = (query: string, more: object = {}, env: Record<string, string> = {}) =>
    openSource(
      'prometheus',
      undefined,
      { url, timeoutMs: 300, queues: { q: { waiting: query, ...more } } },
      env,
    )

  it('takes the one number of each query', async () => {
    const source = open('one', { active: 'scalar', oldestAgeSeconds: 'one' })
    expect(await readOne(source, 'q')).toMatchObject({ waiting: 7, active: 3, oldestAgeMs: 7000 })
    expect(asked.at(-1)).toContain('/api/v1/query?query=')
    expect(source.state().polls.status).toBe('ready')
    await source.close()
  })

  it.each([
    ['none', 'no-data'],
    ['two', 'no-data'],
    ['nan', 'no-data'],
    ['wrong', 'rejected'],
    ['html', 'rejected'],
    ['slow', 'timeout'],
    ['secret', 'auth'],
  ])('does not know it from the answer %s: %s', async (query, code) => {
    for (const source of [open(query), open('one', { active: query })]) {
      expect(causeOf(await source.sweep(['q']), 'q')?.code).toBe(code)
      await source.close()
    }
  })

  it('does not know it when nobody answers, or no query is given', async () => {
    const source = openSource('prometheus', undefined, {
      url: 'http://127.0.0.1:1',
      queues: { q: { waiting: 'one' } },
    })
    const reading = await source.sweep(['q', 'r'])
    expect(causeOf(reading, 'q')?.code).toBe('unreachable')
    expect(causeOf(reading, 'r')?.code).toBe('no-data')
    expect(source.state().polls.status).toBe('lost')
    await source.close()
  })

  it('takes a token from the environment', async () => {
    const options = { url, tokenVariable: 'TOKEN', queues: { q: { waiting: 'secret' } } }
    const source = openSource('prometheus', undefined, options, { TOKEN: 't0ken' })
    expect(await readOne(source, 'q')).toMatchObject({ waiting: 7 })
    await source.close()
    expect(() => openSource('prometheus', undefined, options)).toThrow(/TOKEN is not set/)
  })
})
