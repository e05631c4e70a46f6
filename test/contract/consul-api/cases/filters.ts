import { expect } from 'vitest'
import type { Case } from '../contract.ts'

/** Of three services `ID-a`, `ID-b`, `ID-c`, those that an expression fits; `@` stands for the ID. */
const EXPRESSIONS: readonly (readonly [text: string, fits: string])[] = [
  ['Meta.stack == "@"', 'ab'],
  ['Meta.stack != "@" and ID matches "^@-"', 'c'],
  ['Meta.none == "x"', ''],
  ['Meta["two-words"] == "yes"', 'b'],
  ['Tags contains "@-red"', 'ac'],
  ['"@-red" in Tags', 'ac'],
  ['Tags not contains "@-red" and Meta.stack == "@"', 'b'],
  ['"@-red" not in Tags and Meta.stack == "@"', 'b'],
  ['ID matches "^@-[bc]$"', 'bc'],
  ['Meta.stack == "@" and not ID matches "b$"', 'a'],
  ['Tags is empty and Meta.stack == "@"', 'b'],
  ['Tags is not empty and Meta.stack == "@"', 'a'],
  ['(ID == "@-a" or ID == "@-c") and Meta.stack == "@"', 'a'],
  ['ID == "@-a" or ID == "@-c" and Meta.stack == "@"', 'a'],
  ['not (ID == "@-a") and Meta.stack == "@"', 'b'],
  ['Port == 81 and Meta.stack == "@"', 'a'],
  ['Service == `@-c`', 'c'],
  ['Meta.stack == @', 'ab'],
]

export const filterCases: readonly Case[] = [
  {
    name: 'fit what they fit',
    async run(world, id) {
      const put = (letter: string, more: object) =>
        world.put('agent/service/register', { Name: `${id}-${letter}`, ...more })
      await put('a', { Tags: [`${id}-red`], Meta: { stack: id }, Port: 81 })
      await put('b', { Meta: { stack: id, 'two-words': 'yes' }, Port: 82 })
      await put('c', { Tags: [`${id}-red`], Meta: { stack: 'other' } })
      const found: (readonly [string, string])[] = []
      for (const [text] of EXPRESSIONS) {
        const filter = encodeURIComponent(text.replaceAll('@', id))
        const answer = await world.send('GET', `agent/services?filter=${filter}`)
        const fits =
          answer.status === 200 ? Object.keys(answer.json()).map((one) => one.at(-1)) : [answer.text]
        found.push([text, fits.sort().join('')])
      }
      expect(found).toEqual(EXPRESSIONS)
    },
  },
  {
    name: 'choose checks by their service',
    async run(world, id) {
      await world.put('agent/service/register', { Name: id, Tags: [id], Check: { CheckID: id, TTL: '1m' } })
      const ofStack = encodeURIComponent(`ServiceTags contains "${id}" or ServiceName == ""`)
      const checks = await world.get<{ CheckID: string }[]>(`health/state/any?filter=${ofStack}`)
      expect(checks.map(({ CheckID }) => CheckID).sort()).toEqual([id, 'serfHealth'])
      const ofId = encodeURIComponent(`ServiceID matches "^${id}$"`)
      expect(Object.keys(await world.get<object>(`agent/checks?filter=${ofId}`))).toEqual([id])
    },
  },
  {
    name: 'choose services of a node',
    async run(world, id) {
      await world.put('agent/service/register', { Name: id, Meta: { stack: id } })
      const { Config } = await world.get<{ Config: { NodeName: string } }>('agent/self')
      const filter = encodeURIComponent(`Meta.stack == "${id}"`)
      const { Services } = await world.get<{ Services: { ID: string }[] }>(
        `catalog/node-services/${Config.NodeName}?filter=${filter}`,
      )
      expect(Services.map(({ ID }) => ID)).toEqual([id])
    },
  },
  {
    name: 'that speak of nothing, or are none, are refused',
    async run(world) {
      const odd = await world.send('GET', `agent/services?filter=${encodeURIComponent('Bogus == "a"')}`)
      expect([odd.status, odd.text]).toEqual([
        500,
        'Failed to create boolean expression evaluator: Selector "Bogus" is not valid',
      ])
      for (const text of ['Meta.x = "a"', 'ID ==', '(ID == "a"', 'ID == "a" ID']) {
        const answer = await world.send('GET', `agent/services?filter=${encodeURIComponent(text)}`)
        expect(answer.status).toBe(500)
        expect(answer.text).toMatch(/^Failed to create boolean expression evaluator: /)
      }
    },
  },
]
