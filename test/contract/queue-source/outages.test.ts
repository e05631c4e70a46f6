import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SourceName } from '../../../src/adapters/queues/index.ts'
import type { QueueSource } from '../../../src/ports.ts'
import {
  causeOf,
  isChangeOf,
  isReady,
  listen,
  openSource,
  sampleOf,
  sleep,
  until,
} from '../../helpers/queue-source.ts'
import { hasRedisServer, type RedisServer, startRedisServer } from '../../helpers/redis-server.ts'

/** How long Redis is away: a moment here, half a minute with DROVER_LONG_OUTAGE=1. */
const AWAY_MS = process.env.DROVER_LONG_OUTAGE ? 30_000 : 2500
const RECOVERY_MS = 5000

interface Kind {
  readonly name: SourceName
  readonly options: object
  /** Commands that put three waiting items into the queue. */
  readonly fill: readonly (readonly string[])[]
  /** A command after which the queue's key is of the wrong type. */
  readonly spoil: readonly string[]
  readonly key: string
}

const KINDS: readonly Kind[] = [
  {
    name: 'bullmq',
    options: { workersEveryMs: 0 },
    fill: [
      ['LPUSH', 'bull:a:wait', '1', '2', '3'],
      ['XADD', 'bull:a:events', '*', 'event', 'added'],
    ],
    spoil: ['SET', 'bull:a:wait', 'x'],
    key: 'bull:a:wait',
  },
  {
    name: 'celery',
    options: {},
    fill: [
      ['LPUSH', 'a', '{}', '{}'],
      ['LPUSH', 'a\u0006\u00163', '{}'],
    ],
    spoil: ['SET', 'a', 'x'],
    key: 'a',
  },
  {
    name: 'redis-list',
    options: {},
    fill: [['LPUSH', 'a', '1', '2', '3']],
    spoil: ['SET', 'a', 'x'],
    key: 'a',
  },
  {
    name: 'redis-stream',
    options: { group: 'g' },
    fill: [
      ['XADD', 'a', '*', 'f', '1'],
      ['XADD', 'a', '*', 'f', '2'],
      ['XADD', 'a', '*', 'f', '3'],
    ],
    spoil: ['SET', 'a', 'x'],
    key: 'a',
  },
]

