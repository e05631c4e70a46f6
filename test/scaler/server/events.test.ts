import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { afterEach, describe, expect, it } from 'vitest'
import { HUB_LIMITS } from '../../../scaler/server/event-hub.ts'
import { waitUntil } from '../../helpers/wait-until.ts'
import { HEAVY, inputsOf, MAILER, NOW, scaleOf } from '../fake-scaler.ts'
import { aListeningServer } from './a-server.ts'

const EPOCH = NOW - 60_000
let close: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(close.map((one) => one()))
  close = []
})

async function start(limits = {}, now = () => NOW) {
  const server = await aListeningServer({ events: { ...HUB_LIMITS, ...limits }, clock: { now } })
  close.push(() => server.app.close())
  return server
}

interface Follower {
  readonly events: EventSourceMessage[]
  readonly comments: string[]
  readonly response: Response
  readonly ended: Promise<void>
  stop(): void
}

async function follow(address: string, query = '', last?: string): Promise<Follower> {
  const stop = new AbortController()
  const headers = last === undefined ? {} : { 'last-event-id': last }
  const response = await fetch(`${address}/v1/events${query}`, { signal: stop.signal, headers })
  const events: EventSourceMessage[] = []
  const comments: string[] = []
  const parser = createParser({
    onEvent: (event) => void events.push(event),
    onComment: (comment) => void comments.push(comment),
  })
  const decoder = new TextDecoder()
  const ended = (async () => {
    for await (const chunk of response.body ?? [])
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }))
  })().catch(() => undefined)
  close.push(async () => stop.abort())
  return { events, comments, response, ended, stop: () => stop.abort() }
}

const until = (what: string, holds: () => boolean) =>
  waitUntil(what, async () => holds() || undefined, { everyMs: 10, withinMs: 15_000 })

type Server = Awaited<ReturnType<typeof start>>
const see = ({ scaler }: Server, what: string, group = HEAVY) =>
  scaler.emit({ kind: 'observed', group, what }, what)
const messages = ({ events }: Follower) => events.map(({ data }) => JSON.parse(data).message)

