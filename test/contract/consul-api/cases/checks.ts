import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import type { World } from '../world.ts'

const ttl = (id: string, more: object = {}) => ({ CheckID: id, Name: 'state', TTL: '1m', ...more })

async function register(world: World, id: string, checks: object[], query = ''): Promise<void> {
  await world.put(`agent/service/register${query}`, { ID: id, Name: id, Tags: ['t'], Checks: checks })
}

const tell = (world: World, id: string, Status: string, Output = '') =>
  world.put(`agent/check/update/${id}`, { Status, Output })

async function statusOf(world: World, id: string): Promise<string | undefined> {
  return (await world.agentCheck(id))?.Status
}

export const checkCases: readonly Case[] = [
  {
    name: 'a check begins critical, or as it is told to, and has everything of its service',
    async run(world, id) {
      await register(world, id, [ttl(`${id}:a`), ttl(`${id}:b`, { Status: 'passing', Notes: 'n' })])
      const check = await world.agentCheck(`${id}:a`)
      expect(check).toEqual({
        ...{
          Node: expect.any(String),
          CheckID: `${id}:a`,
          Name: 'state',
          Status: 'critical',
          Notes: '',
          Output: '',
        },
        ...{ ServiceID: id, ServiceName: id, ServiceTags: ['t'], Type: 'ttl', Interval: '', Timeout: '' },
        ...{ ExposedPort: 0, Definition: {}, CreateIndex: 0, ModifyIndex: 0 },
      })
      expect(await world.agentCheck(`${id}:b`)).toMatchObject({ Status: 'passing', Notes: 'n' })
      expect(Object.keys((await world.serverCheck(`${id}:a`)) ?? {}).sort()).toEqual(
        Object.keys(check ?? {}).sort(),
      )
    },
  },
  {
    name: 'names checks that have no ID after their service, and by number when there are more',
    async run(world, id) {
      await register(world, id, [{ Name: 'x', TTL: '1m' }])
      expect(await statusOf(world, `service:${id}`)).toBe('critical')
      await register(world, `${id}-2`, [ttl('', { CheckID: undefined }), ttl('', { CheckID: undefined })])
      expect(await statusOf(world, `service:${id}-2:1`)).toBe('critical')
      expect(await statusOf(world, `service:${id}-2:2`)).toBe('critical')
    },
  },
  {
    name: 'keeps the state of a check that is registered again, with or without a status',
    async run(world, id) {
      await register(world, id, [ttl(id)])
      await tell(world, id, 'warning', 'half')
      await register(world, id, [ttl(id, { Status: 'critical' })])
      expect(await world.agentCheck(id)).toMatchObject({ Status: 'warning', Output: 'half' })
    },
  },
  {
    name: 'keeps checks that are not registered again, unless it is to replace them',
    async run(world, id) {
      await register(world, id, [ttl(`${id}:old`), ttl(`${id}:kept`)])
      await tell(world, `${id}:kept`, 'passing')
      await register(world, id, [ttl(`${id}:kept`)])
      expect(await statusOf(world, `${id}:old`)).toBe('critical')
      await register(world, id, [ttl(`${id}:kept`)], '?replace-existing-checks=true')
      expect(await statusOf(world, `${id}:old`)).toBeUndefined()
      expect(await statusOf(world, `${id}:kept`)).toBe('passing')
    },
  },
  {
    name: 'takes passing, warning and critical, and no other word',
    async run(world, id) {
      await register(world, id, [ttl(id)])
      for (const status of ['passing', 'warning', 'critical']) {
        expect((await tell(world, id, status, `is ${status}`)).text).toBe('')
        expect(await world.agentCheck(id)).toMatchObject({ Status: status, Output: `is ${status}` })
        expect(await world.serverCheck(id)).toMatchObject({ Status: status, Output: `is ${status}` })
      }
      const answer = await world.send('PUT', `agent/check/update/${id}`, { Status: 'well' })
      expect([answer.status, answer.text]).toEqual([400, "Bad request: Invalid check status: 'well'"])
    },
  },
  {
    name: 'pass, warn and fail are short forms',
    async run(world, id) {
      await register(world, id, [ttl(id)])
      for (const [word, status] of [
        ['pass', 'passing'],
        ['warn', 'warning'],
        ['fail', 'critical'],
      ]) {
        await world.put(`agent/check/${word}/${id}?note=${word}ed`)
        expect(await world.agentCheck(id)).toMatchObject({ Status: status, Output: `${word}ed` })
      }
    },
  },
  {
    name: 'an output alone stays with the agent',
    async run(world, id) {
      await register(world, id, [ttl(id)])
      await tell(world, id, 'passing', 'first')
      await tell(world, id, 'passing', 'second')
      await sleep(500)
      expect((await world.agentCheck(id))?.Output).toBe('second')
      expect((await world.serverCheck(id))?.Output).toBe('first')
      // The next change of status takes it along.
      await tell(world, id, 'warning', 'third')
      expect(await world.serverCheck(id)).toMatchObject({ Status: 'warning', Output: 'third' })
    },
  },
  {
    name: 'a change of status wakes who waits for it',
    async run(world, id) {
      await register(world, id, [ttl(id)])
      await tell(world, id, 'passing')
      const { index } = await world.send('GET', `health/checks/${id}`)
      expect(index).toBeGreaterThan(0)
      const waiting = world.wait(`health/checks/${id}`, index, (answer) => answer.text.includes('gone'))
      await tell(world, id, 'critical', 'gone')
      expect((await waiting).index).toBeGreaterThan(index)
    },
  },
  {
    name: 'a ttl check that nobody tells of is critical, and says what was told last',
    async run(world, id) {
      await register(world, id, [
        ttl(id, { TTL: '600ms' }),
        ttl(`${id}:silent`, { TTL: '600ms', Status: 'passing' }),
      ])
      await tell(world, id, 'passing', 'well')
      await world.until('it has run out', async () => (await statusOf(world, id)) === 'critical')
      expect((await world.agentCheck(id))?.Output).toBe(
        'TTL expired (last output before timeout follows): well',
      )
      await world.until(
        'so has the other',
        async () => (await statusOf(world, `${id}:silent`)) === 'critical',
      )
      expect((await world.agentCheck(`${id}:silent`))?.Output).toBe('TTL expired')
    },
  },
  {
    name: 'runs http and tcp checks',
    async run(world, id) {
      let status = 200
      const server = createServer((_, answer) => void answer.writeHead(status).end('well'))
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      const { port } = server.address() as AddressInfo
      try {
        const timing = { Interval: '200ms', Timeout: '1s' }
        await register(world, id, [
          { CheckID: `${id}:http`, Name: 'http', HTTP: `http://127.0.0.1:${port}/`, ...timing },
          { CheckID: `${id}:tcp`, Name: 'tcp', TCP: `127.0.0.1:${port}`, ...timing },
          {
            CheckID: `${id}:slow`,
            Name: 'http',
            HTTP: `http://127.0.0.1:${port}/`,
            ...timing,
            FailuresBeforeCritical: 1000,
          },
        ])
        const both = async (http: string, tcp: string) =>
          (await statusOf(world, `${id}:http`)) === http && (await statusOf(world, `${id}:tcp`)) === tcp
        await world.until('both pass', () => both('passing', 'passing'))
        await world.until(
          'the patient one passes',
          async () => (await statusOf(world, `${id}:slow`)) === 'passing',
        )
        expect(await world.agentCheck(`${id}:http`)).toMatchObject({
          Output: `HTTP GET http://127.0.0.1:${port}/: 200 OK Output: well`,
          Type: 'http',
          Interval: '200ms',
          // No longer than the interval.
          Timeout: '200ms',
        })
        expect((await world.agentCheck(`${id}:tcp`))?.Output).toBe(`TCP connect 127.0.0.1:${port}: Success`)
        status = 429
        await world.until('too many requests warn', () => both('warning', 'passing'))
        await world.until(
          'the patient one warns',
          async () => (await statusOf(world, `${id}:slow`)) === 'warning',
        )
        status = 500
        await world.until('an error is critical', () => both('critical', 'passing'))
        server.close()
        server.closeAllConnections()
        await world.until('nobody is there', () => both('critical', 'critical'))
        expect((await world.agentCheck(`${id}:tcp`))?.Output).toContain('connection refused')
        // Failures are counted, and these are too few.
        expect(await statusOf(world, `${id}:slow`)).toBe('warning')
      } finally {
        server.close()
      }
    },
  },
  {
    name: 'a check may go alone',
    async run(world, id) {
      await register(world, id, [ttl(`${id}:a`), ttl(`${id}:b`)])
      await world.put(`agent/check/deregister/${id}:a`)
      expect(await statusOf(world, `${id}:a`)).toBeUndefined()
      expect(await statusOf(world, `${id}:b`)).toBe('critical')
    },
  },
]