describe.skipIf(!hasRedisServer).each(KINDS)('$name, when Redis fails', (kind) => {
  let server: RedisServer
  let source: QueueSource
  const cli = (...args: string[]) =>
    execFileSync('redis-cli', ['-p', String(server.port), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  const fill = () => {
    for (const command of kind.fill) cli(...command)
  }
  const sweep = () => source.sweep(['a'])
  const cause = async () => causeOf(await sweep(), 'a')
  const comesBack = () =>
    until(async () => {
      const reading = await sweep()
      return reading.queues.get('a')?.ok && sampleOf(reading, 'a').waiting
    }, RECOVERY_MS)

  beforeEach(async () => {
    server = await startRedisServer()
    fill()
    source = openSource(kind.name, server.url, kind.options)
    expect(sampleOf(await sweep(), 'a').waiting).toBe(3)
  })
  afterEach(async () => {
    await source.close()
    await server.close()
  })

  it('is unknown while Redis is away, and known soon after it is back; pushes too', {
    timeout: 60_000,
  }, async () => {
    const told = listen(source, ['a'])
    await told.next(isReady)
    const lost = told.next((event) => event.kind === 'state' && event.state.pushes.status === 'lost')
    await server.stop('save')
    expect((await lost).kind).toBe('state')
    const end = Date.now() + AWAY_MS
    while (Date.now() < end) {
      const reading = await sweep()
      expect(causeOf(reading, 'a')?.code).toBe('unreachable')
      expect(reading.workers.ok).toBe(false)
      await sleep(200)
    }
    expect(source.state().polls).toMatchObject({ status: 'lost', cause: { code: 'unreachable' } })
    const missed = told.next((event) => event.kind === 'missed', RECOVERY_MS)
    await server.start()
    expect(await comesBack()).toBe(3)
    await missed
    expect(source.state()).toMatchObject({ polls: { status: 'ready' }, pushes: { status: 'ready' } })
    await sleep(100)
    const change = told.next(isChangeOf('a'))
    fill()
    await change
    // One connection for polls and one for pushes, however often they were lost.
    const own = cli('CLIENT', 'LIST')
      .split('\n')
      .filter((line) => line.includes('name=drover:'))
    expect(own.length).toBe(2)
  })

  it('does not take an empty Redis in its place for empty queues', async () => {
    await server.stop()
    await server.start()
    const codes = new Set<string | undefined>()
    await until(async () => {
      const code = await cause()
      codes.add(code?.code)
      return code?.code === 'replaced'
    }, RECOVERY_MS)
    expect([...codes]).not.toContain(undefined)
    fill()
    expect(await comesBack()).toBe(3)
  })

  it('says that the password is wrong, without saying it', async () => {
    cli('CONFIG', 'SET', 'requirepass', 'right-one')
    const wrong = openSource(kind.name, server.url, kind.options, { DROVER_REDIS_PASSWORD: 'wrong-one' })
    const none = openSource(kind.name, server.url, kind.options)
    const right = openSource(kind.name, server.url, kind.options, { DROVER_REDIS_PASSWORD: 'right-one' })
    for (const refused of [wrong, none]) {
      const why = causeOf(await refused.sweep(['a']), 'a')
      expect(why?.code).toBe('auth')
      expect(JSON.stringify([why, refused.state()])).not.toContain('wrong-one')
    }
    expect(sampleOf(await right.sweep(['a']), 'a').waiting).toBe(3)
    await Promise.all([wrong, none, right].map((one) => one.close()))
  })

  it('does not believe a replica', async () => {
    const primary = await startRedisServer()
    cli('REPLICAOF', '127.0.0.1', String(primary.port))
    expect((await cause())?.code).toMatch(/readonly|loading/)
    await until(async () => (await cause())?.code === 'readonly')
    cli('REPLICAOF', 'NO', 'ONE')
    await until(async () => (await cause())?.code !== 'readonly', RECOVERY_MS)
    await primary.close()
  })

  it('says that Redis is loading', async () => {
    cli('DEBUG', 'POPULATE', '200000')
    await server.stop('save')
    await server.start([
      '--key-load-delay',
      '20',
      '--loading-process-events-interval-bytes',
      '1024',
      '--rdbcompression',
      'no',
    ])
    await until(async () => (await cause())?.code === 'loading', RECOVERY_MS)
    cli('CONFIG', 'SET', 'key-load-delay', '0')
    expect(await comesBack()).toBe(3)
  })

  it('goes on reading while Redis has no memory for writers', async () => {
    cli('CONFIG', 'SET', 'maxmemory', '1')
    expect(cli('SET', 'more', 'x')).toMatch(/OOM/)
    expect(sampleOf(await sweep(), 'a').waiting).toBe(3)
  })

  it('is unknown for the queue whose key is of the wrong type, and for no other', async () => {
    cli('DEL', kind.key)
    cli(...kind.spoil)
    const reading = await source.sweep(['a', 'b'])
    expect(causeOf(reading, 'a')?.code).toBe('wrong-type')
    expect(sampleOf(reading, 'b').waiting).toBe(0)
  })

  it('does not wait for ever for a Redis that is there and silent', async () => {
    const hasty = openSource(kind.name, server.url, { ...kind.options, timeoutMs: 300 })
    expect(sampleOf(await hasty.sweep(['a']), 'a').waiting).toBe(3)
    server.signal('SIGSTOP')
    expect(causeOf(await hasty.sweep(['a']), 'a')?.code).toBe('timeout')
    server.signal('SIGCONT')
    await until(async () => (await hasty.sweep(['a'])).queues.get('a')?.ok, RECOVERY_MS)
    await hasty.close()
  })

  it('can be watched anew any number of times, on the same connections', async () => {
    for (let times = 0; times < 5; times++) listen(source, ['x'])
    const told = listen(source, ['a'])
    await told.next(isReady)
    await sleep(200)
    expect(source.state().pushes.status).toBe('ready')
    const own = () =>
      cli('CLIENT', 'LIST')
        .split('\n')
        .filter((line) => line.includes('name=drover:')).length
    await until(async () => own() === 2)
    const change = told.next(isChangeOf('a'))
    fill()
    await change
  })

  it('leaves no connection behind, and answers after its end that it is closed', async () => {
    listen(source, ['a'])
    await source.sweep(['a'])
    await source.close()
    expect((await cause())?.code).toBe('closed')
    await until(async () => !cli('CLIENT', 'LIST').includes('name=drover:'))
  })
})