describe('the event stream', () => {
  it('tells what happens from now on: id, kind and the event, without inputs', async () => {
    const server = await start()
    see(server, 'before')
    const follower = await follow(server.address)
    expect(follower.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(follower.response.headers.get('x-content-type-options')).toBe('nosniff')
    const fact = {
      kind: 'decision',
      group: HEAVY,
      decision: scaleOf(HEAVY),
      inputs: inputsOf(HEAVY),
    } as const
    server.scaler.emit({ ...fact, isNews: true }, 'a line\nand another')
    server.scaler.emit({ ...fact, isNews: false })
    see(server, 'after')
    await until('both', () => follower.events.length === 2)
    const [first] = follower.events
    expect([first?.id, first?.event]).toEqual([`${EPOCH}-2`, 'decision'])
    const { inputs, ...rest } = fact
    expect(JSON.parse(first?.data ?? '')).toEqual({
      id: 2,
      at: NOW,
      message: 'a line\nand another',
      ...rest,
      isNews: true,
    })
    expect(messages(follower)[1]).toBe('after')
  })

  it.each([
    ['?group=worker_heavy', ['heavy', 'alarm']],
    ['?group=staging%2Fshop%2Fmailer', ['mailer']],
    ['?kind=leader,alert', ['leads', 'alarm']],
    ['?kind=observed&group=worker_heavy', ['heavy']],
    ['', ['heavy', 'mailer', 'leads', 'alarm']],
  ])('%s', async (query, expected) => {
    const server = await start()
    const follower = await follow(server.address, query)
    see(server, 'heavy')
    see(server, 'mailer', MAILER)
    server.scaler.emit({ kind: 'leader', isLeader: true }, 'leads')
    const alert = { kind: 'at-max', group: 'worker_heavy', message: 'x', since: NOW } as const
    server.scaler.emit({ kind: 'alert', alert }, 'alarm')
    await until('all', () => follower.events.length >= expected.length)
    expect(messages(follower)).toEqual(expected)
  })

  it('goes on after Last-Event-ID, each event once', async () => {
    const server = await start()
    for (const what of ['a', 'b', 'c']) see(server, what)
    const follower = await follow(server.address, '', `${EPOCH}-1`)
    see(server, 'd')
    await until('three', () => follower.events.length === 3)
    expect(messages(follower)).toEqual(['b', 'c', 'd'])
    expect(follower.events.map(({ id }) => id)).toEqual([2, 3, 4].map((n) => `${EPOCH}-${n}`))
  })

  it('goes on after the cursor of the history without a gap', async () => {
    const server = await start()
    see(server, 'a')
    const { cursor } = (await server.app.inject('/v1/history')).json()
    see(server, 'b')
    const follower = await follow(server.address, '', cursor)
    await until('one', () => follower.events.length === 1)
    expect(messages(follower)).toEqual(['b'])
  })

  it('tells all that it has to one who knew the process before', async () => {
    const server = await start()
    for (const what of ['a', 'b']) see(server, what)
    const follower = await follow(server.address, '', `${EPOCH - 1000}-800`)
    await until('two', () => follower.events.length === 2)
    expect(messages(follower)).toEqual(['a', 'b'])
  })

  it.each(['', 'x', '-1', `${EPOCH}-999`, '9'.repeat(40)])(
    'a last id that is none (%j) is from now on',
    async (last) => {
      const server = await start()
      see(server, 'a')
      const follower = await follow(server.address, '', last)
      see(server, 'b')
      await until('one', () => follower.events.length === 1)
      expect(messages(follower)).toEqual(['b'])
    },
  )

  it('says that events were missed when they are no longer kept', async () => {
    const server = await start({ maxFrames: 3 })
    for (let i = 1; i <= 10; i++) see(server, String(i))
    const follower = await follow(server.address, '', `${EPOCH}-2`)
    await until('four', () => follower.events.length === 4)
    expect(follower.events[0]).toMatchObject({ event: 'missed' })
    expect(messages(follower).slice(1)).toEqual(['8', '9', '10'])
  })

  it('keeps no more characters than it may', async () => {
    const server = await start({ maxCharacters: 1000 })
    for (let i = 1; i <= 10; i++) see(server, 'x'.repeat(150))
    const follower = await follow(server.address, '', `${EPOCH}-0`)
    await until('some', () => follower.events.length >= 2)
    expect(follower.events.length).toBeLessThan(5)
  })

  it('beats while nothing happens', async () => {
    const server = await start({ heartbeatMs: 20 })
    const follower = await follow(server.address)
    await until('two', () => follower.comments.length >= 2)
  })

  it('takes no more clients than it may, and new ones when others have left', async () => {
    const server = await start({ maxClients: 2 })
    const first = await follow(server.address)
    await follow(server.address)
    const third = await follow(server.address)
    expect(third.response.status).toBe(503)
    expect(third.response.headers.get('retry-after')).toBe('10')
    first.stop()
    await waitUntil('a place', async () =>
      (await follow(server.address)).response.status === 200 ? true : undefined,
    )
  })

  it('ends with the server', async () => {
    const server = await start()
    const follower = await follow(server.address)
    await server.app.close()
    await follower.ended
  })
})

describe('a client that never reads', () => {
  /** Asks, and takes nothing of the answer. */
  function neverRead(port: number): Promise<Socket> {
    return new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => {
        socket.write('GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n')
        socket.once('readable', () => resolve(socket))
      })
      socket.on('error', () => undefined)
      close.push(async () => void socket.destroy())
    })
  }
  const connections = ({ app }: Server) =>
    new Promise<number>((resolve) => app.server.getConnections((_, count) => resolve(count)))

  it('is disconnected once it has fallen too far behind; others get everything', async () => {
    const server = await start({ maxFrames: 50 })
    await neverRead(server.port)
    const reader = await follow(server.address)
    const events = 3000
    for (let i = 1; i <= events; i++) {
      see(server, `${i} ${'x'.repeat(20_000)}`)
      if (i % 20 === 0) {
        const seen = i
        await until('the reader keeps up', () => reader.events.length === seen)
      }
    }
    await waitUntil('one connection is left', async () =>
      (await connections(server)) === 1 ? true : undefined,
    )
    expect(messages(reader)).toHaveLength(events)
  })

  it('is disconnected when it takes nothing for too long, though little happens', async () => {
    let now = NOW
    const server = await start({ heartbeatMs: 20, maxFrames: 1e6, maxCharacters: 1e9 }, () => now)
    await neverRead(server.port)
    for (let i = 0; i < 400; i++) see(server, 'x'.repeat(50_000))
    await sleep(100)
    expect(await connections(server)).toBe(1)
    now += HUB_LIMITS.stallMs
    await waitUntil('it is gone', async () => ((await connections(server)) === 0 ? true : undefined))
  })
})
