import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import { spec, type World } from '../world.ts'

const BLOCKED = { status: 400, text: 'job scaling blocked due to active deployment' }
/** Healthy after a second, one at a time. */
const UPDATE = { MaxParallel: 1, MinHealthyTime: 1e9, HealthyDeadline: 60e9, ProgressDeadline: 120e9 }
const service = (id: string, count: number, more: Record<string, unknown> = {}) =>
  spec(id, { Count: count, script: 'sleep 1000', Update: UPDATE, ...more }, { Type: 'service' })

interface Deployment {
  readonly Status: string
  readonly JobVersion: number
  readonly TaskGroups: Record<string, { DesiredTotal: number; HealthyAllocs: number; PlacedAllocs: number }>
}

function deployed(world: World, id: string, version: number): Promise<void> {
  return world.until(`version ${version} of ${id} is deployed`, async () => {
    const one = await world.get<Deployment | null>(`job/${id}/deployment`)
    return one?.Status === 'successful' && one.JobVersion === version
  })
}

export const deploymentCases: readonly Case[] = [
  {
    name: 'block every scale until all is healthy, up and down, but no event',
    async run(world, id) {
      await world.register(service(id, 1))
      await world.running(id, 1)
      expect(await world.scale(id, 2)).toMatchObject(BLOCKED)
      const error = { Target: { Group: 'g' }, Error: true, Message: 'blocked' }
      expect((await world.send('PUT', `job/${id}/scale`, error)).status).toBe(200)
      await deployed(world, id, 0)
      expect((await world.scale(id, 2)).status).toBe(200)
      await world.running(id, 2)
      expect(await world.scale(id, 1)).toMatchObject(BLOCKED)
      await deployed(world, id, 1)
      expect((await world.scale(id, 1)).status).toBe(200)
      await world.quiet(id)
      expect(await world.get(`job/${id}/deployment`)).toMatchObject({ Status: 'running', JobVersion: 2 })
      expect(await world.scale(id, 2)).toMatchObject(BLOCKED)
    },
  },
  {
    name: 'are told by GET job/:id/deployment and deployments',
    async run(world, id) {
      await world.register(service(id, 2))
      await world.quiet(id)
      const one = await world.get<Deployment>(`job/${id}/deployment`)
      expect(one).toMatchObject({
        JobID: id,
        Status: 'running',
        StatusDescription: 'Deployment is running',
        TaskGroups: { g: { DesiredTotal: 2, PlacedAllocs: 2 } },
      })
      expect(await world.get<Deployment[]>(`job/${id}/deployments`)).toHaveLength(1)
      expect(await world.get(`job/nope/deployment`)).toBeNull()
    },
  },
  {
    name: 'do not come about with max_parallel = 0, nor for batch jobs',
    async run(world, id) {
      await world.register(service(id, 1, { Update: { MaxParallel: 0 } }))
      for (const count of [2, 3, 1, 2]) expect((await world.scale(id, count)).status).toBe(200)
      expect(await world.get(`job/${id}/deployment`)).toBeNull()
      await world.running(id, 2)
    },
  },
  {
    name: 'replace one after the other',
    async run(world, id) {
      await world.register(service(id, 2))
      await deployed(world, id, 0)
      const before = (await world.running(id, 2)).map(({ ID }) => ID)
      await world.register(service(id, 2, { task: { Env: { COLOUR: 'red' } } }))
      await world.quiet(id)
      const kept = (await world.allocations(id)).filter(
        ({ ID, DesiredStatus }) => before.includes(ID) && DesiredStatus === 'run',
      )
      expect(kept.length).toBe(1)
      await deployed(world, id, 1)
      const after = (await world.running(id, 2)).map(({ ID }) => ID)
      expect(after.filter((one) => before.includes(one))).toEqual([])
      expect(await world.job(id)).toMatchObject({ Version: 1, Stable: true })
    },
  },
  {
    name: 'are cancelled by the next version',
    async run(world, id) {
      await world.register(service(id, 1))
      await world.running(id, 1)
      await world.register(service(id, 1, { task: { Env: { COLOUR: 'blue' } } }))
      await world.quiet(id)
      const all = await world.get<Deployment[]>(`job/${id}/deployments`)
      expect(all.find(({ JobVersion }) => JobVersion === 0)).toMatchObject({ Status: 'cancelled' })
    },
  },
]
