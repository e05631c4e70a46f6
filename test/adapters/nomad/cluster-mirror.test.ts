import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type NomadHttp, nomadClient } from '../../../src/adapters/nomad/client.ts'
import { createClusterMirror, type MirrorTiming } from '../../../src/adapters/nomad/cluster-mirror.ts'
import type { ClusterEvent, ClusterMirror } from '../../../src/ports.ts'
import { waitUntil } from '../../helpers/wait-until.ts'
import { type ANomad, aJob, aNomad, anAllocation } from './a-nomad.ts'

const REF = { namespace: 'default', job: 'w', group: 'w' }
let nomad: ANomad
let http: NomadHttp
let mirror: ClusterMirror
let events: ClusterEvent[]

beforeEach(async () => {
  nomad = await aNomad()
  nomad.jobs.set('w', aJob('w'))
  nomad.allocations.set('a1', anAllocation('a1', 'w', { JobVersion: 0 }))
})

afterEach(async () => {
  await mirror?.close()
  http?.close()
  await nomad.server.close()
})

function open(timing: Partial<MirrorTiming> = {}): void {
  http = nomadClient({ NOMAD_ADDR: nomad.server.address })
  events = []
  mirror = createClusterMirror(http, {
    clock: { now: Date.now },
    listener: (event) => events.push(event),
    timing: { firstWaitMs: 5, lastWaitMs: 10, ...timing },
  })
}

const soon = (what: string, is: () => unknown) =>
  waitUntil(what, async () => (is() ? true : undefined), { everyMs: 5, withinMs: 5000 })
const ready = () => soon('ready', () => mirror.state().status === 'ready')
const count = () => mirror.group(REF)?.count
const states = () => events.flatMap((event) => (event.kind === 'state' ? [event.state.status] : []))
const newJob = (version: number, more: number) => {
  const [group] = aJob('w').TaskGroups as object[]
  const job = aJob('w', {
    Version: version,
    JobModifyIndex: nomad.index + 1,
    ModifyIndex: nomad.index + 1,
    TaskGroups: [{ ...group, Count: more }],
  })
  nomad.jobs.set('w', job)
  return job
}
const scaleTo = (version: number, more: number) =>
  nomad.event('Job', 'JobRegistered', { Job: newJob(version, more) })
const gone = { ClientStatus: 'complete', TaskStates: null }

