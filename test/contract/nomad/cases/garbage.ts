import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import { listen, type StreamLine } from '../stream.ts'
import { spec } from '../world.ts'

/** These collect garbage, of all jobs: no other case may have one at 0 meanwhile. */
export const garbageCases: readonly Case[] = [
  {
    name: 'a batch job at 0 goes, one with a tag stays, and so does a service at 0',
    async run(world, id) {
      const [gone, tagged, service] = [`${id}-gone`, `${id}-tagged`, `${id}-service`]
      for (const one of [gone, tagged]) await world.register(spec(one, { Count: 0 }))
      await world.register(spec(service, { Count: 0 }, { Type: 'service' }))
      for (const one of [gone, tagged, service]) await world.quiet(one)
      await world.send('PUT', `job/${tagged}/versions/keep/tag`, { Version: 0 })
      expect((await world.send('PUT', 'system/gc')).status).toBe(200)
      await world.until(
        'the garbage is gone',
        async () => (await world.send('GET', `job/${gone}`)).status === 404,
      )
      expect(await world.scale(gone, 1)).toMatchObject({ status: 404, text: `job "${gone}" not found` })
      for (const one of [tagged, service]) {
        expect((await world.job(one)).Status).toBe('dead')
        expect((await world.scale(one, 1)).status).toBe(200)
        await world.running(one, 1)
      }
    },
  },
  {
    name: 'a job that is gone says so by Deleted alone: its payload is the job as it was',
    async run(world, id) {
      const [live, stopped, dead] = [`${id}-live`, `${id}-stopped`, `${id}-dead`]
      const stream = await listen(world, 'topic=Job&index=999999')
      for (const [one, Count] of [
        [live, 1],
        [stopped, 1],
        [dead, 0],
      ] as const)
        await world.register(spec(one, { Count }))
      await world.running(live, 1)
      await world.send('DELETE', `job/${live}?purge=true`)
      await world.send('DELETE', `job/${stopped}`)
      await world.quiet(stopped)
      await world.send('DELETE', `job/${stopped}?purge=true`)
      await world.quiet(dead)
      await world.send('PUT', 'system/gc')
      const gone = (lines: readonly StreamLine[]) =>
        Object.fromEntries(
          lines
            .flatMap(({ Events = [] }) => Events)
            .filter(({ Payload }) => (Payload.Deleted as unknown) === true)
            .map(({ Key, Type, Payload }) => [Key, [Type, Payload.Job?.Stop]]),
        )
      const lines = await stream.until((seen) => gone(seen)[dead] !== undefined)
      stream.close()
      expect(gone(lines)).toMatchObject({
        [live]: ['JobDeregistered', false],
        [stopped]: ['JobDeregistered', true],
        [dead]: ['JobBatchDeregistered', false],
      })
    },
  },
]
