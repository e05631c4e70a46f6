import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import type { World } from '../world.ts'

interface Entry {
  readonly Name: string
  readonly ModifyIndex: number
  readonly Sources: { readonly Name: string; readonly Action: string; readonly Precedence: number }[]
}

const intentions = (Name: string, ...sources: (readonly [string, string])[]) => ({
  Kind: 'service-intentions',
  Name,
  Meta: { by: 'test' },
  Sources: sources.map(([Source, Action]) => ({ Name: Source, Action })),
})

const read = (world: World, id: string) => world.get<Entry>(`config/service-intentions/${id}`)

export const configCases: readonly Case[] = [
  {
    name: 'intentions come back with the most exact source first',
    async run(world, id) {
      expect((await world.put('config', intentions(id, ['*', 'deny'], ['web', 'allow']))).text).toBe('true')
      const entry = await read(world, id)
      expect(entry).toEqual({
        ...{ Kind: 'service-intentions', Name: id, Meta: { by: 'test' } },
        Sources: [
          { Name: 'web', Action: 'allow', Precedence: 9, Type: 'consul' },
          { Name: '*', Action: 'deny', Precedence: 8, Type: 'consul' },
        ],
        ...{ CreateIndex: expect.any(Number), ModifyIndex: expect.any(Number) },
      })
      expect(await world.get('config/service-intentions')).toContainEqual(entry)
    },
  },
  {
    name: 'compare-and-set',
    async run(world, id) {
      const put = async (cas: number, source: string) =>
        (await world.put(`config?cas=${cas}`, intentions(id, [source, 'deny']))).text
      expect(await put(0, 'a')).toBe('true')
      expect(await put(0, 'b')).toBe('false')
      const { ModifyIndex } = await read(world, id)
      expect(await put(ModifyIndex, 'b')).toBe('true')
      expect(await put(ModifyIndex, 'c')).toBe('false')
      // What is so already is well, whatever the index.
      expect(await put(0, 'b')).toBe('true')
    },
  },
  {
    name: 'compare-and-delete',
    async run(world, id) {
      await world.put('config', intentions(id, ['*', 'deny']))
      const { ModifyIndex } = await read(world, id)
      const remove = async (query: string) =>
        (await world.send('DELETE', `config/service-intentions/${id}${query}`)).text
      expect(await remove(`?cas=${ModifyIndex - 1}`)).toBe('false')
      expect(await remove(`?cas=${ModifyIndex}`)).toBe('true')
      expect(await remove('')).toBe('{}')
      const gone = await world.send('GET', `config/service-intentions/${id}`)
      expect([gone.status, gone.text]).toEqual([
        404,
        `Config entry not found for "service-intentions" / "${id}"`,
      ])
    },
  },
  {
    name: 'what is no intention, and what is no kind, is refused',
    async run(world, id) {
      const odd = await world.send('PUT', 'config', intentions(id, ['web', 'maybe']))
      expect([odd.status, odd.text]).toEqual([500, "Sources[0].Action must be set to 'allow' or 'deny'"])
      const put = await world.send('PUT', 'config', { Kind: 'bogus', Name: id })
      expect([put.status, put.text]).toEqual([
        400,
        'Bad request: Request decoding failed: invalid config entry kind: bogus',
      ])
      const get = await world.send('GET', 'config/bogus')
      expect([get.status, get.text]).toEqual([500, 'invalid config entry kind: bogus'])
    },
  },
]