describe('the mirror', () => {
  it('starts with what is there', async () => {
    open()
    expect(mirror.state().status).toBe('connecting')
    expect(mirror.group(REF)).toBeUndefined()
    await ready()
    expect(mirror.group(REF)).toMatchObject({
      job: 'present',
      jobType: 'batch',
      count: 1,
      jobModifyIndex: 5,
      jobVersion: 0,
      deploymentActive: false,
      allocations: [
        { id: 'a1', index: 0, node: 'n1', clientStatus: 'running', createdAt: 1_700_000_000_123 },
      ],
    })
    expect(mirror.group(REF)).toBe(mirror.group(REF))
    expect(mirror.taskOf(REF)).toBe('work')
    expect([...mirror.draining()]).toEqual(['n1'])
    expect(mirror.scalable()).toEqual([
      {
        group: REF,
        jobType: 'batch',
        min: 0,
        max: 4,
        policy: { drover: [{}] },
        meta: { drover_kind: 'worker' },
      },
    ])
    expect(events.map(({ kind }) => kind)).toEqual(['state', 'jobs', 'group'])
  })

  it('looks for drained nodes again and again, though nothing else happens', async () => {
    open({ checkMs: 30 })
    await ready()
    nomad.draining = ['n2']
    await soon('it is seen', () => mirror.draining().has('n2') && !mirror.draining().has('n1'))
    const lists = nomad.server.asked.filter(
      ({ path, query }) => path === '/v1/jobs' && query.get('per_page') !== '1',
    )
    expect(lists).toHaveLength(1)
  })

  it('asks for events from the present index on, of all namespaces, on one connection', async () => {
    for (let nth = 0; nth < 50; nth += 1) nomad.jobs.set(`j${nth}`, aJob(`j${nth}`))
    open()
    await ready()
    const streams = nomad.server.asked.filter(({ path }) => path === '/v1/event/stream')
    expect(streams).toHaveLength(1)
    expect(streams[0]?.query.get('index')).toBe('10')
    expect(streams[0]?.query.get('namespace')).toBe('*')
    expect(streams[0]?.query.getAll('topic')).toEqual(['Job', 'Allocation', 'Deployment'])
    expect(mirror.scalable()).toHaveLength(51)
  })

  it('leaves out what has no count of its own', async () => {
    nomad.jobs.set('p', aJob('p', { Periodic: true }))
    nomad.jobs.set('p/1', aJob('p/1', { ParentID: 'p' }))
    nomad.jobs.set('s', aJob('s', { Type: 'system' }))
    nomad.allocations.set('s1', anAllocation('s1', 's'))
    open()
    await ready()
    expect(mirror.scalable().map(({ group }) => group.job)).toEqual(['w'])
    nomad.event('Job', 'JobRegistered', { Job: aJob('p/2', { ParentID: 'p' }) })
    nomad.event('Allocation', 'PlanResult', { Allocation: anAllocation('s2', 's') })
    scaleTo(1, 3)
    await soon('the scale', () => count() === 3)
    expect(mirror.scalable().map(({ group }) => group.job)).toEqual(['w'])
  })

  it('follows a worker from its leaving to the scale after it', async () => {
    open()
    await ready()
    events.length = 0
    nomad.event('Allocation', 'AllocationUpdated', {
      Allocation: anAllocation('a1', 'w', { ...gone, ModifyIndex: 11 }),
    })
    await soon('it is complete', () => mirror.group(REF)?.allocations[0]?.clientStatus === 'complete')
    expect(events).toEqual([{ kind: 'group', group: REF }])
    scaleTo(1, 0)
    await soon('the count', () => count() === 0)
    // Nomad does not count one of an older version any more.
    expect(mirror.group(REF)?.allocations).toEqual([])
  })

  it('knows that a scale brings the version of those that live up to the present one', async () => {
    open()
    await ready()
    scaleTo(1, 2)
    const planned = (id: string) => ({
      Allocation: anAllocation(id, 'w', { ModifyIndex: nomad.index + 1, AllocModifyIndex: nomad.index + 1 }),
    })
    nomad.event('Allocation', 'PlanResult', planned('a1'))
    nomad.event('Allocation', 'PlanResult', planned('a2'))
    nomad.event('Allocation', 'AllocationUpdated', {
      Allocation: anAllocation('a1', 'w', { ...gone, ModifyIndex: 99 }),
    })
    await soon('a2 and a1', () =>
      mirror.group(REF)?.allocations.some(({ clientStatus }) => clientStatus === 'complete'),
    )
    expect(mirror.group(REF)?.allocations.map(({ id, jobVersion }) => [id, jobVersion])).toEqual([
      ['a1', 1],
      ['a2', 1],
    ])
  })

  it.each([
    ['JobDeregistered', { Stop: false }, true, undefined],
    ['JobDeregistered', { Stop: true }, true, undefined],
    ['JobBatchDeregistered', { Stop: true }, false, undefined],
    ['JobDeregistered', { Stop: true, Version: 1 }, false, 'stopped'],
  ])('a job: %s %o, deleted %o', async (type, more, Deleted, state) => {
    open()
    await ready()
    events.length = 0
    nomad.event('Job', type, { Job: aJob('w', more), Deleted })
    await soon('an event', () => events.length === 2)
    expect(mirror.group(REF)?.job).toBe(state)
    expect(events).toEqual([{ kind: 'jobs' }, { kind: 'group', group: REF }])
  })

  it('tells of jobs only when there is something new to scale', async () => {
    open()
    await ready()
    events.length = 0
    scaleTo(1, 2)
    await soon('the scale', () => count() === 2)
    expect(events).toEqual([{ kind: 'group', group: REF }])
    nomad.event('Job', 'JobRegistered', { Job: aJob('x') })
    await soon('the job', () => events.length === 3)
    expect(events[1]).toEqual({ kind: 'jobs' })
  })

  it('knows of a deployment until it is over', async () => {
    nomad.deployments.set('d1', {
      ID: 'd1',
      Namespace: 'default',
      JobID: 'w',
      Status: 'running',
      ModifyIndex: 7,
    })
    open()
    await ready()
    expect(mirror.group(REF)?.deploymentActive).toBe(true)
    events.length = 0
    const over = { ID: 'd1', Namespace: 'default', JobID: 'w', Status: 'successful', ModifyIndex: 11 }
    nomad.event('Deployment', 'DeploymentStatusUpdate', { Deployment: over })
    await soon('its end', () => mirror.group(REF)?.deploymentActive === false)
    expect(events).toEqual([{ kind: 'group', group: REF }])
  })

  it('skips replayed events that are older than what was listed', async () => {
    open()
    await ready()
    const old = { Job: aJob('w', { Version: 0, TaskGroups: [] }) }
    nomad.write(
      `${JSON.stringify({ Index: 9, Events: [{ Topic: 'Job', Type: 'JobRegistered', Payload: old }] })}\n`,
    )
    scaleTo(1, 2)
    await soon('the newer one', () => count() === 2)
    expect(mirror.scalable()).toHaveLength(1)
  })

  it('misses nothing that happens while it lists', async () => {
    nomad.onList = () => {
      delete nomad.onList
      const job = newJob(1, 4)
      nomad.jobs.set('w', aJob('w'))
      nomad.event('Job', 'JobRegistered', { Job: job })
      nomad.index -= 1
    }
    open()
    await ready()
    await soon('what came meanwhile', () => count() === 4)
  })
})

