import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createWebhook, type Webhook } from '../../../scaler/alerts/webhook.ts'
import { waitUntil } from '../../helpers/wait-until.ts'

let server: Server
let bodies: string[]
let answer: (response: ServerResponse) => void
let failures: string[]
let webhook: Webhook | undefined

beforeEach(async () => {
  bodies = []
  failures = []
  answer = (response) => response.end('ok')
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      bodies.push(body)
      answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await webhook?.close(0)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function start(options: object = {}, port = (server.address() as AddressInfo).port): Webhook {
  webhook = createWebhook({
    url: `http://127.0.0.1:${port}/services/hunter2`,
    onFailure: (why) => failures.push(why),
    retryMs: 1,
    tries: 3,
    pauseMs: 20,
    ...options,
  })
  return webhook
}

const texts = () => bodies.map((body) => JSON.parse(body).text)
const until = (what: string, is: () => boolean) =>
  waitUntil(what, async () => is() || undefined, { everyMs: 5, withinMs: 10_000 })

it('posts the lines as one text', async () => {
  const hook = start()
  hook.send(['one "quoted"', 'two'])
  await hook.close(5000)
  expect(bodies).toEqual(['{"text":"one \\"quoted\\"\\ntwo"}'])
  expect(failures).toEqual([])
})

it('tries again after a 500, and sends nothing twice', async () => {
  answer = (response) => {
    response.statusCode = bodies.length < 3 ? 500 : 200
    response.end()
  }
  const hook = start()
  hook.send(['one'])
  await hook.close(5000)
  expect(texts()).toEqual(['one', 'one', 'one'])
  expect(failures).toEqual([])
})

it('says why it fails, never where to, and goes on later with what has come', async () => {
  let status = 403
  answer = (response) => {
    response.statusCode = status
    response.end()
  }
  const hook = start()
  hook.send(['one'])
  await until('a failure', () => failures.length > 0)
  hook.send(['two'])
  status = 200
  await until('both', () => texts().at(-1) === 'one\ntwo')
  await hook.close(5000)
  // To ask again would not help: one try, and a pause.
  expect(failures.every((why) => why === 'the answer was 403')).toBe(true)
})

it('gives up on a server that is silent, and stops when told to', async () => {
  answer = () => {}
  const hook = start({ timeoutMs: 30, tries: 1, pauseMs: 60_000 })
  hook.send(['one'])
  await until('a failure', () => failures.length > 0)
  expect(failures).toEqual(['no answer within 30 ms'])
  await hook.close(10)
})

it('says when there is nobody', async () => {
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const hook = start({}, port)
  hook.send(['one'])
  await until('a failure', () => failures.length > 0)
  expect(failures[0]).toBe('ECONNREFUSED')
  await hook.close(0)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

it('keeps the newest lines, and counts those that it lost', async () => {
  let isUp = false
  answer = (response) => {
    response.statusCode = isUp ? 200 : 500
    response.end()
  }
  const hook = start({ tries: 1 })
  for (let line = 1; line <= 250; line++) hook.send([String(line)])
  await until('a failure', () => failures.length > 0)
  const before = bodies.length
  isUp = true
  await hook.close(5000)
  const sent = texts().slice(before).join('\n').split('\n')
  expect(sent[0]).toBe('(150 earlier ones could not be sent)')
  expect(sent.at(-1)).toBe('250')
  expect(sent).toHaveLength(101)
})
