import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { openPlatformHealth, type PlatformHealth } from '../../../scaler/daemon/platform-health.ts'
import { aStack } from '../../helpers/a-stack.ts'

const open: (Server | PlatformHealth)[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

/** In the place of Nomad and of Consul: has nothing, and counts how often it is asked. */
async function aNothing(): Promise<{ address: string; asked: () => number }> {
  let asked = 0
  const server = createServer((_, answer) => {
    asked++
    answer.setHeader('content-type', 'application/json')
    answer.end('[]')
  })
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked }
}

it('reads once for all that ask at once, and again when what it has is old', async () => {
  const nomad = await aNothing()
  const env = { NOMAD_ADDR: nomad.address, CONSUL_HTTP_ADDR: 'http://127.0.0.1:1' }
  let now = 1_777_636_800_000
  const health = openPlatformHealth(() => aStack({ services: { api: { image: 'api:1' } } }), env, {
    now: () => now,
  })
  open.push(health)
  const [first, second] = await Promise.all([health.read(), health.read()])
  expect(second).toBe(first)
  const once = nomad.asked()
  expect(once).toBeGreaterThan(0)
  expect(first.at).toBe(now)
  expect(first.lines.map(({ state }) => state)).toContain('down')
  expect(first.unseen).toEqual([{ source: 'Consul', cause: expect.stringContaining('127.0.0.1:1') }])
  now += 2999
  expect(await health.read()).toBe(first)
  expect(nomad.asked()).toBe(once)
  now += 1
  expect(await health.read()).not.toBe(first)
  expect(nomad.asked()).toBe(2 * once)
})

it('tells that neither answers, and throws nothing', async () => {
  const env = { NOMAD_ADDR: 'http://127.0.0.1:1', CONSUL_HTTP_ADDR: 'http://127.0.0.1:1' }
  const health = openPlatformHealth(() => aStack({ services: { api: { image: 'api:1' } } }), env, {
    now: () => 0,
  })
  open.push(health)
  const { unseen, lines } = await health.read()
  expect(unseen.map(({ source }) => source)).toEqual(['Nomad', 'Consul'])
  expect(new Set(lines.map(({ state }) => state))).toEqual(new Set(['unknown']))
})