describe('a stream that is lost', () => {
  it.each<[string, () => void]>([
    ['by its end', () => nomad.streams.at(-1)?.end()],
    ['by a broken connection', () => nomad.streams.at(-1)?.destroy()],
  ])('%s is opened anew, and everything is listed', async (_, lose) => {
    open()
    await ready()
    events.length = 0
    newJob(3, 4)
    nomad.index = 50
    lose()
    await soon('the new count', () => count() === 4)
    expect(states()).toEqual(['lost', 'ready'])
    expect(nomad.server.asked.findLast(({ path }) => path === '/v1/event/stream')?.query.get('index')).toBe(
      '50',
    )
  })

  it('by silence is opened anew; signs of life keep it', async () => {
    open({ silenceMs: 300 })
    await ready()
    for (let nth = 0; nth < 5; nth += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      nomad.write('{}\n')
    }
    expect(nomad.streams).toHaveLength(1)
    const { heardAt } = mirror.state()
    expect(Date.now() - heardAt).toBeLessThan(5000)
    await soon('a second stream', () => nomad.streams.length === 2)
    expect(events.find((event) => event.kind === 'state' && event.state.status === 'lost')).toMatchObject({
      state: { cause: 'Nomad has said nothing for 0.3 s' },
    })
  })

  it('of a Nomad that was born anew: its lower numbers count', async () => {
    open()
    await ready()
    scaleTo(9, 4)
    await soon('the scale', () => count() === 4)
    nomad.jobs.set('w', aJob('w', { JobModifyIndex: 2, ModifyIndex: 2 }))
    nomad.allocations.clear()
    nomad.index = 3
    nomad.streams.at(-1)?.end()
    await soon('the new Nomad', () => count() === 1)
    expect(mirror.group(REF)).toMatchObject({ jobModifyIndex: 2, allocations: [] })
    scaleTo(1, 2)
    await soon('an event of it', () => count() === 2)
  })

  it('keeps what it knew, and says why it is lost', async () => {
    open()
    await ready()
    nomad.refuse = { status: 500, text: 'No cluster leader' }
    nomad.streams.at(-1)?.end()
    await soon('the cause', () => mirror.state().cause === 'No cluster leader')
    expect(mirror.state().status).toBe('lost')
    expect(count()).toBe(1)
    delete nomad.refuse
    await ready()
    expect(mirror.state().cause).toBeUndefined()
  })

  it('is still connecting while it has never worked, and says why', async () => {
    nomad.refuse = { status: 403, text: 'Permission denied' }
    open()
    await soon('the cause', () => mirror.state().cause?.includes('lacks'))
    expect(mirror.state()).toMatchObject({
      status: 'connecting',
      cause: expect.stringContaining('list-jobs'),
    })
  })
})

describe('what was missed', () => {
  it.each([
    ['a line that is not JSON', 'not json\n'],
    ['a line of another form', '{"Index":"x"}\n'],
    [
      'an event that cannot be read',
      `${JSON.stringify({ Index: 60, Events: [{ Topic: 'Job', Type: 'JobRegistered', Payload: { Job: {} } }] })}\n`,
    ],
    ['a line without an end', `${'x'.repeat(2 ** 25 + 1)}\n`],
  ])('%s: everything is listed again', async (_, line) => {
    open()
    await ready()
    newJob(2, 3)
    nomad.index = 70
    nomad.write(line)
    await soon('the list', () => count() === 3)
    expect(nomad.streams).toHaveLength(1)
    scaleTo(3, 4)
    await soon('the next event', () => count() === 4)
  })

  it('is found by asking now and then; a job that is the same is not read again', async () => {
    nomad.jobs.set('x', aJob('x'))
    open({ checkMs: 30 })
    await ready()
    events.length = 0
    newJob(2, 3)
    nomad.index = 90
    await soon('the list', () => count() === 3)
    expect(events).toEqual([{ kind: 'group', group: REF }])
    const reads = nomad.server.asked.filter(({ path }) => path === '/v1/job/x')
    expect(reads).toHaveLength(1)
  })
})

describe('close()', () => {
  it('ends stream and attempts, and tells nothing more', async () => {
    open()
    await ready()
    await mirror.close()
    events.length = 0
    await soon('the stream is closed', () => nomad.streams[0]?.destroyed)
    scaleTo(1, 2)
    expect(events).toEqual([])
  })

  it('while nobody answers does not wait', async () => {
    nomad.refuse = { status: 500, text: 'No cluster leader' }
    open({ firstWaitMs: 60_000, lastWaitMs: 60_000 })
    await soon('an attempt', () => mirror.state().cause)
    await mirror.close()
    expect(mirror.state().status).toBe('connecting')
  })
})
