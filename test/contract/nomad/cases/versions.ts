import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import { spec, type World } from '../world.ts'

interface Versions {
  readonly Versions: { readonly Version: number; readonly VersionTag: { readonly Name: string } | null }[]
}

const tag = (world: World, id: string, name: string, Version?: number) =>
  world.send('PUT', `job/${id}/versions/${name}/tag`, { Version, Description: 'why' })
const tags = async (world: World, id: string): Promise<Record<number, string | undefined>> => {
  const { Versions } = await world.get<Versions>(`job/${id}/versions`)
  return Object.fromEntries(Versions.map(({ Version, VersionTag }) => [Version, VersionTag?.Name]))
}

export const versionCases: readonly Case[] = [
  {
    name: 'a tag stays with its version, and goes on to those that scaling makes of it',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      await world.quiet(id)
      const before = await world.job(id)
      const answer = await tag(world, id, 'deploy', 0)
      expect(answer.json()).toMatchObject({ Name: 'deploy', Description: 'why' })
      const after = await world.job(id)
      expect(after.JobModifyIndex).toBe(before.JobModifyIndex)
      expect(after.ModifyIndex).toBeGreaterThan(before.ModifyIndex)
      await world.scale(id, 0)
      expect(await tags(world, id)).toEqual({ 0: 'deploy', 1: 'deploy' })
    },
  },
  {
    name: 'tags that cannot be',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      await world.scale(id, 0)
      await tag(world, id, 't1', 1)
      expect(await tag(world, id, 't1', 0)).toMatchObject({
        status: 500,
        text: `tag "t1" already exists on a different version of job "${id}"`,
      })
      expect(await tag(world, id, 't2', 99)).toMatchObject({
        status: 500,
        text: `job "${id}" version 99 not found`,
      })
      const untag = (name: string) => world.send('DELETE', `job/${id}/versions/${name}/tag`)
      expect(await untag('t9')).toMatchObject({ status: 500, text: `tag "t9" not found on job "${id}"` })
      expect((await untag('t1')).status).toBe(200)
      expect(await tags(world, id)).toEqual({ 0: undefined, 1: undefined })
    },
  },
  {
    name: 'a tagged version is kept beside the last six',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      await tag(world, id, 'first', 0)
      await world.register(spec(id, { Count: 0 }, { Priority: 60 }))
      for (let call = 0; call < 9; call++) await world.scale(id, 0)
      const kept = await tags(world, id)
      expect(kept[0]).toBe('first')
      expect(Object.keys(kept)).not.toContain('1')
    },
  },
  {
    name: 'a revert makes a version of an old one, its count included',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      await world.scale(id, 1)
      const revert = (body: object) => world.send('PUT', `job/${id}/revert`, body)
      expect(await revert({ JobVersion: 0 })).toMatchObject({ status: 400, text: 'JobID must be specified' })
      expect(await revert({ JobID: id, JobVersion: 9 })).toMatchObject({
        status: 500,
        text: `job "${id}" in namespace "default" at version 9 not found`,
      })
      expect(await revert({ JobID: id, JobVersion: 0, EnforcePriorVersion: 7 })).toMatchObject({
        status: 500,
        text: 'Current job has version 1; enforcing version 7',
      })
      expect((await revert({ JobID: id, JobVersion: 0 })).status).toBe(200)
      expect(await world.job(id)).toMatchObject({ Version: 2, TaskGroups: [{ Count: 0 }] })
    },
  },
  {
    name: 'a stopped job is stopped in a version of its own, and runs again when it is registered',
    async run(world, id) {
      await world.register(spec(id))
      await world.running(id, 1)
      await world.send('DELETE', `job/${id}`)
      await world.quiet(id)
      expect(await world.job(id)).toMatchObject({ Stop: true, Status: 'dead', Version: 1 })
      await world.register(spec(id), { PreserveCounts: true })
      expect(await world.job(id)).toMatchObject({ Stop: false, Version: 2 })
      await world.running(id, 1)
      await world.send('DELETE', `job/${id}?purge=true`)
      expect((await world.send('GET', `job/${id}`)).status).toBe(404)
    },
  },
  {
    name: 'lists come in pages: jobs by name, allocations by age',
    async run(world, id) {
      await world.register(spec(`${id}-b`, { Count: 0 }))
      await world.register(spec(`${id}-a`, { Count: 3 }))
      await world.running(`${id}-a`, 3)
      const jobs = await world.send('GET', `jobs?prefix=${id}-&per_page=1`)
      expect(jobs.json<{ ID: string }[]>().map(({ ID }) => ID)).toEqual([`${id}-a`])
      expect(jobs.next).toBe(`default.${id}-b`)
      const last = await world.send('GET', `jobs?prefix=${id}-&per_page=1&next_token=${jobs.next}`)
      expect(last.json<{ ID: string }[]>().map(({ ID }) => ID)).toEqual([`${id}-b`])
      expect(last.next).toBeUndefined()
      const first = await world.send('GET', 'allocations?per_page=1')
      const [one] = first.json<{ ID: string }[]>()
      const second = await world.send('GET', `allocations?per_page=1&next_token=${first.next}`)
      const [two] = second.json<{ ID: string; CreateIndex: number }[]>()
      expect(first.next).toBe(`${two?.CreateIndex}.${two?.ID}`)
      expect(two?.ID).not.toBe(one?.ID)
    },
  },
  {
    name: 'lists: jobs with their meta, scaling policies with their bodies',
    async run(world, id) {
      const Policy = { drover: [{ queue: 'heavy' }] }
      await world.register(
        spec(id, { Count: 0, Scaling: { Min: 0, Max: 4, Enabled: true, Policy } }, { Meta: { owner: 'us' } }),
      )
      const jobs = await world.get<{ ID: string }[]>('jobs?namespace=*&meta=true')
      expect(jobs.find(({ ID }) => ID === id)).toMatchObject({
        Type: 'batch',
        Stop: false,
        Meta: { owner: 'us' },
      })
      const policies = await world.get<{ ID: string; Target: { Job: string } }[]>(
        'scaling/policies?namespace=*',
      )
      const stub = policies.find(({ Target }) => Target.Job === id)
      expect(stub).toMatchObject({ Enabled: true, Target: { Namespace: 'default', Group: 'g' } })
      expect(stub).not.toHaveProperty('Min')
      expect(await world.get(`scaling/policy/${stub?.ID}`)).toMatchObject({ Min: 0, Max: 4, Policy })
      expect((await world.send('GET', 'scaling/policy/nope')).status).toBe(404)
    },
  },
]
