import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nomadClient } from '../../../src/adapters/nomad/client.ts'
import { NomadError, type NomadFailure } from '../../../src/adapters/nomad/failure.ts'
import { z } from '../../../src/core/zod.ts'
import { type AServer, type Asked, aServer, json, words } from './a-server.ts'

const TOKEN = '5e0c2a3e-secret-token'
const schema = z.object({ Name: z.string() })
let folder: string
let server: AServer | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-client-'))
})

afterEach(async () => {
  await server?.close()
  server = undefined
  rmSync(folder, { recursive: true, force: true })
})

type Answer = (asked: Asked, response: ServerResponse, nth: number) => void

async function ask(answer: Answer, env: Record<string, string> = {}, timeoutMs = 300) {
  server = await aServer(answer)
  return askAt({ NOMAD_ADDR: server.address, ...env }, timeoutMs)
}

async function askAt(env: Record<string, string>, timeoutMs = 300) {
  const http = nomadClient({ NOMAD_TOKEN: TOKEN, ...env })
  try {
    return await http.call({ method: 'PUT', path: '/v1/job/x/scale', body: { a: 1 }, schema, timeoutMs })
  } finally {
    http.close()
  }
}

async function failing(work: Promise<unknown>): Promise<NomadFailure> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(NomadError)
  const text = JSON.stringify(error) + String((error as Error).stack) + JSON.stringify((error as Error).cause)
  expect(text).not.toContain(TOKEN)
  return (error as NomadError).failure
}

describe('a call', () => {
  it('sends token, namespace, region and body, and reads the index', async () => {
    const reply = await ask((_, response) => json(response, { Name: 'x' }, 42), {
      NOMAD_NAMESPACE: 'shop',
      NOMAD_REGION: 'eu',
    })
    expect(reply).toEqual({ data: { Name: 'x' }, index: 42 })
    const [asked] = server?.asked ?? []
    expect(asked).toMatchObject({ method: 'PUT', path: '/v1/job/x/scale', body: { a: 1 } })
    expect(asked?.headers['x-nomad-token']).toBe(TOKEN)
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({ namespace: 'shop', region: 'eu' })
  })

  it('goes through a unix socket', async () => {
    server = await aServer((_, response) => json(response, { Name: 'x' }), join(folder, 'nomad.sock'))
    expect((await askAt({ NOMAD_ADDR: server.address })).data).toEqual({ Name: 'x' })
  })

  it('goes through no proxy', async () => {
    const before = process.env.http_proxy
    process.env.http_proxy = 'http://127.0.0.1:1'
    try {
      expect((await ask((_, response) => json(response, { Name: 'x' }))).data).toEqual({ Name: 'x' })
    } finally {
      if (before === undefined) delete process.env.http_proxy
      else process.env.http_proxy = before
    }
  })

  it('takes the token from a file', async () => {
    const file = join(folder, 'token')
    writeFileSync(file, `${TOKEN}-of-file\n`)
    await ask((_, response) => json(response, { Name: 'x' }), { NOMAD_TOKEN: '', NOMAD_TOKEN_FILE: file })
    expect(server?.asked[0]?.headers['x-nomad-token']).toBe(`${TOKEN}-of-file`)
  })
})

describe('an answer that is not Nomad’s', () => {
  const HTML = '<!doctype html><html><body>Welcome</body></html>'
  it.each<[string, Answer, RegExp]>([
    ['HTML', (_, response) => words(response, 200, HTML), /not Nomad: a page of HTML/],
    ['HTML with 404', (_, response) => words(response, 404, HTML), /404 a page of HTML/],
    ['text', (_, response) => words(response, 200, 'hello'), /not Nomad: an answer that is not JSON/],
    ['other JSON', (_, response) => json(response, { name: 1 }), /cannot be read \(Name:/],
    ['JSON cut short', (_, response) => words(response, 200, '{"Name":'), /not JSON/],
    ['nothing', (_, response) => words(response, 200, ''), /cannot be read/],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { Location: 'https://elsewhere/login' }).end(),
      /302, to https:\/\/elsewhere\/login/,
    ],
  ])('%s is said, with the address', async (_, answer, said) => {
    const failure = await failing(ask(answer))
    expect(failure.refusal).toBe('invalid')
    expect(failure.message).toMatch(said)
    expect(failure.message).toContain(server?.address ?? 'no address')
    expect(server?.asked).toHaveLength(1)
  })

  it('of more than 64 MiB is refused', async () => {
    const big = Buffer.alloc(2 ** 26 + 1, 32)
    const failure = await failing(ask((_, response) => void response.end(big), {}, 10_000))
    expect(failure.message).toContain('too long')
  })

  it('comes from a program that does not speak HTTP', async () => {
    const redis = createTcpServer((socket) => socket.end('-ERR unknown command\r\n'))
    await new Promise<void>((resolve) => redis.listen(0, '127.0.0.1', resolve))
    const { port } = redis.address() as AddressInfo
    const failure = await failing(askAt({ NOMAD_ADDR: `http://127.0.0.1:${port}` }))
    redis.close()
    expect(failure).toMatchObject({ refusal: 'unreachable', mayBeDone: false })
    expect(failure.message).toContain('does not speak HTTP')
  })
})

describe('no answer', () => {
  it('in time', async () => {
    expect(await failing(ask(() => {}))).toMatchObject({ refusal: 'timeout', mayBeDone: true })
  })

  it('whole in time', async () => {
    const failure = await failing(ask((_, response) => void response.writeHead(200).write('{')))
    expect(failure).toMatchObject({ refusal: 'timeout', mayBeDone: true })
  })

  it('because the connection broke', async () => {
    const failure = await failing(ask((_, response) => void response.destroy()))
    expect(failure).toMatchObject({ refusal: 'unreachable', mayBeDone: true })
  })

  it('because nobody listens', async () => {
    const failure = await failing(askAt({ NOMAD_ADDR: 'http://127.0.0.1:1' }))
    expect(failure).toMatchObject({ refusal: 'unreachable', mayBeDone: false })
    expect(failure.message).toContain('http://127.0.0.1:1')
  })

  it('because TLS was asked of plain HTTP', async () => {
    server = await aServer((_, response) => json(response, {}))
    const failure = await failing(askAt({ NOMAD_ADDR: server.address.replace('http:', 'https:') }))
    expect(failure.message).toContain('does not speak TLS')
  })
})

describe('a wrong environment', () => {
  it.each([
    [{ NOMAD_ADDR: 'nomad' }, /NOMAD_ADDR is not an address: "nomad"/],
    [{ NOMAD_ADDR: 'localhost:4646' }, /NOMAD_ADDR is not an http address: "localhost:4646"/],
    [{ NOMAD_ADDR: 'ftp://nomad' }, /not an http address/],
    [{ NOMAD_ADDR: 'http://me:pass-word@nomad:4646' }, /holds a user name or password/],
    [{ NOMAD_ADDR: 'me:pass-word@nomad:4646' }, /not an http address|not an address/],
    [{ NOMAD_TOKEN_FILE: '/nowhere/token' }, /cannot read \/nowhere\/token, which NOMAD_TOKEN_FILE names/],
    [{ NOMAD_ADDR: 'https://nomad', NOMAD_CACERT: '/nowhere/ca' }, /which NOMAD_CACERT names/],
  ])('%o is a usage error', (env: Record<string, string>, said) => {
    const create = () => nomadClient(env)
    expect(create).toThrow(expect.objectContaining({ code: 'USAGE' }))
    expect(create).toThrow(said)
    expect(create).not.toThrow(/pass-word/)
  })
})
