import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import type { World } from '../world.ts'

async function register(world: World, id: string, more: object = {}): Promise<void> {
  const service = { ID: id, Name: id, Tags: ['x'], Meta: { stack: 's' }, Port: 8080 }
  await world.put('agent/service/register', { ...service, Check: { CheckID: id, TTL: '1m' }, ...more })
}

const keysOf = (value: object | undefined): string[] => Object.keys(value ?? {}).sort()

async function nodeOf(world: World): Promise<string> {
  const { Config } = await world.get<{ Config: { NodeName: string } }>('agent/self')
  return Config.NodeName
}

const SERVICE_KEYS = [
  ...['Address', 'Connect', 'CreateIndex', 'EnableTagOverride', 'ID', 'Meta', 'ModifyIndex', 'Port', 'Proxy'],
  ...['Service', 'Tags', 'Weights'],
]

export const catalogCases: readonly Case[] = [
  {
    name: 'a service by its name, with its node',
    async run(world, id) {
      await register(world, id)
      await register(world, `${id}-b`, { Name: id, Tags: ['y'] })
      const found = await world.get<Record<string, unknown>[]>(`catalog/service/${id}`)
      expect(found.map(({ ServiceID }) => ServiceID).sort()).toEqual([id, `${id}-b`])
      expect(keysOf(found[0])).toEqual([
        ...[
          'Address',
          'CreateIndex',
          'Datacenter',
          'ID',
          'ModifyIndex',
          'Node',
          'NodeMeta',
          'ServiceAddress',
        ],
        ...[
          'ServiceConnect',
          'ServiceEnableTagOverride',
          'ServiceID',
          'ServiceKind',
          'ServiceMeta',
          'ServiceName',
        ],
        ...[
          'ServicePort',
          'ServiceProxy',
          'ServiceSocketPath',
          'ServiceTags',
          'ServiceWeights',
          'TaggedAddresses',
        ],
      ])
      expect(found.find(({ ServiceID }) => ServiceID === id)).toMatchObject({
        ...{
          ServiceName: id,
          ServicePort: 8080,
          ServiceMeta: { stack: 's' },
          ServiceAddress: '',
          Address: '127.0.0.1',
        },
      })
      const tagged = await world.get<Record<string, unknown>[]>(`catalog/service/${id}?tag=y`)
      expect(tagged.map(({ ServiceID }) => ServiceID)).toEqual([`${id}-b`])
      expect(await world.get(`catalog/service/none-${id}`)).toEqual([])
    },
  },
  {
    name: 'an address is told under the names of its kind too',
    async run(world, id) {
      await register(world, id, { Address: '10.0.0.1' })
      const one = { Address: '10.0.0.1', Port: 8080 }
      const tagged = { lan_ipv4: one, wan_ipv4: one }
      const [listed] = await world.get<object[]>(`catalog/service/${id}`)
      expect(listed).toMatchObject({ ServiceAddress: '10.0.0.1', ServiceTaggedAddresses: tagged })
      const [entry] = await world.get<{ Service: object }[]>(`health/service/${id}`)
      expect(entry?.Service).toMatchObject({ Address: '10.0.0.1', TaggedAddresses: tagged })
      expect(await world.get(`agent/service/${id}`)).toMatchObject({ TaggedAddresses: tagged })
    },
  },
  {
    name: 'all names with their tags',
    async run(world, id) {
      await register(world, id)
      await register(world, `${id}-b`, { Name: id, Tags: ['y'] })
      const all = await world.get<Record<string, string[]>>('catalog/services')
      expect(all[id]?.sort()).toEqual(['x', 'y'])
      expect(all.consul).toEqual([])
    },
  },
  {
    name: 'the nodes, and what one of them has',
    async run(world, id) {
      await register(world, id)
      const node = await nodeOf(world)
      const nodes = await world.get<{ Node: string; Address: string }[]>('catalog/nodes')
      expect(nodes.map(({ Node, Address }) => [Node, Address])).toEqual([[node, '127.0.0.1']])
      const { Node, Services } = await world.get<{ Node: { Node: string }; Services: { ID: string }[] }>(
        `catalog/node-services/${node}`,
      )
      expect(Node).toEqual(nodes[0])
      expect(keysOf(Services.find(({ ID }) => ID === id))).toEqual(SERVICE_KEYS)
      expect(await world.get('catalog/node-services/nowhere')).toEqual({ Node: null, Services: null })
    },
  },
  {
    name: 'the health of a service, with the checks of its node',
    async run(world, id) {
      await register(world, id)
      const [entry] = await world.get<{ Node: object; Service: object; Checks: { CheckID: string }[] }[]>(
        `health/service/${id}`,
      )
      expect(keysOf(entry)).toEqual(['Checks', 'Node', 'Service'])
      expect(keysOf(entry?.Service)).toEqual(SERVICE_KEYS)
      expect(entry?.Checks.map(({ CheckID }) => CheckID)).toEqual(['serfHealth', id])
      expect(await world.get(`health/service/${id}?passing`)).toEqual([])
      expect(await world.get(`health/service/${id}?passing=true`)).toEqual([])
      await world.put(`agent/check/pass/${id}`)
      expect(await world.get(`health/service/${id}?passing`)).toHaveLength(1)
    },
  },
  {
    name: 'checks by state, service and node',
    async run(world, id) {
      await register(world, id)
      const has = async (path: string): Promise<boolean> =>
        (await world.get<{ CheckID: string }[]>(path)).some(({ CheckID }) => CheckID === id)
      expect(await has('health/state/any')).toBe(true)
      expect(await has('health/state/critical')).toBe(true)
      expect(await has('health/state/passing')).toBe(false)
      expect(await has('health/state/odd')).toBe(false)
      expect(await has(`health/checks/${id}`)).toBe(true)
      expect(await has(`health/node/${await nodeOf(world)}`)).toBe(true)
    },
  },
  {
    name: 'waits for a service that comes, and no longer than it is told to',
    async run(world, id) {
      const { index } = await world.send('GET', `catalog/service/${id}`)
      const waiting = world.wait(`catalog/service/${id}`, index, (answer) => answer.text.includes(id))
      await register(world, id)
      expect((await waiting).index).toBeGreaterThan(index)
      const late = await world.send('GET', `catalog/service/${id}?index=99999999&wait=100ms`)
      expect(late.status).toBe(200)
    },
  },
]
