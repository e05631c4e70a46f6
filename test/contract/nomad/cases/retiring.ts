import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import { type AllocationStub, spec, type World } from '../world.ts'

const FOREVER = 'sleep 1000'
const ids = (all: readonly AllocationStub[]): string[] => all.map(({ ID }) => ID).sort()
const indexes = (all: readonly AllocationStub[]): number[] =>
  all.map(({ Name }) => Number(/\[(\d+)\]$/.exec(Name)?.[1])).sort((a, b) => a - b)
const told = async (world: World, id: string): Promise<AllocationStub[]> =>
  (await world.allocations(id)).filter(({ DesiredStatus }) => DesiredStatus === 'stop')

/** Four workers of which [1] has left by exit 0. */
async function fourOfWhichOneLeft(world: World, id: string): Promise<AllocationStub[]> {
  await world.register(spec(id, { Count: 4 }))
  const four = await world.running(id, 4)
  expect((await world.signal(four[1], 'SIGTERM')).status).toBe(200)
  await world.status(four[1], 'complete')
  return four.filter((_, at) => at !== 1)
}

export const retireCases: readonly Case[] = [
  ...['batch', 'service'].map(
    (Type): Case => ({
      name: `a ${Type} job that shrinks loses its highest indexes`,
      async run(world, id) {
        const update = Type === 'service' ? { Update: { MaxParallel: 0 } } : {}
        await world.register(spec(id, { Count: 4, script: FOREVER, ...update }, { Type }))
        await world.running(id, 4)
        await world.scale(id, 2)
        await world.quiet(id)
        const stopped = await told(world, id)
        expect(indexes(stopped)).toEqual([2, 3])
        expect(stopped[0]?.DesiredDescription).toBe('alloc not needed due to job update')
        await world.scale(id, 3)
        expect(indexes(await world.running(id, 3))).toEqual([0, 1, 2])
      },
    }),
  ),
  {
    name: 'by index, not by age: the one that was replaced last stays',
    async run(world, id) {
      await world.register(
        spec(id, { Count: 4, script: FOREVER, Update: { MaxParallel: 0 } }, { Type: 'service' }),
      )
      const four = await world.running(id, 4)
      const answer = await world.send('PUT', `allocation/${four[1]?.ID}/stop`)
      expect(answer.json<{ EvalID: string }>().EvalID).not.toBe('')
      await world.status(four[1], 'complete')
      expect(indexes(await world.running(id, 4))).toEqual([0, 1, 2, 3])
      const [stopped] = await told(world, id)
      expect(stopped?.DesiredDescription).toBe('alloc is being migrated')
      await world.scale(id, 3)
      expect(indexes(await world.running(id, 3))).toEqual([0, 1, 2])
      expect((await told(world, id)).map(({ ID }) => ID).sort()).toEqual([four[1]?.ID, four[3]?.ID].sort())
    },
  },
  {
    name: 'a worker that left is not replaced, and the count that follows stops nobody',
    async run(world, id) {
      const stay = await fourOfWhichOneLeft(world, id)
      await world.send('PUT', `job/${id}/evaluate`, { JobID: id })
      await world.quiet(id)
      expect((await world.allocations(id)).length).toBe(4)
      const { JobModifyIndex } = await world.job(id)
      expect((await world.scale(id, 3, { JobModifyIndex })).status).toBe(200)
      await world.quiet(id)
      expect(ids(await world.running(id, 3))).toEqual(ids(stay))
      expect(await told(world, id)).toEqual([])
      expect((await world.allocations(id)).length).toBe(4)
      // Up again takes the index that is free.
      await world.scale(id, 4)
      const four = await world.running(id, 4)
      expect(indexes(four)).toEqual([0, 1, 2, 3])
      expect(ids(four)).toEqual(expect.arrayContaining(ids(stay)))
    },
  },
  {
    name: 'a scale to the same count fills the place of the one that left',
    async run(world, id) {
      const stay = await fourOfWhichOneLeft(world, id)
      await world.scale(id, 4)
      const four = await world.running(id, 4)
      expect(indexes(four)).toEqual([0, 1, 2, 3])
      expect(ids(four)).toEqual(expect.arrayContaining(ids(stay)))
      expect(four.filter(({ JobVersion }) => JobVersion === 1).length).toBe(4)
    },
  },
  {
    name: 'without anybody having left, a batch job loses the highest too',
    async run(world, id) {
      await world.register(spec(id, { Count: 3 }))
      const three = await world.running(id, 3)
      await world.scale(id, 2)
      await world.quiet(id)
      expect(ids(await told(world, id))).toEqual([three[2]?.ID])
    },
  },
  {
    name: 'when all have left the job is dead, and comes back with a count',
    async run(world, id) {
      await world.register(spec(id, { Count: 1 }))
      const [one] = await world.running(id, 1)
      await world.signal(one, 'SIGTERM')
      await world.status(one, 'complete')
      await world.quiet(id)
      expect((await world.job(id)).Status).toBe('dead')
      await world.scale(id, 0)
      await world.quiet(id)
      expect(await world.job(id)).toMatchObject({ Status: 'dead', Stop: false })
      await world.scale(id, 1)
      const [next] = await world.running(id, 1)
      expect(next?.ID).not.toBe(one?.ID)
      expect((await world.job(id)).Status).toBe('running')
    },
  },
  {
    name: 'a service that exits 0 has failed, counts on, and the highest is stopped',
    async run(world, id) {
      const off = { ReschedulePolicy: { Attempts: 0, Interval: 0, Unlimited: false } }
      await world.register(spec(id, { Count: 3, Update: { MaxParallel: 0 }, ...off }, { Type: 'service' }))
      const three = await world.running(id, 3)
      await world.signal(three[0], 'SIGTERM')
      await world.status(three[0], 'failed')
      await world.scale(id, 2)
      await world.quiet(id)
      expect(ids(await told(world, id))).toEqual([three[2]?.ID])
    },
  },
  {
    name: 'a service that exits 0 is started again when its restarts allow it',
    async run(world, id) {
      const RestartPolicy = { Attempts: 3, Interval: 60e9, Delay: 1e8, Mode: 'fail' }
      await world.register(spec(id, { RestartPolicy, Update: { MaxParallel: 0 } }, { Type: 'service' }))
      const [one] = await world.running(id, 1)
      await world.signal(one, 'SIGTERM')
      await world.until(`${id} has restarted`, async () => {
        const state = (await world.allocations(id))[0]?.TaskStates?.w
        return state?.Restarts === 1 && state.State === 'running'
      })
      expect(ids(await world.running(id, 1))).toEqual([one?.ID])
    },
  },
  {
    name: 'a batch worker that fails is placed again after its delay, by another allocation of its index',
    async run(world, id) {
      const ReschedulePolicy = { Attempts: 1, Interval: 3600e9, Delay: 5e9, DelayFunction: 'constant' }
      const script = 'test "$NOMAD_ALLOC_INDEX" = 0 || exec sleep 1000; sleep 0.3; exit 3'
      await world.register(spec(id, { Count: 2, script, ReschedulePolicy }))
      await world.until(`${id} is placed again`, async () => (await world.allocations(id)).length === 3)
      const again = await world.allocations(id)
      const failed = again.find(({ Name }) => Name === `${id}.g[0]`)
      expect(failed).toMatchObject({ ClientStatus: 'failed', DesiredStatus: 'stop' })
      expect(failed?.NextAllocation).toBe(again[2]?.ID)
      expect(again[2]?.Name).toBe(`${id}.g[0]`)
    },
  },
  {
    name: 'one that drains is counted nowhere, and its index is free',
    async run(world, id) {
      const script = "trap 'sleep 2; exit 0' INT; while :; do sleep 0.1; done"
      await world.register(spec(id, { Count: 2, script, task: { KillTimeout: 3600e9 } }))
      const two = await world.running(id, 2)
      await world.scale(id, 1)
      await world.quiet(id)
      const draining = await world.get<AllocationStub>(`allocation/${two[1]?.ID}`)
      expect(draining).toMatchObject({ DesiredStatus: 'stop', ClientStatus: 'running' })
      expect(await world.get(`job/${id}/scale`)).toMatchObject({
        TaskGroups: { g: { Desired: 1, Placed: 1, Running: 1 } },
      })
      await world.scale(id, 2)
      expect(indexes(await world.running(id, 2))).toEqual([0, 1])
      expect((await world.get<AllocationStub>(`allocation/${two[1]?.ID}`)).ClientStatus).toBe('running')
      await world.status(two[1], 'complete')
    },
  },
]
