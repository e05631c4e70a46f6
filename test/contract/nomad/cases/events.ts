import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import { listen, type StreamLine } from '../stream.ts'
import { spec, type World } from '../world.ts'

interface Told {
  readonly index: number
  readonly topic: string
  readonly type: string
}

const told = (lines: readonly StreamLine[]): Told[] =>
  lines.flatMap(({ Events = [] }) =>
    Events.map(({ Topic, Type, Index }) => ({ index: Index, topic: Topic, type: Type })),
  )
const indexes = (lines: readonly StreamLine[]): number[] => lines.flatMap(({ Index }) => Index ?? [])
const topics = (id: string): string => `topic=Job:${id}&topic=Allocation:${id}&topic=Evaluation:${id}`
/** The first index that nobody has seen. */
async function nextIndex(world: World): Promise<number> {
  const tables = ['jobs', 'evaluations', 'allocations'].map((table) => world.send('GET', table))
  return Math.max(...(await Promise.all(tables)).map(({ index }) => index)) + 1
}

export const eventCases: readonly Case[] = [
  {
    name: 'a scale is told: the job, its evaluation, the plan with allocations, then that they run',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      await world.quiet(id)
      const stream = await listen(world, `${topics(id)}&index=${await nextIndex(world)}`)
      const { JobModifyIndex } = (await world.scale(id, 1)).json<{ JobModifyIndex: number }>()
      const all = await stream.until((seen) =>
        seen.some(({ Events = [] }) =>
          Events.some(({ Payload }) => Payload.Allocation?.ClientStatus === 'running'),
        ),
      )
      stream.close()
      expect(all[0]).toEqual({})
      // An index that is not there yet begins with the newest line that is.
      const lines = all.filter(({ Index = 0 }) => Index >= JobModifyIndex)
      const seen = told(lines).map(({ topic, type }) => `${topic} ${type}`)
      const order = ['Job JobRegistered', 'Evaluation EvaluationUpdated', 'Allocation PlanResult']
      expect(seen.filter((one, at) => order.includes(one) && seen.indexOf(one) === at)).toEqual(order)
      expect(seen.at(-1)).toBe('Allocation AllocationUpdated')
      const job = lines.flatMap(({ Events = [] }) => Events).find(({ Topic }) => Topic === 'Job')
      expect(job).toMatchObject({ Key: id, Namespace: 'default', FilterKeys: null })
      expect(job?.Payload.Job).toMatchObject({ ID: id, Version: 1, TaskGroups: [{ Count: 1 }] })
      const placed = lines.flatMap(({ Events = [] }) => Events).find(({ Topic }) => Topic === 'Allocation')
      expect(placed?.Payload.Allocation).toMatchObject({
        ID: placed?.Key,
        JobID: id,
        TaskGroup: 'g',
        Name: `${id}.g[0]`,
        ClientStatus: 'pending',
        DesiredStatus: 'run',
      })
      // The job is left out of it, and so is its version.
      expect(placed?.Payload.Allocation).not.toHaveProperty('Job')
      expect(placed?.Payload.Allocation).not.toHaveProperty('JobVersion')
      expect(placed?.FilterKeys?.[0]).toBe(id)
      const ascending = [...indexes(lines)].sort((a, b) => a - b)
      expect(indexes(lines)).toEqual(ascending)
    },
  },
  {
    name: 'an index resumes with itself included; without one all that is kept comes first',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      await world.quiet(id)
      const [start, scaled] = [
        await world.job(id),
        (await world.scale(id, 0)).json<{ JobModifyIndex: number }>(),
      ]
      const from = async (query: string): Promise<number[]> => {
        const stream = await listen(world, `topic=Job:${id}${query}`)
        const lines = await stream.until((seen) => indexes(seen).includes(scaled.JobModifyIndex))
        stream.close()
        return indexes(lines)
      }
      expect((await from(`&index=${scaled.JobModifyIndex}`))[0]).toBe(scaled.JobModifyIndex)
      expect(await from('')).toContain(start.JobModifyIndex)
      expect(await from('&index=1')).toContain(start.JobModifyIndex)
    },
  },
  {
    name: 'an index of the future: the newest line, then all that happens, with indexes that are lower',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      await world.quiet(id)
      const stream = await listen(world, `topic=Job:${id}&index=999999`)
      const { JobModifyIndex } = (await world.scale(id, 0)).json<{ JobModifyIndex: number }>()
      const lines = await stream.until((seen) => indexes(seen).includes(JobModifyIndex))
      stream.close()
      expect(indexes(lines).length).toBeLessThanOrEqual(4)
    },
  },
  {
    name: 'an index that is no number is refused',
    async run(world) {
      expect(await world.send('GET', 'event/stream?index=abc')).toMatchObject({
        status: 400,
        text: 'Unable to parse index: strconv.Atoi: parsing "abc": invalid syntax',
      })
    },
  },
  {
    name: 'a registration is told in two lines of one index',
    async run(world, id) {
      const stream = await listen(world, `${topics(id)}&index=${await nextIndex(world)}`)
      const { JobModifyIndex } = (await world.register(spec(id, { Count: 0 }))).json<{
        JobModifyIndex: number
      }>()
      const of = (lines: readonly StreamLine[]) => lines.filter(({ Index }) => Index === JobModifyIndex)
      const lines = await stream.until((seen) => told(of(seen)).length > 1)
      stream.close()
      expect(of(lines).map(({ Events = [] }) => Events.map(({ Topic }) => Topic))).toEqual([
        ['Job'],
        ['Evaluation'],
      ])
    },
  },
  {
    name: 'a topic with a key tells of that one alone',
    async run(world, id) {
      const stream = await listen(world, `topic=Job:${id}&index=${await nextIndex(world)}`)
      await world.register(spec(`${id}-other`, { Count: 0 }))
      await world.register(spec(id, { Count: 0 }))
      const lines = await stream.until((seen) => told(seen).length > 0)
      stream.close()
      expect(lines.flatMap(({ Events = [] }) => Events).every(({ Key }) => Key === id)).toBe(true)
    },
  },
  {
    name: 'a deployment is told from its begin to its end',
    async run(world, id) {
      const stream = await listen(world, `topic=Deployment&index=${await nextIndex(world)}`)
      const Update = { MaxParallel: 1, MinHealthyTime: 2e8, HealthyDeadline: 60e9, ProgressDeadline: 120e9 }
      await world.register(spec(id, { Count: 1, script: 'sleep 1000', Update }, { Type: 'service' }))
      const own = (lines: readonly StreamLine[]) =>
        lines
          .flatMap(({ Events = [] }) => Events)
          .flatMap(({ Payload: { Deployment: one } }) => (one?.JobID === id ? String(one.Status) : []))
      const lines = await stream.until((seen) => own(seen).includes('successful'))
      stream.close()
      expect(own(lines)[0]).toBe('running')
      expect(own(lines).at(-1)).toBe('successful')
    },
  },
  {
    name: 'a blocking query answers when something changes, and after its time when nothing does',
    async run(world, id) {
      await world.register(spec(id, { Count: 0 }))
      await world.quiet(id)
      const now = await world.send('GET', `job/${id}/scale`)
      const waiting = world.send('GET', `job/${id}/scale?index=${now.index}&wait=20s`)
      await world.scale(id, 0, { Message: 'wake' })
      const woken = await waiting
      expect(woken.index).toBeGreaterThan(now.index)
      const idle = await world.send('GET', `job/${id}/scale`)
      const before = performance.now()
      const same = await world.send('GET', `job/${id}/allocations?index=${idle.index + 1000}&wait=300ms`)
      expect(same.status).toBe(200)
      expect(performance.now() - before).toBeGreaterThan(250)
      expect(await world.send('GET', `job/${id}/allocations?index=1&wait=abc`)).toMatchObject({
        status: 400,
        text: 'Invalid wait time',
      })
    },
  },
]
