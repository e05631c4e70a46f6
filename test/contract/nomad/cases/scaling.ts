import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import { spec, type World } from '../world.ts'

interface Refusal {
  readonly name: string
  readonly job?: string
  readonly query?: string
  readonly method?: string
  readonly body: unknown
  readonly status: number
  readonly text: string
}

const G = { Target: { Group: 'g' } }
const SAID = 'json: cannot unmarshal'

/** Of a job with two allocations, min 1 and max 5; {id} stands for its id, {index} for its index. */
const REFUSALS: readonly Refusal[] = [
  {
    name: 'an unknown job',
    job: 'nope',
    body: { Count: 3, ...G },
    status: 404,
    text: 'job "nope" not found',
  },
  {
    name: 'an unknown namespace',
    query: '?namespace=nowhere',
    body: { Count: 3, ...G },
    status: 404,
    text: 'job "{id}" not found',
  },
  {
    name: 'an unknown group',
    body: { Count: 3, Target: { Group: 'x' } },
    status: 400,
    text: 'task group "x" specified for scaling does not exist in job',
  },
  {
    name: 'above the maximum',
    body: { Count: 9, ...G },
    status: 400,
    text: 'group count was greater than scaling policy maximum: 9 > 5',
  },
  {
    name: 'below the minimum',
    body: { Count: 0, ...G },
    status: 400,
    text: 'group count was less than scaling policy minimum: 0 < 1',
  },
  {
    name: 'a negative count',
    body: { Count: -1, ...G },
    status: 400,
    text: "scaling action count can't be negative",
  },
  { name: 'no group', body: { Count: 1 }, status: 400, text: 'missing task group name for scaling action' },
  {
    name: 'an error with a count',
    body: { Count: 1, Error: true, ...G },
    status: 400,
    text: 'scaling action should not contain count if error is true',
  },
  {
    name: 'a count in quotes',
    body: { Count: '3', ...G },
    status: 400,
    text: `${SAID} string into Go struct field ScalingRequest.Count of type int64`,
  },
  {
    name: 'half an allocation',
    body: { Count: 2.5, ...G },
    status: 400,
    text: `${SAID} number 2.5 into Go struct field ScalingRequest.Count of type int64`,
  },
  {
    name: 'what is not JSON',
    body: '{bad',
    status: 400,
    text: "invalid character 'b' looking for beginning of object key string",
  },
  { name: 'an empty body', body: '', status: 400, text: 'Request body is empty' },
  { name: 'another method', method: 'DELETE', body: undefined, status: 405, text: 'Invalid method' },
  {
    name: 'another job in the body',
    body: { Count: 2, Target: { Group: 'g', Job: 'other' } },
    status: 400,
    text: 'job ID in payload did not match URL',
  },
  {
    name: 'a stale index',
    body: { Count: 2, JobModifyIndex: 5, ...G },
    status: 500,
    text: 'Enforcing job modify index 5: job exists with conflicting job modify index: {index}',
  },
]

const refusals: readonly Case[] = REFUSALS.map(
  ({ name, job, query = '', method = 'PUT', body, status, text }) => ({
    name: `refuses ${name}, in plain text, and changes nothing`,
    async run(world, id) {
      await world.register(spec(id, { Count: 2, Scaling: { Min: 1, Max: 5, Enabled: true } }))
      await world.quiet(id)
      const before = await world.job(id)
      const answer = await world.send(method, `job/${job ?? id}/scale${query}`, body)
      const words = text.replace('{id}', id).replace('{index}', String(before.JobModifyIndex))
      expect(answer).toMatchObject({ status, text: words, type: 'text/plain' })
      expect((await world.job(id)).Version).toBe(before.Version)
    },
  }),
)

interface ScaleStatus {
  readonly JobStopped: boolean
  readonly JobModifyIndex: number
  readonly TaskGroups: {
    readonly g: {
      readonly Desired: number
      readonly Placed: number
      readonly Running: number
      readonly Events: Record<string, unknown>[]
    }
  }
}

const status = (world: World, id: string): Promise<ScaleStatus> => world.get(`job/${id}/scale`)

