import { expect } from 'vitest'
import type { Case } from '../contract.ts'

interface Key {
  readonly Key: string
  readonly Value: string
  readonly ModifyIndex: number
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

export const keyCases: readonly Case[] = [
  {
    name: 'a value goes in and comes out',
    async run(world, id) {
      expect((await world.put(`kv/${id}/a`, 'härter')).text).toBe('true')
      const [key] = await world.get<Key[]>(`kv/${id}/a`)
      expect(key).toEqual({
        ...{ Key: `${id}/a`, Value: base64('härter'), Flags: 0, LockIndex: 0 },
        ...{ CreateIndex: expect.any(Number), ModifyIndex: expect.any(Number) },
      })
      expect((await world.send('GET', `kv/${id}/a?raw`)).text).toBe('härter')
      await world.put(`kv/${id}/a?flags=7`, '')
      expect(await world.get(`kv/${id}/a`)).toMatchObject([
        { Flags: 7, CreateIndex: (key as Key & { CreateIndex: number }).CreateIndex },
      ])
    },
  },
  {
    name: 'keys below a prefix',
    async run(world, id) {
      for (const key of ['b/1', 'b/2', 'a', 'bc']) await world.put(`kv/${id}/${key}`, key)
      expect(await world.get(`kv/${id}/?keys`)).toEqual(
        ['a', 'b/1', 'b/2', 'bc'].map((key) => `${id}/${key}`),
      )
      expect(await world.get(`kv/${id}/?keys=true&separator=/`)).toEqual(
        ['a', 'b/', 'bc'].map((key) => `${id}/${key}`),
      )
      expect((await world.get<Key[]>(`kv/${id}/b?recurse`)).map(({ Key }) => Key)).toEqual(
        ['b/1', 'b/2', 'bc'].map((key) => `${id}/${key}`),
      )
      expect((await world.send('DELETE', `kv/${id}/b?recurse`)).text).toBe('true')
      expect(await world.get(`kv/${id}/?keys`)).toEqual([`${id}/a`])
    },
  },
  {
    name: 'what is not there is 404, without a word',
    async run(world, id) {
      for (const query of ['', '?keys', '?recurse', '?raw']) {
        const answer = await world.send('GET', `kv/none-${id}${query}`)
        expect([answer.status, answer.text]).toEqual([404, ''])
      }
      expect((await world.send('DELETE', `kv/none-${id}`)).text).toBe('true')
    },
  },
  {
    name: 'compare-and-set, and compare-and-delete',
    async run(world, id) {
      expect((await world.put(`kv/${id}?cas=5`, 'a')).text).toBe('false')
      expect((await world.put(`kv/${id}?cas=0`, 'a')).text).toBe('true')
      expect((await world.put(`kv/${id}?cas=0`, 'b')).text).toBe('false')
      const [key] = await world.get<Key[]>(`kv/${id}`)
      expect((await world.put(`kv/${id}?cas=${key?.ModifyIndex}`, 'b')).text).toBe('true')
      expect((await world.send('DELETE', `kv/${id}?cas=${key?.ModifyIndex}`)).text).toBe('false')
      expect((await world.send('GET', `kv/${id}?raw`)).text).toBe('b')
    },
  },
  {
    name: 'a transaction writes all of it',
    async run(world, id) {
      await world.put(`kv/${id}/old`, 'x')
      const answer = await world.put('txn', [
        { KV: { Verb: 'set', Key: `${id}/a`, Value: base64('1') } },
        { KV: { Verb: 'set', Key: `${id}/b`, Value: base64('2') } },
        { KV: { Verb: 'delete', Key: `${id}/old` } },
      ])
      const { Results, Errors } = answer.json<{ Results: { KV: Key }[]; Errors: null }>()
      expect(Errors).toBeNull()
      expect(Results.map(({ KV }) => [KV.Key, KV.Value])).toEqual([
        [`${id}/a`, null],
        [`${id}/b`, null],
      ])
      expect(await world.get(`kv/${id}/?keys`)).toEqual([`${id}/a`, `${id}/b`])
    },
  },
  {
    name: 'a transaction writes nothing when a part of it cannot be',
    async run(world, id) {
      const answer = await world.send('PUT', 'txn', [
        { KV: { Verb: 'set', Key: `${id}/a`, Value: base64('1') } },
        { KV: { Verb: 'get', Key: `${id}/none` } },
      ])
      expect(answer.status).toBe(409)
      expect(answer.json()).toEqual({
        Results: null,
        Errors: [{ OpIndex: 1, What: `key "${id}/none" doesn't exist` }],
      })
      expect((await world.send('GET', `kv/${id}/a`)).status).toBe(404)
    },
  },
  {
    name: 'a transaction is of 64 operations at most',
    async run(world, id) {
      const of = (count: number) =>
        Array.from({ length: count }, (_, at) => ({ KV: { Verb: 'set', Key: `${id}/${at}`, Value: '' } }))
      expect((await world.send('PUT', 'txn', of(65))).status).toBe(413)
      expect((await world.send('PUT', 'txn', of(64))).status).toBe(200)
    },
  },
  {
    name: 'a write wakes who waits for it',
    async run(world, id) {
      await world.put(`kv/${id}`, 'a')
      const { index } = await world.send('GET', `kv/${id}`)
      const waiting = world.wait(`kv/${id}`, index, (answer) => answer.text.includes(base64('b')))
      await world.put(`kv/${id}`, 'b')
      expect((await waiting).index).toBeGreaterThan(index)
    },
  },
]
