import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import { type Spec, spec, type World } from '../world.ts'

interface Plan {
  readonly Annotations: { readonly DesiredTGUpdates: Record<string, Record<string, number>> }
  readonly Diff: { readonly Type: string } | null
  readonly JobModifyIndex: number
}

async function plan(world: World, job: Spec, more: object = {}): Promise<Plan> {
  const answer = await world.send('PUT', `job/${job.ID}/plan`, { Job: job, Diff: true, ...more })
  expect(answer.status).toBe(200)
  return answer.json<Plan>()
}

/** The counts that are not 0. */
function counts({ Annotations }: Plan): Record<string, number> {
  const group = Annotations.DesiredTGUpdates.g ?? {}
  return Object.fromEntries(Object.entries(group).filter(([, count]) => count > 0))
}

const idle = (id: string, more: Record<string, unknown> = {}, job: Record<string, unknown> = {}): Spec =>
  spec(id, { Count: 4, script: 'sleep 1000', ...more }, job)
const SERVICE = { Type: 'service' }
const ONE = { Update: { MaxParallel: 1, MinHealthyTime: 0, HealthyDeadline: 60e9, ProgressDeadline: 120e9 } }

const CHANGES = [
  { name: 'nothing', to: (id: string) => idle(id), says: { Ignore: 4 }, diff: 'None' },
  { name: 'a count of 0', to: (id: string) => idle(id, { Count: 0 }), says: { Stop: 4 }, diff: 'Edited' },
  {
    name: 'a count of 6',
    to: (id: string) => idle(id, { Count: 6 }),
    says: { Place: 2, InPlaceUpdate: 4 },
    diff: 'Edited',
  },
  {
    name: 'a count of 3',
    to: (id: string) => idle(id, { Count: 3 }),
    says: { Stop: 1, InPlaceUpdate: 3 },
    diff: 'Edited',
  },
  {
    name: 'more memory',
    to: (id: string) => idle(id, { task: { Resources: { CPU: 20, MemoryMB: 21 } } }),
    says: { DestructiveUpdate: 4 },
    diff: 'Edited',
  },
  {
    name: 'other meta',
    to: (id: string) => idle(id, {}, { Meta: { a: 'b' } }),
    says: { DestructiveUpdate: 4 },
    diff: 'Edited',
  },
  {
    name: 'another priority',
    to: (id: string) => idle(id, {}, { Priority: 60 }),
    says: { InPlaceUpdate: 4 },
    diff: 'Edited',
  },
  {
    name: 'another kill timeout',
    to: (id: string) => idle(id, { task: { KillTimeout: 9e9 } }),
    says: { InPlaceUpdate: 4 },
    diff: 'Edited',
  },
]

export const planCases: readonly Case[] = [
  {
    name: 'of a new job: it is placed, and stays unregistered',
    async run(world, id) {
      const made = await plan(world, idle(id))
      expect(counts(made)).toEqual({ Place: 4 })
      expect(made.Diff?.Type).toBe('Added')
      expect((await world.send('GET', `job/${id}`)).status).toBe(404)
    },
  },
  {
    name: 'of every kind of change to four that run; counts are taken as they are sent',
    async run(world, id) {
      await world.register(idle(id))
      await world.running(id, 4)
      for (const { name, to, says, diff } of CHANGES) {
        const made = await plan(world, to(id), { PreserveCounts: true })
        expect({ name, says: counts(made), diff: made.Diff?.Type }).toEqual({ name, says, diff })
      }
      expect((await world.job(id)).Version).toBe(0)
    },
  },
  {
    name: 'of a service that replaces one at a time, and of one that replaces all',
    async run(world, id) {
      const red = { task: { Env: { COLOUR: 'red' } } }
      await world.register(idle(id, { Update: { MaxParallel: 0 } }, SERVICE))
      await world.running(id, 4)
      const all = await plan(world, idle(id, { Update: { MaxParallel: 0 }, ...red }, SERVICE))
      expect(counts(all)).toEqual({ DestructiveUpdate: 4 })
      const one = await plan(world, idle(id, { ...ONE, ...red }, SERVICE))
      expect(counts(one)).toEqual({ DestructiveUpdate: 1, Ignore: 3 })
    },
  },
  {
    name: 'of another job than the path says',
    async run(world, id) {
      const answer = await world.send('PUT', `job/${id}/plan`, { Job: idle('other') })
      expect(answer).toMatchObject({ status: 400, text: 'Job ID does not match' })
    },
  },
]
