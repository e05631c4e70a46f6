import { expect } from 'vitest'
import type { Case } from '../contract.ts'

const WORDS: readonly {
  name: string
  method: string
  path: string
  body?: unknown
  status: number
  says: string
}[] = [
  {
    name: 'a field that it does not know',
    method: 'PUT',
    path: 'agent/service/register',
    body: { Nmae: 'x' },
    status: 400,
    says: 'Bad request: Request decode failed: json: unknown field "Nmae"',
  },
  {
    name: 'a service without a name',
    method: 'PUT',
    path: 'agent/service/register',
    body: { ID: 'x' },
    status: 400,
    says: 'Bad request: Missing service name',
  },
  {
    name: 'half of a JSON text',
    method: 'PUT',
    path: 'agent/service/register',
    body: '{',
    status: 400,
    says: 'Bad request: Request decode failed: unexpected EOF',
  },
  {
    name: 'a time that Go does not read',
    method: 'PUT',
    path: 'agent/service/register',
    body: { Name: 'x', Check: { TTL: 'soon' } },
    status: 400,
    says: 'Bad request: Request decode failed: time: invalid duration "soon"',
  },
  {
    name: 'a check of no type',
    method: 'PUT',
    path: 'agent/service/register',
    body: { Name: 'x', Check: { Name: 'c' } },
    status: 400,
    says: 'Bad request: Invalid check: TTL must be > 0 for TTL checks',
  },
  {
    name: 'a service that is not there, to be removed',
    method: 'PUT',
    path: 'agent/service/deregister/nobody',
    status: 404,
    says: 'Unknown service ID "nobody". Ensure that the service ID is passed, not the service name.',
  },
  {
    name: 'a service that is not there, to be read',
    method: 'GET',
    path: 'agent/service/nobody',
    status: 404,
    says: 'unknown service ID: nobody',
  },
  {
    name: 'a check that is not there',
    method: 'PUT',
    path: 'agent/check/update/none',
    body: { Status: 'passing' },
    status: 404,
    says: 'Unknown check ID "none". Ensure that the check ID is passed, not the check name.',
  },
  {
    name: 'a check that is not there, to be removed',
    method: 'PUT',
    path: 'agent/check/deregister/none',
    status: 404,
    says: 'Unknown check ID "none". Ensure that the check ID is passed, not the check name.',
  },
  {
    name: 'another method',
    method: 'POST',
    path: 'agent/services',
    status: 405,
    says: 'method POST not allowed',
  },
]

export const agentCases: readonly Case[] = [
  ...WORDS.map(
    ({ name, method, path, body, status, says }): Case => ({
      name: `refuses ${name}`,
      async run(world) {
        const answer = await world.send(method, path, body)
        expect([answer.status, answer.type, answer.text]).toEqual([status, 'text/plain', says])
      },
    }),
  ),
  {
    name: 'gives back what was registered, under its ID, and its defaults',
    async run(world, id) {
      const service = {
        ID: id,
        Name: `n-${id}`,
        Tags: ['a', 'b'],
        Meta: { k: 'v' },
        Port: 80,
        Address: 'host.internal',
      }
      const answer = await world.put('agent/service/register', service)
      expect([answer.status, answer.text]).toEqual([200, ''])
      const expected = {
        ...{
          ID: id,
          Service: `n-${id}`,
          Tags: ['a', 'b'],
          Meta: { k: 'v' },
          Port: 80,
          Address: 'host.internal',
        },
        ...{ Weights: { Passing: 1, Warning: 1 }, EnableTagOverride: false, Datacenter: 'dc1' },
      }
      expect((await world.get<Record<string, object>>('agent/services'))[id]).toEqual(expected)
      expect(await world.get(`agent/service/${id}`)).toMatchObject(expected)
    },
  },
  {
    name: 'takes the name for an ID where there is none',
    async run(world, id) {
      await world.put('agent/service/register', { Name: id })
      expect(await world.get(`agent/service/${id}`)).toMatchObject({ ID: id, Service: id, Tags: [], Port: 0 })
    },
  },
  {
    name: 'removes a service with its checks',
    async run(world, id) {
      await world.put('agent/service/register', { Name: id, Check: { TTL: '1m' } })
      expect(await world.serverCheck(`service:${id}`)).toBeDefined()
      expect((await world.put(`agent/service/deregister/${id}`)).text).toBe('')
      expect((await world.send('GET', `agent/service/${id}`)).status).toBe(404)
      expect(await world.agentCheck(`service:${id}`)).toBeUndefined()
      await world.until(
        'the servers know',
        async () => (await world.serverCheck(`service:${id}`)) === undefined,
      )
      expect(await world.get(`catalog/service/${id}`)).toEqual([])
    },
  },
  {
    name: 'says who it is',
    async run(world) {
      const { Config, Member } = await world.get<{
        Config: { Datacenter: string; NodeName: string; Version: string }
        Member: { Name: string }
      }>('agent/self')
      expect(Config).toMatchObject({ Datacenter: 'dc1', Server: true })
      expect(Config.Version).toMatch(/^1\./)
      expect(Member.Name).toBe(Config.NodeName)
      expect(await world.get('status/leader')).toMatch(/:\d+$/)
    },
  },
]
