import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import { spec, type World } from '../world.ts'

const NOBODY = '3e1a0c6e-9d2f-4c2e-8a55-000000000000'
/** Says that it has heard SIGUSR1 by its exit code. */
const LISTENER = "trap 'exit 7' USR1; trap 'exit 0' TERM; while :; do sleep 0.1; done"

const eventTypes = async (world: World, id: string): Promise<string[] | undefined> =>
  (await world.allocations(id))[0]?.TaskStates?.w?.Events.map(({ Type }) => Type)

export const signalCases: readonly Case[] = [
  {
    name: 'arrive, by name',
    async run(world, id) {
      await world.register(spec(id, { script: LISTENER }))
      const [one] = await world.running(id, 1)
      const answer = await world.signal(one, 'SIGUSR1')
      expect(answer.status).toBe(200)
      expect(answer.json()).toEqual({ Index: 0 })
      const failed = await world.status(one, 'failed')
      expect(failed.TaskStates?.w?.Events).toContainEqual(
        expect.objectContaining({ Type: 'Terminated', ExitCode: 7 }),
      )
    },
  },
  {
    name: 'an unknown name is 200, and an interrupt for raw_exec',
    async run(world, id) {
      await world.register(spec(id, { script: "trap 'exit 9' INT; while :; do sleep 0.1; done" }))
      const [one] = await world.running(id, 1)
      expect((await world.signal(one, 'SIGFOO')).status).toBe(200)
      const failed = await world.status(one, 'failed')
      expect(failed.TaskStates?.w?.Events).toContainEqual(expect.objectContaining({ ExitCode: 9 }))
    },
  },
  {
    name: 'to whom there is nobody',
    async run(world, id) {
      await world.register(spec(id))
      const [one] = await world.running(id, 1)
      const to = (allocation: string | undefined, body: object) =>
        world.send('PUT', `client/allocation/${allocation}/signal`, body)
      expect(await to(one?.ID, { Signal: 'SIGCONT', Task: 'x' })).toMatchObject({
        status: 500,
        text: 'Task not found',
        type: 'text/plain',
      })
      expect((await to(one?.ID, { Signal: 'SIGCONT' })).status).toBe(200)
      expect(await to(NOBODY, { Signal: 'SIGCONT', Task: 'w' })).toMatchObject({
        status: 404,
        text: `Unknown allocation "${NOBODY}"`,
      })
      await world.signal(one, 'SIGTERM')
      await world.status(one, 'complete')
      expect(await to(one?.ID, { Signal: 'SIGTERM', Task: 'w' })).toMatchObject({
        status: 500,
        text: 'Task not running',
      })
    },
  },
  {
    name: 'a stopped process runs on, for Nomad',
    async run(world, id) {
      await world.register(spec(id))
      const [one] = await world.running(id, 1)
      expect((await world.signal(one, 'SIGSTOP')).status).toBe(200)
      expect((await world.allocations(id))[0]?.ClientStatus).toBe('running')
      expect((await world.signal(one, 'SIGCONT')).status).toBe(200)
    },
  },
  {
    name: 'the last ten events of a task are kept',
    async run(world, id) {
      await world.register(spec(id, { script: "trap '' USR2; while :; do sleep 0.1; done" }))
      const [one] = await world.running(id, 1)
      expect(await eventTypes(world, id)).toContain('Started')
      for (let sent = 0; sent < 10; sent++) await world.signal(one, 'SIGUSR2')
      await world.until('nothing else is left', async () => {
        const types = (await eventTypes(world, id)) ?? []
        return types.length === 10 && types.every((type) => type === 'Signaling')
      })
    },
  },
  {
    name: 'an allocation is looked up by its whole id',
    async run(world) {
      expect(await world.send('GET', `allocation/${NOBODY}`)).toMatchObject({
        status: 404,
        text: 'alloc not found',
      })
      expect(await world.send('GET', 'allocation/xyz')).toMatchObject({ status: 500 })
      expect(await world.send('PUT', `allocation/${NOBODY}/stop`)).toMatchObject({
        status: 404,
        text: 'allocation not found',
      })
    },
  },
]
