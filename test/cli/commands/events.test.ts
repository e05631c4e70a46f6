import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { listen } from '../../../scaler/server/listen.ts'
import { freePorts } from '../../helpers/free-port.ts'
import { waitUntil } from '../../helpers/wait-until.ts'
import { HEAVY, MAILER, NOW, READY } from '../../scaler/fake-scaler.ts'
import { type AServer, aServer } from '../../scaler/server/a-server.ts'
import { withScaler } from './scaler.ts'

const scaler = withScaler()
const see = ({ scaler: one }: AServer, message: string, ago = 0, group = HEAVY) =>
  one.emit({ kind: 'observed', group, what: message }, message, NOW - ago)

let stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops) await stop()
  stops = []
})

/** Starts `drover events --follow`, which is still running when it returns. */
function start(line: string, address: string) {
  const abort = new AbortController()
  const printed = { stdout: '', stderr: '' }
  const writer = (stream: 'stdout' | 'stderr') => ({
    write(text: string) {
      printed[stream] += text
    },
  })
  const run = scaler.run(line, {
    env: { DROVER_ADDR: address },
    signal: abort.signal,
    stdout: writer('stdout'),
    stderr: writer('stderr'),
  })
  const stop = () => {
    abort.abort()
    return run
  }
  stops.push(stop)
  return {
    printed,
    run,
    stop,
    until: (what: string, stream: 'stdout' | 'stderr' = 'stdout') =>
      waitUntil(`"${what}" is printed`, async () => printed[stream].includes(what) || undefined, {
        everyMs: 10,
      }),
    /** Until events arrive as they happen: what is kept is printed at once, so what comes later is not from there. */
    streams: async (server: AServer) => {
      await waitUntil('what is kept', async () => printed.stdout !== '' || undefined, { everyMs: 10 })
      const { length } = printed.stdout
      await waitUntil('the stream', async () => {
        see(server, 'hello')
        return printed.stdout.length > length || undefined
      })
    },
    messages: () =>
      printed.stdout
        .trimEnd()
        .split('\n')
        .map((text) => text.split('  ').at(-1)),
  }
}

describe('drover events', () => {
  it('tells what is kept, oldest first', async () => {
    see(scaler.server, 'a', 5000)
    see(scaler.server, 'b', 1000, MAILER)
    const { code, stdout } = await scaler.run('events')
    expect(stdout).toBe('2026-05-01T11:59:55.000Z  observed  a\n2026-05-01T11:59:59.000Z  observed  b\n')
    expect(code).toBe(0)
  })

  it.each([
    ['events --group staging/shop/mailer', ['b']],
    ['events --since 2s', ['b', 'c']],
    ['events --since 2026-05-01T11:59:59Z', ['b', 'c']],
  ])('%s', async (line, expected) => {
    see(scaler.server, 'a', 5000)
    see(scaler.server, 'b', 1000, MAILER)
    see(scaler.server, 'c', 500)
    const { stdout } = await scaler.run(`${line} --json`)
    const messages = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text).message)
    expect(messages).toEqual(expected)
  })

  it('goes on with what happens, without a gap or a word twice', async () => {
    see(scaler.server, 'a')
    const follower = start('events --follow', scaler.server.address)
    await follower.until('a\n')
    see(scaler.server, 'b')
    await follower.until('b\n')
    for (const what of ['c', 'd']) see(scaler.server, what)
    await follower.until('d\n')
    expect(follower.messages()).toEqual(['a', 'b', 'c', 'd'])
    expect((await follower.stop()).code).toBe(130)
  })

  it('follows one group', async () => {
    const follower = start('events -f --group worker_heavy', scaler.server.address)
    see(scaler.server, 'x', 0, MAILER)
    await waitUntil('the stream', async () => {
      see(scaler.server, 'y')
      return follower.printed.stdout.includes('y') || undefined
    })
    expect(follower.printed.stdout).not.toContain('x\n')
  })

  it('goes on where it was when the connection broke', async () => {
    see(scaler.server, 'hello')
    const follower = start('events --follow', scaler.server.address)
    await follower.streams(scaler.server)
    scaler.server.app.server.closeAllConnections()
    for (const what of ['b', 'c']) see(scaler.server, what)
    await follower.until('c\n')
    expect(follower.messages().filter((what) => what !== 'hello')).toEqual(['b', 'c'])
    expect(follower.printed.stderr).toMatch(/^the events have stopped: .*; trying again\.$/m)
    expect(follower.printed.stderr).toContain('The scaler is back.')
  })

  it('goes on with the next process', async () => {
    const [port = 0] = await freePorts(1)
    const first = aServer()
    const address = await listen(first.app, { host: '127.0.0.1', port })
    see(first, 'hello')
    const follower = start('events --follow', address)
    await follower.streams(first)
    await first.app.close()
    await follower.until('trying again', 'stderr')
    const second = aServer()
    second.scaler.health = () => ({ ...READY, startedAt: NOW })
    const renewed = aServer({ scaler: second.scaler })
    see(second, 'new')
    await listen(renewed.app, { host: '127.0.0.1', port })
    stops.push(() => Promise.all([second.app.close(), renewed.app.close()]))
    await follower.until('new\n')
    expect(follower.messages().filter((what) => what !== 'hello')).toEqual(['new'])
  })

  it.each([
    ['nobody there', 'events --address http://127.0.0.1:1', 5, /does not answer/],
    ['nobody to follow', 'events --follow --address http://127.0.0.1:1', 5, /does not answer/],
    ['an unknown group', 'events --follow --group worker_hevy', 2, /Did you mean worker_heavy\?/],
    ['a time that is none', 'events --since ever', 2, /--since: "ever" must be a time/],
  ])('%s', async (_, line, exit, message) => {
    const { code, stderr } = await scaler.run(line)
    expect(stderr).toMatch(message)
    expect(code).toBe(exit)
  })
})

