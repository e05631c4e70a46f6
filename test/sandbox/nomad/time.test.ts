import { afterEach, expect, it } from 'vitest'
import { spec } from '../../contract/nomad/world.ts'
import { type Harness, harness } from './harness.ts'

let one: Harness
afterEach(() => one.nomad.close())

const SECOND = 1e9
const SERVICE = { Type: 'service' }

it('a kill timeout is capped by the agent: a busy worker is killed after 30 s', async () => {
  one = await harness()
  const { world, runner, clock, settle } = one
  await world.register(spec('a', { Count: 1, task: { KillTimeout: 600 * SECOND } }))
  settle()
  runner.find('a.g[0]')?.setBusy(true)
  await world.scale('a', 0)
  settle()
  expect(runner.find('a.g[0]')?.signals).toEqual(['SIGINT'])
  clock.advance(29_000)
  expect(runner.killedBusy).toEqual([])
  clock.advance(1_000)
  expect(runner.killedBusy).toEqual(['a.g[0]'])
  expect((await world.allocations('a'))[0]).toMatchObject({ ClientStatus: 'complete', DesiredStatus: 'stop' })
})

it('an agent with a larger max_kill_timeout waits for hours', async () => {
  one = await harness({ maxKillTimeoutMs: 86_400_000 })
  const { world, runner, clock, settle } = one
  await world.register(spec('a', { Count: 1, task: { KillTimeout: 7200 * SECOND, KillSignal: 'SIGTERM' } }))
  settle()
  runner.find('a.g[0]')?.setBusy(true)
  await world.scale('a', 0)
  clock.advance(7_000_000)
  expect(runner.find('a.g[0]')?.signals).toEqual(['SIGTERM'])
  runner.find('a.g[0]')?.setBusy(false)
  settle()
  expect(runner.killedBusy).toEqual([])
  expect((await world.allocations('a'))[0]?.ClientStatus).toBe('complete')
})

it('a lock whose holder is silent goes after twice its TTL and its delay, and a renewal begins that anew', async () => {
  one = await harness()
  const { world, clock } = one
  const acquire = () =>
    world.send('PUT', 'var/lead?lock-acquire', { Items: {}, Lock: { TTL: '10s', LockDelay: '3s' } })
  const { ID } = (await acquire()).json<{ Lock: { ID: string } }>().Lock
  clock.advance(15_000)
  expect((await world.send('PUT', 'var/lead?lock-renew', { Lock: { ID } })).status).toBe(200)
  clock.advance(22_900)
  expect((await acquire()).status).toBe(409)
  clock.advance(200)
  expect((await acquire()).status).toBe(200)
  expect((await world.send('PUT', 'var/lead?lock-renew', { Lock: { ID } })).status).toBe(409)
})

it('a lock that a plain write has made is never over', async () => {
  one = await harness()
  const { world, clock } = one
  await world.send('PUT', 'var/lead', { Items: { a: 'b' }, Lock: { ID: 'once' } })
  clock.advance(3_600_000)
  expect((await world.send('PUT', 'var/lead?lock-acquire', { Items: {} })).status).toBe(409)
})

it('a service that fails again and again is placed again after 30 s, 60 s, 120 s', async () => {
  one = await harness()
  const { world, runner, clock, settle } = one
  await world.register(spec('a', { Count: 1, Update: { MaxParallel: 0 } }, SERVICE))
  settle()
  for (const [at, seconds] of [30, 60, 120].entries()) {
    runner.find('a.g[0]')?.exit(1)
    settle()
    expect(runner.tasks()).toEqual([])
    clock.advance(seconds * 1000 - 500)
    expect((await world.allocations('a')).length).toBe(at + 1)
    clock.advance(600)
    expect((await world.allocations('a')).length).toBe(at + 2)
  }
  expect((await world.allocations('a')).map(({ DesiredStatus }) => DesiredStatus)).toEqual([
    'stop',
    'stop',
    'stop',
    'run',
  ])
})

it('a batch job whose rescheduling is off has the failed one count on', async () => {
  one = await harness()
  const { world, runner, clock, settle } = one
  await world.register(spec('a', { Count: 3 }))
  settle()
  runner.find('a.g[1]')?.exit(3)
  clock.advance(600_000)
  expect(runner.tasks().map(({ name }) => name)).toEqual(['a.g[0]', 'a.g[2]'])
  // A new version does not look at what failed in an older one: the hole is filled.
  await world.scale('a', 3)
  settle()
  expect(
    runner
      .tasks()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['a.g[0]', 'a.g[1]', 'a.g[2]'])
})

it('mode "delay" with used-up attempts waits, pending, for the interval to pass', async () => {
  one = await harness()
  const { world, runner, clock, settle } = one
  const RestartPolicy = { Attempts: 1, Interval: 60 * SECOND, Delay: 5 * SECOND, Mode: 'delay' }
  await world.register(spec('a', { Count: 1, RestartPolicy }))
  settle()
  runner.find('a.g[0]')?.exit(1)
  clock.advance(5_100)
  runner.find('a.g[0]')?.exit(1)
  clock.advance(40_000)
  expect((await world.allocations('a'))[0]?.ClientStatus).toBe('pending')
  clock.advance(20_000)
  expect((await world.allocations('a'))[0]).toMatchObject({
    ClientStatus: 'running',
    TaskStates: { w: { Restarts: 2 } },
  })
})

it('a deployment without progress fails at its deadline, and scaling is free again', async () => {
  one = await harness({ runner: { startUpMs: 1e9 } })
  const { world, clock, settle } = one
  await world.register(spec('a', { Count: 1, Update: { ProgressDeadline: 60 * SECOND } }, SERVICE))
  settle()
  expect((await world.scale('a', 2)).status).toBe(400)
  clock.advance(60_000)
  expect(await world.get('job/a/deployment')).toMatchObject({
    Status: 'failed',
    StatusDescription: 'Failed due to progress deadline',
  })
  expect((await world.scale('a', 2)).status).toBe(200)
})

it('what prepares ends before the others start', async () => {
  one = await harness({ runner: { startUpMs: 10 } })
  const { world, runner, settle } = one
  const job = spec('a')
  const [group] = job.TaskGroups as { Tasks: object[] }[]
  group?.Tasks.unshift({ ...group.Tasks[0], Name: 'first', Lifecycle: { Hook: 'prestart', Sidecar: false } })
  await world.register(job)
  settle()
  expect(runner.tasks().map(({ task }) => task)).toEqual(['first'])
  expect((await world.allocations('a'))[0]).toMatchObject({
    ClientStatus: 'running',
    TaskStates: { first: { State: 'running' }, w: { State: 'pending' } },
  })
  runner.find('a.g[0]')?.exit(0)
  settle()
  expect(runner.tasks().map(({ task }) => task)).toEqual(['w'])
})
