import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import type { World } from '../world.ts'

const NOBODY = '11111111-1111-1111-1111-111111111111'

async function session(world: World, more: object = {}): Promise<string> {
  const answer = await world.put('session/create', { TTL: '30s', LockDelay: '0s', ...more })
  return answer.json<{ ID: string }>().ID
}

const acquire = async (world: World, key: string, id: string) =>
  (await world.put(`kv/${key}?acquire=${id}`, id)).text

async function holder(
  world: World,
  key: string,
): Promise<{ Session?: string; LockIndex: number } | undefined> {
  return (await world.get<{ Session?: string; LockIndex: number }[]>(`kv/${key}`))[0]
}

export const sessionCases: readonly Case[] = [
  {
    name: 'live from ten seconds to a day',
    async run(world) {
      for (const TTL of ['9s', '25h']) {
        const answer = await world.send('PUT', 'session/create', { TTL })
        expect(answer.status).toBe(500)
        expect(answer.text).toMatch(/^Invalid Session TTL '\d+', must be between \[10s=24h0m0s\]$/)
      }
    },
  },
  {
    name: 'are told of as they were made',
    async run(world, id) {
      const one = await session(world, { Name: id, TTL: '10s', LockDelay: '3s' })
      const [body] = await world.get<object[]>(`session/info/${one}`)
      expect(body).toEqual({
        ...{ ID: one, Name: id, Node: expect.any(String), LockDelay: 3e9, Behavior: 'release', TTL: '10s' },
        ...{ NodeChecks: ['serfHealth'], ServiceChecks: null },
        ...{ CreateIndex: expect.any(Number), ModifyIndex: expect.any(Number) },
      })
      expect(await world.get('session/list')).toContainEqual(body)
      expect((await world.put(`session/renew/${one}`)).json()).toEqual([body])
      expect((await world.put(`session/destroy/${one}`)).text).toBe('true')
      expect(await world.get(`session/info/${one}`)).toEqual([])
      const gone = await world.send('PUT', `session/renew/${NOBODY}`)
      expect([gone.status, gone.text]).toEqual([404, `Session id '${NOBODY}' not found`])
    },
  },
  {
    name: 'hold a key that no other can have meanwhile',
    async run(world, id) {
      const [one, two] = [await session(world), await session(world)]
      expect(await acquire(world, id, one)).toBe('true')
      expect(await acquire(world, id, one)).toBe('true')
      expect(await acquire(world, id, two)).toBe('false')
      expect(await holder(world, id)).toMatchObject({ Session: one, LockIndex: 1 })
      expect((await world.put(`kv/${id}?release=${two}`, 'x')).text).toBe('false')
      expect((await world.put(`kv/${id}?release=${one}`, 'x')).text).toBe('true')
      expect((await holder(world, id))?.Session).toBeUndefined()
      expect(await acquire(world, id, two)).toBe('true')
      expect(await holder(world, id)).toMatchObject({ Session: two, LockIndex: 2 })
    },
  },
  {
    name: 'that are not there hold nothing',
    async run(world, id) {
      const answer = await world.send('PUT', `kv/${id}?acquire=${NOBODY}`, 'x')
      expect([answer.status, answer.text]).toEqual([500, `raft apply failed: invalid session "${NOBODY}"`])
    },
  },
  {
    name: 'only advise: a plain write goes through, and the key stays held',
    async run(world, id) {
      const one = await session(world)
      await acquire(world, id, one)
      expect((await world.put(`kv/${id}`, 'mine')).text).toBe('true')
      expect((await world.send('GET', `kv/${id}?raw`)).text).toBe('mine')
      expect((await holder(world, id))?.Session).toBe(one)
    },
  },
  {
    name: 'give their keys away as they end, once the lock delay is over',
    async run(world, id) {
      const [one, two] = [await session(world, { LockDelay: '1s' }), await session(world)]
      await acquire(world, id, one)
      await world.put(`session/destroy/${one}`)
      expect((await holder(world, id))?.Session).toBeUndefined()
      expect(await acquire(world, id, two)).toBe('false')
      await world.until('the delay is over', async () => (await acquire(world, id, two)) === 'true')
    },
  },
  {
    name: 'delete their keys where they are told to',
    async run(world, id) {
      const one = await session(world, { Behavior: 'delete' })
      await acquire(world, id, one)
      await world.put(`session/destroy/${one}`)
      expect((await world.send('GET', `kv/${id}`)).status).toBe(404)
    },
  },
]