describe('a stream that is not one of ours', () => {
  let server: Server | undefined
  afterEach(() => void server?.close())
  const serve = async (events: RequestListener): Promise<string> => {
    server = createServer((request, answer) => {
      if (request.url?.startsWith('/v1/events')) return events(request, answer)
      answer.setHeader('content-type', 'application/json').end('{"events":[],"cursor":"1-0"}')
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const bound = server.address()
    return `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`
  }

  it('events that cannot be read are passed over', async () => {
    const event = { kind: 'leader', id: 1, at: NOW, message: 'leads', isLeader: true }
    const address = await serve((_, answer) => {
      answer.writeHead(200, { 'content-type': 'text/event-stream' })
      answer.write(`event: x\ndata: {"kind":"x"}\n\ndata: {\n\ndata: ${JSON.stringify(event)}\n\n`)
    })
    const follower = start('events --follow', address)
    await follower.until('leads')
    expect(follower.messages()).toEqual(['leads'])
    server?.closeAllConnections()
  })

  it('too many clients at first: says so, and tries again', async () => {
    const event = { kind: 'leader', id: 1, at: NOW, message: 'leads', isLeader: true }
    let asked = 0
    const address = await serve((_, answer) => {
      asked++
      if (asked === 1) {
        answer.writeHead(503, { 'content-type': 'application/json' })
        answer.end('{"error":{"code":"UNAVAILABLE","message":"too many clients"}}')
        return
      }
      answer.writeHead(200, { 'content-type': 'text/event-stream' })
      answer.write(`data: ${JSON.stringify(event)}\n\n`)
    })
    const follower = start('events --follow', address)
    await follower.until('leads')
    expect(follower.printed.stderr).toBe('too many clients; trying again.\nThe scaler is back.\n')
    server?.closeAllConnections()
  })

  it('what says no is not asked again', async () => {
    const address = await serve((_, answer) => void answer.writeHead(404).end('nope'))
    const { code, stderr } = await scaler.run('events --follow', { env: { DROVER_ADDR: address } })
    expect(stderr).toMatch(/is not a scaler .*it answered 404/)
    expect(code).toBe(6)
  })

  it('control characters of a message do not reach the terminal', async () => {
    see(scaler.server, 'a\u001b[2Jb\nc')
    const { stdout } = await scaler.run('events')
    expect(stdout).toMatch(/ {2}ab c\n$/)
  })
})