export const scaleCases: readonly Case[] = [
  ...refusals,
  {
    name: 'takes the index of the specification, and not the one that GET scale gives',
    async run(world, id) {
      await world.register(spec(id, { Count: 1 }))
      await world.running(id, 1)
      const { JobModifyIndex, ModifyIndex } = await world.job(id)
      expect(ModifyIndex).toBeGreaterThan(JobModifyIndex)
      expect((await status(world, id)).JobModifyIndex).toBe(ModifyIndex)
      expect((await world.scale(id, 2, { JobModifyIndex: ModifyIndex })).status).toBe(500)
      const answer = await world.scale(id, 2, { JobModifyIndex })
      expect(answer.status).toBe(200)
      const body = answer.json<Record<string, number>>()
      expect(body).toMatchObject({ EvalID: expect.stringMatching(/^[0-9a-f-]{36}$/), Warnings: '' })
      expect(body.JobModifyIndex).toBe((await world.job(id)).JobModifyIndex)
      expect((await world.scale(id, 3, { JobModifyIndex })).status).toBe(500)
    },
  },
  {
    name: 'ignores fields that it does not know, and takes POST too',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      const body = { Count: 1, Target: { Group: 'g' }, Colour: 'red' }
      expect((await world.send('POST', `job/${id}/scale`, body)).status).toBe(200)
    },
  },
  {
    name: 'records an event without a count, and makes no version of it',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      await world.quiet(id)
      const body = { Target: { Group: 'g' }, Error: true, Message: 'why', Meta: { a: 12, b: { c: ['d'] } } }
      const answer = await world.send('PUT', `job/${id}/scale`, body)
      expect(answer.status).toBe(200)
      expect(answer.json()).toMatchObject({ EvalID: '', EvalCreateIndex: 0 })
      expect((await world.job(id)).Version).toBe(0)
      const [event] = (await status(world, id)).TaskGroups.g.Events
      expect(event).toMatchObject({
        Count: null,
        EvalID: null,
        PreviousCount: 0,
        Error: true,
        Message: 'why',
      })
      expect(event?.Meta).toEqual({ a: 12, b: { c: ['d'] } })
    },
  },
  {
    name: 'makes a version of the same count',
    async run(world, id) {
      await world.register(spec(id, { Count: 1 }))
      const before = await world.running(id, 1)
      expect((await world.scale(id, 1)).json<{ EvalID: string }>().EvalID).not.toBe('')
      await world.quiet(id)
      expect((await world.job(id)).Version).toBe(1)
      expect((await world.running(id, 1))[0]?.ID).toBe(before[0]?.ID)
    },
  },
  {
    name: 'says 200 of a stopped job, and nothing starts',
    async run(world, id) {
      await world.register(spec(id, { Count: 1 }))
      await world.running(id, 1)
      await world.send('DELETE', `job/${id}`)
      await world.quiet(id)
      const answer = await world.scale(id, 2)
      expect(answer.status).toBe(200)
      expect(answer.json<{ EvalID: string }>().EvalID).not.toBe('')
      await world.quiet(id)
      expect(await status(world, id)).toMatchObject({
        JobStopped: true,
        TaskGroups: { g: { Desired: 2, Placed: 0 } },
      })
      expect((await world.job(id)).Stop).toBe(true)
      const all = await world.allocations(id)
      expect(all.map(({ DesiredStatus }) => DesiredStatus)).toEqual(['stop'])
    },
  },
  {
    name: 'keeps 20 events and 6 versions, the newest first',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      for (let call = 1; call <= 22; call++) await world.scale(id, 0, { Message: `call ${call}` })
      const { Events } = (await status(world, id)).TaskGroups.g
      expect(Events.map(({ Message }) => Message)).toEqual(
        Array.from({ length: 20 }, (_, at) => `call ${22 - at}`),
      )
      const { Versions } = await world.get<{ Versions: { Version: number }[] }>(`job/${id}/versions`)
      expect(Versions.map(({ Version }) => Version)).toEqual([22, 21, 20, 19, 18, 17])
    },
  },
  {
    name: 'is read as 404 of a job that is not there',
    async run(world) {
      expect(await world.send('GET', 'job/nope/scale')).toMatchObject({ status: 404, text: 'job not found' })
    },
  },
]
