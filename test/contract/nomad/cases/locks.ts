import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import type { World } from '../world.ts'

interface Variable {
  readonly Items?: Record<string, string>
  readonly Lock?: { readonly ID: string; readonly TTL: string; readonly LockDelay: string }
  readonly ModifyIndex: number
}

const LOCK = { TTL: '10s', LockDelay: '1s' }
const NOBODY = '3e1a0c6e-9d2f-4c2e-8a55-000000000000'
const put = (world: World, path: string, query: string, body: object) =>
  world.send('PUT', `var/${path}${query}`, body)

async function acquired(world: World, path: string): Promise<string> {
  const answer = await put(world, path, '?lock-acquire', { Items: { a: 'b' }, Lock: LOCK })
  expect(answer.status).toBe(200)
  const { Items, Lock } = answer.json<Variable>()
  expect(Items).toEqual({ a: 'b' })
  expect(Lock).toMatchObject(LOCK)
  return Lock?.ID ?? ''
}

export const lockCases: readonly Case[] = [
  {
    name: 'a lock is had by one, and enforced',
    async run(world, path) {
      const ID = await acquired(world, path)
      const empty = { CreateIndex: 0, ModifyIndex: 0, Path: path }
      const again = await put(world, path, '?lock-acquire', { Items: { a: 'c' }, Lock: LOCK })
      expect(again.status).toBe(409)
      expect(again.json()).toMatchObject(empty)
      expect((await put(world, path, '', { Items: { a: 'c' } })).status).toBe(409)
      expect((await world.send('DELETE', `var/${path}`)).status).toBe(409)
      expect(await world.get<Variable>(`var/${path}`)).toMatchObject({ Items: { a: 'b' }, Lock: { ID } })
    },
  },
  {
    name: 'its holder renews it, and nobody else',
    async run(world, path) {
      const ID = await acquired(world, path)
      const renew = (id: string, of = path) => put(world, of, '?lock-renew', { Path: of, Lock: { ID: id } })
      const answer = await renew(ID)
      expect(answer.status).toBe(200)
      expect(answer.json<Variable>()).toMatchObject({ Lock: { ID, ...LOCK } })
      expect(answer.json()).not.toHaveProperty('Items')
      expect(await renew(NOBODY)).toMatchObject({ status: 409, text: 'attempting to modify locked variable' })
      expect(await renew(ID, `${path}-none`)).toMatchObject({ status: 404, text: "variable doesn't exist" })
    },
  },
  {
    name: 'its holder writes by acquiring it again, with the times kept',
    async run(world, path) {
      const ID = await acquired(world, path)
      const answer = await put(world, path, '?lock-acquire', { Items: { a: 'd' }, Lock: { ID, ...LOCK } })
      expect(answer.json()).toMatchObject({ Items: { a: 'd' }, Lock: { ID, ...LOCK } })
    },
  },
  {
    name: 'who acquires without items deletes those that were there',
    async run(world, path) {
      const ID = await acquired(world, path)
      expect((await put(world, path, '?lock-acquire', { Lock: { ID, ...LOCK } })).status).toBe(200)
      const { Items, Lock } = (await world.send('GET', `var/${path}`)).json<Variable>()
      expect([Items ?? {}, Lock?.ID]).toEqual([{}, ID])
    },
  },
  {
    name: 'a plain write of the holder takes no times, and sets them to 15 s',
    async run(world, path) {
      const ID = await acquired(world, path)
      const answer = await put(world, path, '', { Items: { a: 'd' }, Lock: { ID } })
      expect(answer.json()).toMatchObject({ Items: { a: 'd' }, Lock: { ID, TTL: '15s', LockDelay: '15s' } })
      const refused = await put(world, path, '', { Items: { a: 'e' }, Lock: { ID, ...LOCK } })
      expect(refused).toMatchObject({
        status: 400,
        text: expect.stringMatching(/should not contain lock definition/),
      })
    },
  },
  {
    name: 'after its release the next has it at once',
    async run(world, path) {
      const ID = await acquired(world, path)
      const release = (body: object) => put(world, path, '?lock-release', body)
      expect((await release({ Items: { a: 'b' }, Lock: { ID } })).status).toBe(400)
      const answer = await release({ Lock: { ID } })
      expect(answer.status).toBe(200)
      expect(answer.json()).not.toHaveProperty('Lock')
      expect(await release({ Lock: { ID } })).toMatchObject({
        status: 500,
        text: "variable doesn't hold a lock",
      })
      const renew = await put(world, path, '?lock-renew', { Path: path, Lock: { ID } })
      expect(renew).toMatchObject({ status: 409, text: "variable doesn't hold a lock" })
      expect((await world.get<Variable>(`var/${path}`)).Items).toEqual({ a: 'b' })
      expect(await acquired(world, path)).not.toBe(ID)
    },
  },
  {
    name: 'a plain write with the id of a lock that is over locks again, with nobody to renew it',
    async run(world, path) {
      const ID = await acquired(world, path)
      await put(world, path, '?lock-release', { Lock: { ID } })
      const late = await put(world, path, '', { Items: { a: 'late' }, Lock: { ID } })
      expect(late.status).toBe(200)
      expect((await put(world, path, '?lock-acquire', { Lock: LOCK })).status).toBe(409)
      expect((await put(world, path, '?lock-renew', { Path: path, Lock: { ID } })).status).toBe(409)
    },
  },
  {
    name: 'a holder that is silent for 10 s still has it; in half a minute another can',
    async run(world, path) {
      await acquired(world, path)
      await sleep(10_000)
      expect((await put(world, path, '?lock-acquire', { Lock: LOCK })).status).toBe(409)
      const acquire = () => put(world, path, '?lock-acquire', { Lock: LOCK })
      await world.until('the lock is free', async () => (await acquire()).status === 200)
    },
  },
  {
    name: 'its TTL is 10 s to 24 h',
    async run(world, path) {
      for (const TTL of ['1s', '25h']) {
        const answer = await put(world, path, '?lock-acquire', { Items: {}, Lock: { TTL, LockDelay: '1s' } })
        expect(answer.status).toBe(400)
        expect(answer.text).toMatch(/TTL must be between 10 seconds and 24 hours/)
      }
      const answer = await put(world, path, '?lock-acquire', { Items: { a: 'b' } })
      expect(answer.json<Variable>().Lock).toMatchObject({ TTL: '15s', LockDelay: '15s' })
    },
  },
  {
    name: 'variables without a lock: compare-and-set, lists without contents',
    async run(world, path) {
      expect(await world.send('GET', `var/${path}`)).toMatchObject({
        status: 404,
        text: 'variable not found',
      })
      expect((await put(world, path, '', {})).status).toBe(400)
      const { ModifyIndex } = (await put(world, path, '?cas=0', { Items: { a: 'b' } })).json<Variable>()
      const refused = await put(world, path, '?cas=0', { Items: { a: 'c' } })
      expect(refused.status).toBe(409)
      expect(refused.json<Variable>()).toMatchObject({ Items: { a: 'b' }, ModifyIndex })
      expect((await put(world, path, `?cas=${ModifyIndex}`, { Items: { a: 'c' } })).status).toBe(200)
      const [listed] = await world.get<Variable[]>(`vars?prefix=${path}`)
      expect(listed).not.toHaveProperty('Items')
      expect((await world.send('DELETE', `var/${path}`)).status).toBe(204)
      expect((await world.send('GET', `var/${path}`)).status).toBe(404)
    },
  },
]
