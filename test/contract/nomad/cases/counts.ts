import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import { type Spec, spec, type World } from '../world.ts'

const BOUNDS = { Scaling: { Min: 0, Max: 5, Enabled: true } }

/** What a specification says of the count, and what becomes of a live count of 3 when it is registered again. */
const OWNERS = [
  { name: 'count = 0', group: { Count: 0 }, first: 0, again: 0 },
  { name: 'count = 0 with bounds', group: { Count: 0, ...BOUNDS }, first: 0, again: 0 },
  { name: 'no count, with bounds', group: { Count: null, ...BOUNDS }, first: 0, again: 0 },
  { name: 'no count', group: { Count: null }, first: 1, again: 1 },
]

const count = async (world: World, id: string): Promise<number | undefined> =>
  (await world.job(id)).TaskGroups[0]?.Count

const REFUSED: readonly {
  readonly name: string
  readonly job: (id: string) => Spec
  readonly text: RegExp
}[] = [
  {
    name: 'a count above the bounds',
    job: (id) => spec(id, { Count: 9, ...BOUNDS }),
    text: /task group count must not be greater than maximum count in scaling policy/,
  },
  {
    name: 'a count below the bounds',
    job: (id) => spec(id, { Count: 1, Scaling: { Min: 2, Max: 5, Enabled: true } }),
    text: /task group count must not be less than minimum count in scaling policy/,
  },
  {
    name: 'an update block of a batch job',
    job: (id) => spec(id, { Update: { MaxParallel: 1 } }),
    text: /Job type "batch" does not allow update block/,
  },
  {
    name: 'attempts without end',
    job: (id) => spec(id, { ReschedulePolicy: { Unlimited: true } }),
    text: /Reschedule Policy with Attempts = 1, Interval = 24h0m0s, and Unlimited = true is ambiguous/,
  },
  {
    name: 'a kill timeout above the deadline of progress',
    job: (id) => spec(id, { task: { KillTimeout: 7.2e12 } }, { Type: 'service' }),
    text: /KillTimout \(2h0m0s\) longer than the group's ProgressDeadline \(10m0s\)/,
  },
  { name: 'no groups', job: (id) => ({ ...spec(id), TaskGroups: [] }), text: /Missing job task groups/ },
  {
    name: 'a namespace that is not there',
    job: (id) => spec(id, {}, { Namespace: 'nowhere' }),
    text: /is in nonexistent namespace "nowhere"/,
  },
]

export const countCases: readonly Case[] = [
  ...OWNERS.map(
    ({ name, group, first, again }): Case => ({
      name: `${name}: ${first} at first, ${again} again, the live count only when it is to be preserved`,
      async run(world, id) {
        const job = spec(id, { ...group, script: 'sleep 1000' })
        await world.register(job)
        expect(await count(world, id)).toBe(first)
        await world.scale(id, 3)
        await world.register(job, { PreserveCounts: true })
        expect(await count(world, id)).toBe(3)
        await world.register(job)
        expect(await count(world, id)).toBe(again)
        await world.send('DELETE', `job/${id}`)
      },
    }),
  ),
  ...REFUSED.map(
    ({ name, job, text }): Case => ({
      name: `refuses to register ${name}; validating says the same, with 200`,
      async run(world, id) {
        const answer = await world.send('PUT', 'jobs', { Job: job(id) })
        expect(answer).toMatchObject({ status: 500, type: 'text/plain', text: expect.stringMatching(text) })
        if (name.startsWith('a namespace')) return
        const checked = await world.send('PUT', 'validate/job', { Job: job(id) })
        expect(checked.status).toBe(200)
        expect(checked.json<{ Error: string }>().Error).toMatch(text)
      },
    }),
  ),
  {
    name: 'a preserved count is not held against the bounds',
    async run(world, id) {
      await world.register(spec(id, { Count: 4, script: 'sleep 1000' }))
      await world.register(
        spec(id, { Count: 2, script: 'sleep 1000', Scaling: { Min: 0, Max: 2, Enabled: true } }),
        {
          PreserveCounts: true,
        },
      )
      expect(await count(world, id)).toBe(4)
      await world.send('DELETE', `job/${id}`)
    },
  },
  {
    name: 'the same again is no version, unless the live count is another one than it says',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      await world.register(spec(id, { Count: 0 }), { PreserveCounts: true })
      expect((await world.job(id)).Version).toBe(0)
      await world.scale(id, 1)
      await world.register(spec(id, { Count: 0 }), { PreserveCounts: true })
      expect(await world.job(id)).toMatchObject({ Version: 2, TaskGroups: [{ Count: 1 }] })
      await world.register(spec(id, { Count: 1 }), { PreserveCounts: true })
      expect((await world.job(id)).Version).toBe(2)
    },
  },
  {
    name: 'compare-and-set on registering',
    async run(world, id) {
      const put = (JobModifyIndex: number, Count = 0) =>
        world.send('PUT', 'jobs', { Job: spec(id, { Count }), EnforceIndex: true, JobModifyIndex })
      expect(await put(7)).toMatchObject({ status: 500, text: expect.stringMatching(/does not exist/) })
      expect((await put(0)).status).toBe(200)
      const { JobModifyIndex } = await world.job(id)
      expect(await put(0)).toMatchObject({
        status: 500,
        text: 'Enforcing job modify index 0: job already exists',
      })
      const stale = `Enforcing job modify index 3: job exists with conflicting job modify index: ${JobModifyIndex}`
      expect(await put(3)).toMatchObject({ status: 500, text: stale })
      expect((await put(JobModifyIndex, 1)).status).toBe(200)
      expect((await world.job(id)).Version).toBe(1)
    },
  },
  {
    name: 'what is no job at all',
    async run(world) {
      expect(await world.send('PUT', 'jobs', {})).toMatchObject({
        status: 400,
        text: 'Job must be specified',
      })
      expect((await world.send('PUT', 'jobs', '')).status).toBe(400)
      expect(await world.send('GET', 'job/nope')).toMatchObject({ status: 404, text: 'job not found' })
      expect((await world.send('DELETE', 'job/nope')).json()).toMatchObject({ EvalID: '' })
      expect((await world.send('GET', 'job/nope/allocations')).json()).toEqual([])
    },
  },
]
