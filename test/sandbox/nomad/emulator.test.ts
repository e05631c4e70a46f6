import { afterEach, expect, it } from 'vitest'
import { manualClock, simulatedRunner, startNomadEmulator } from '../../../src/sandbox/index.ts'
import { listen } from '../../contract/nomad/stream.ts'
import { spec, worldOf } from '../../contract/nomad/world.ts'
import { type Harness, harness } from './harness.ts'

let one: Harness | undefined
afterEach(async () => {
  await one?.nomad.close()
  one = undefined
})

it('parses texts that it was given the jobs of, and the JSON form, and says so of others', async () => {
  const job = spec('rendered')
  one = await harness({ parse: (text) => (text === 'job "rendered" {}' ? job : undefined) })
  const parse = (JobHCL: string) => one?.world.send('PUT', 'jobs/parse', { JobHCL, Canonicalize: true })
  expect((await parse('job "rendered" {}'))?.json()).toMatchObject({ ID: 'rendered', Priority: 50 })
  expect((await parse(JSON.stringify({ Job: job })))?.json()).toMatchObject({ ID: 'rendered' })
  expect((await parse('job "x" {}'))?.json()).toMatchObject({ ID: 'x', Type: 'service' })
  expect(await parse('job "x" { prioritty = 1 }')).toMatchObject({
    status: 400,
    text: expect.stringContaining('An argument named "prioritty" is not expected here.'),
  })
  expect(await parse('job "x" { priority = max(1, 2) }')).toMatchObject({
    status: 501,
    text: expect.stringMatching(
      /^the sandbox does not emulate POST \/v1\/jobs\/parse of an expression \(line 1/,
    ),
  })
})

it('holds namespaces apart', async () => {
  one = await harness({ namespaces: ['staging'] })
  const { world, settle } = one
  await world.register(spec('a', { Count: 0 }, { Namespace: 'staging' }))
  settle()
  expect((await world.send('GET', 'job/a')).status).toBe(404)
  expect((await world.send('GET', 'job/a?namespace=staging')).status).toBe(200)
  const ids = async (query: string) => (await world.get<{ ID: string }[]>(`jobs${query}`)).map(({ ID }) => ID)
  expect([await ids(''), await ids('?namespace=staging'), await ids('?namespace=*')]).toEqual([
    [],
    ['a'],
    ['a'],
  ])
  const stream = await listen(world, 'topic=Job')
  await world.register(spec('b', { Count: 0 }))
  const lines = await stream.until((seen) => seen.length > 1)
  expect(JSON.stringify(lines)).not.toContain('"Key":"a"')
  stream.close()
})

it('places, stops and tells of hundreds of jobs', async () => {
  const clock = manualClock()
  const runner = simulatedRunner({ clock })
  const nomad = await startNomadEmulator({ runner, clock, eventBufferSize: 10_000 })
  const world = worldOf(nomad.address)
  const ids = Array.from({ length: 300 }, (_, at) => `j${at}`)
  await Promise.all(ids.map((id) => world.register(spec(id, { Count: 0 }))))
  clock.advance(100)
  const answers = await Promise.all(ids.map((id) => world.scale(id, 2)))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  clock.advance(100)
  expect(runner.tasks().filter(({ isRunning }) => isRunning).length).toBe(600)
  expect((await world.get<unknown[]>('scaling/policies')).length).toBe(0)
  await Promise.all(ids.map((id) => world.scale(id, 0)))
  clock.advance(100)
  expect(runner.tasks()).toEqual([])
  await nomad.close()
})

it('a worker that is asked to leave finishes what it has', async () => {
  one = await harness({ runner: { startUpMs: 500 } })
  const { world, runner, clock, settle } = one
  await world.register(spec('a', { Count: 2 }))
  settle()
  expect(await world.get('job/a/scale')).toMatchObject({ TaskGroups: { g: { Placed: 2, Running: 0 } } })
  clock.advance(500)
  const task = runner.find('a.g[1]')
  task?.setBusy(true)
  const second = (await world.allocations('a')).find(({ Name }) => Name === 'a.g[1]')
  expect((await world.signal(second, 'SIGTERM')).status).toBe(200)
  clock.advance(3_600_000)
  expect(runner.find('a.g[1]')?.isRunning).toBe(true)
  task?.setBusy(false)
  settle()
  expect((await world.status(second, 'complete')).DesiredStatus).toBe('run')
  await world.scale('a', 1)
  settle()
  expect(runner.tasks().map(({ name }) => name)).toEqual(['a.g[0]'])
  expect(runner.killedBusy).toEqual([])
})
