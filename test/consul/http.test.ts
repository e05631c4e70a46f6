import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { createConsulClient } from '../../consul/client.ts'
import { createConsulReporter } from '../../consul/reporter.ts'
import { DroverError } from '../../src/errors.ts'
import { aStack } from '../helpers/a-stack.ts'
import { groupFacts } from '../helpers/group-facts.ts'

const TOKEN = 'very-secret-token'
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return createConsulClient({ address: `http://127.0.0.1:${port}`, token: TOKEN, verify: true })
}

async function failure(work: Promise<unknown>): Promise<DroverError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DroverError)) throw new Error('no DroverError was thrown', { cause: error })
  // Neither in its message nor in anything that a log would print of it.
  expect(inspect(error, { depth: 10 })).not.toContain(TOKEN)
  return error
}

describe('answers of Consul', () => {
  it.each([
    [500, 'No cluster leader', 'UNAVAILABLE', /answered 500 .*No cluster leader/],
    [500, 'rpc error making call: EOF', 'UNAVAILABLE', /rpc error/],
    [429, 'slow down', 'UNAVAILABLE', /slow down/],
    [400, 'Missing service name', 'REJECTED', /read the services of the stack shop: Missing service name/],
    [500, 'Unexpected', 'REJECTED', /Unexpected/],
    [403, 'Permission denied', 'REJECTED', /the token lacks service:read/],
    [
      403,
      `Permission denied: token with AccessorID '1' lacks permission 'service:write' on "db"`,
      'REJECTED',
      /the token lacks service:write on "db"/,
    ],
    [403, 'ACL not found', 'REJECTED', /does not know the token/],
    [200, 'no JSON', 'REJECTED', /cannot be read/],
    [200, '{"a": {"ID": 1}}', 'REJECTED', /cannot be read/],
  ])('%i %s is %s', async (status, text, code, message) => {
    const client = await serve((_, answer) => void answer.writeHead(status).end(text))
    expect(await failure(client.present('shop'))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  it('a redirect is not followed, and its words are cut short', async () => {
    let isAsked = false
    const elsewhere = await serve((_, answer) => {
      isAsked = true
      answer.end('{}')
    })
    const location = 'http://127.0.0.1:1/'
    const client = await serve(
      (_, answer) => void answer.writeHead(301, { Location: location }).end('x'.repeat(100_000)),
    )
    const { code, message } = await failure(client.present('shop'))
    expect([code, message.length < 1000, isAsked]).toEqual(['REJECTED', true, false])
    elsewhere.close()
  })

  it('nobody there', async () => {
    const client = createConsulClient({ address: 'http://127.0.0.1:1', token: TOKEN, verify: true })
    const error = await failure(client.present('shop'))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('127.0.0.1:1') })
    expect(error.hint).toContain('CONSUL_HTTP_ADDR')
  })

  it('the token goes along, in its header', async () => {
    let header: unknown
    const client = await serve((request, answer) => {
      header = request.headers['x-consul-token']
      answer.setHeader('Content-Type', 'application/json').end('{}')
    })
    expect(await client.present('shop')).toEqual([])
    expect(header).toBe(TOKEN)
  })
})

describe('the reporter of a Consul that hangs', () => {
  it('does not wait, and says after a while that it is lost', async () => {
    let requests = 0
    const client = await serve(() => {
      requests++
    })
    const reporter = createConsulReporter({
      client,
      stack: () => aStack({}),
      clock: { now: Date.now },
      scaler: { id: 'here', host: '127.0.0.1', port: 1, protocol: 'http', version: '1' },
      onChange: () => {
        throw new Error('a listener that throws')
      },
    })
    for (let round = 0; round < 1000; round++)
      reporter.update([groupFacts()], { ready: true, problems: [], isLeader: true })
    await reporter.settled()
    expect(reporter.state()).toMatchObject({ status: 'lost', cause: expect.stringContaining('timeout') })
    // One round, whatever was told meanwhile.
    expect(requests).toBe(2)
  }, 20_000)
})
