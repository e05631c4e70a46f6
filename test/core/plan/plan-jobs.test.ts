import { describe, expect, it } from 'vitest'
import { inlinedJobs, planJobs } from '../../../src/core/plan/plan-jobs.ts'
import { normalize } from '../../../src/core/stack/normalize.ts'
import type { WrittenStack } from '../../../src/core/stack/schema/stack.ts'
import { aStack } from '../../helpers/a-stack.ts'
import { groupOf, planned, serviceIn, taskOf } from './planned.ts'

const names = (stack: object, profiles: string[] = []) =>
  planJobs(aStack(stack), profiles).jobs.map(({ job }) => job.name)
const T = { image: 'a:1' }

describe('which jobs there are', () => {
  const STACK = {
    services: {
      z: T,
      dev: { ...T, profiles: ['dev'] },
      both: { ...T, profiles: ['dev', 'test'] },
      a: { ...T, depends_on: { init: 'completed' } },
    },
    batch: { init: T, other: T },
  }

  it.each([
    [[], ['z', 'a', 'other']],
    [['dev'], ['z', 'dev', 'both', 'a', 'other']],
    [['test'], ['z', 'both', 'a', 'other']],
    [
      ['test', 'dev', 'nothing'],
      ['z', 'dev', 'both', 'a', 'other'],
    ],
  ])('with the profiles %j: %j, in the order of the stack', (profiles, jobs) => {
    expect(names(STACK, profiles)).toEqual(jobs)
  })

  it('what others need completed has no job of its own', () => {
    expect([...inlinedJobs(aStack(STACK))]).toEqual(['init'])
  })
})

describe('a job', () => {
  it('with everything', () => {
    const spec = planned({
      cluster: { region: 'eu', namespace: 'prod', node_pool: 'gpu' },
      periodic: {
        it: {
          ...T,
          description: 'Does it.',
          cron: ['@daily', '0 1 * * *'],
          time_zone: 'Europe/Paris',
          priority: 60,
          meta: { owner: 'me', drover_stack: 'other' },
          constraints: [{ attribute: '${attr.x}', value: 'y' }],
          affinities: [{ attribute: '${attr.x}', operator: '>', value: '1', weight: 5 }],
          spread: [{ attribute: '${meta.zone}' }, { attribute: '${meta.rack}', targets: { r1: 70 } }],
        },
      },
    })
    const { group, ...job } = spec
    expect(job).toEqual({
      id: 'it',
      region: 'eu',
      namespace: 'prod',
      type: 'batch',
      priority: 60,
      datacenters: ['*'],
      node_pool: 'gpu',
      // A job may not claim another stack.
      meta: { drover_stack: 'shop', drover_kind: 'periodic', owner: 'me' },
      ui: { description: 'Does it.' },
      constraint: [{ attribute: '${attr.x}', operator: '=', value: 'y' }],
      affinity: [{ attribute: '${attr.x}', operator: '>', value: '1', weight: 5 }],
      spread: [
        { attribute: '${meta.zone}', weight: 50 },
        { attribute: '${meta.rack}', weight: 50, target: { r1: { percent: 70 } } },
      ],
      periodic: { crons: ['@daily', '0 1 * * *'], time_zone: 'Europe/Paris', prohibit_overlap: true },
    })
    expect(Object.keys(group ?? {})).toEqual(['it'])
  })

  it('says nothing of the default namespace', () => {
    expect(planned(serviceIn({}))).not.toHaveProperty('namespace')
  })

  it.each([
    ['services', {}, 'service', 1],
    ['workers', { queues: ['q'], scale: { min: 2, max: 4 } }, 'batch', 2],
    ['workers', { queues: ['q'], scale: { max: 4 }, job_type: 'service' }, 'service', 0],
    ['batch', {}, 'batch', 1],
    ['periodic', { cron: '@daily' }, 'batch', 1],
    ['system', {}, 'system', undefined],
  ])('in %s %j: type %s, count %s', (section, more, type, count) => {
    const stack = { [section]: { it: { ...T, ...more } } }
    expect(planned(stack).type).toBe(type)
    expect(groupOf(stack).count).toBe(count)
  })

  it('a worker has bounds, that no autoscaler acts on', () => {
    const worker = { ...T, queues: ['a', 'b'], concurrency: 3, scale: { min: 1, max: 5 } }
    expect(groupOf({ workers: { it: worker } }).scaling).toEqual({
      enabled: false,
      min: 1,
      max: 5,
      policy: { drover: { queues: ['a', 'b'], concurrency: 3 } },
    })
  })

  it('a task has what was asked for, and no empty blocks', () => {
    expect(taskOf(serviceIn({}))).toEqual({
      driver: 'docker',
      config: { image: 'a:1' },
      resources: { cpu: 250, memory: 300 },
      logs: { max_files: 3, max_file_size: 10 },
      kill_timeout: '30s',
    })
    expect(taskOf(serviceIn({}, { user: 'u', kill_timeout: '90s', kill_signal: 'SIGQUIT' }))).toMatchObject({
      user: 'u',
      kill_timeout: '1m30s',
      kill_signal: 'SIGQUIT',
    })
  })
})

describe('the tasks of a job', () => {
  const STACK = {
    volumes: { v: { type: 'host' } },
    services: {
      it: {
        ...T,
        networks: ['a'],
        depends_on: { second: 'completed', first: 'completed' },
        init: { own: { image: 'i:1' } },
        sidecars: { beside: { image: 's:1', kill_timeout: '5s' } },
      },
    },
    batch: {
      first: { image: 'f:1', command: 'x', env: { A: 1 }, restart: 'never' },
      second: { image: 's:1', volumes: [{ volume: 'v', to: '/v' }], logs: { files: 10, file_size: '100MB' } },
    },
  }

  it('start in order: what must be done before, in the order of depends_on, its own, itself, and what runs beside it', () => {
    expect(Object.keys(groupOf(STACK).task ?? {})).toEqual(['second', 'first', 'own', 'it', 'beside'])
    expect(Object.values(groupOf(STACK).task ?? {}).map(({ lifecycle }) => lifecycle)).toEqual([
      { hook: 'prestart', sidecar: false },
      { hook: 'prestart', sidecar: false },
      { hook: 'prestart', sidecar: false },
      undefined,
      { hook: 'prestart', sidecar: true },
    ])
  })

  it('what must be done before is the task of that job, but restarts as its dependant does', () => {
    expect(taskOf(STACK, 'first')).toMatchObject({ config: { image: 'f:1', command: 'x' }, env: { A: '1' } })
    expect(taskOf(STACK, 'first').restart).toBeUndefined()
  })

  it('its volumes and logs count for the group', () => {
    expect(Object.keys(groupOf(STACK).volume ?? {})).toEqual(['v'])
    expect(groupOf(STACK).ephemeral_disk).toEqual({ size: 2 * (1000 + 4 * 30) + 100 })
  })
})

describe('x-nomad', () => {
  const patched = (patch: object) => {
    const stack = aStack(serviceIn({}, { meta: { a: 'b' }, 'x-nomad': patch }))
    const { jobs, issues } = planJobs(stack)
    return { spec: jobs[0]?.spec, issues }
  }

  it('has the last word', () => {
    const { spec, issues } = patched({
      priority: 90,
      datacenters: null,
      meta: { a: null, c: 'd' },
      group: { it: { count: 3, network: null, task: { it: { leader: true, config: { shm_size: 1 } } } } },
    })
    expect(issues).toEqual([])
    expect(spec).toMatchObject({ priority: 90, meta: { c: 'd' } })
    expect(spec).not.toHaveProperty('datacenters')
    expect(spec?.meta).not.toHaveProperty('a')
    const group = spec?.group?.it
    expect(group).toMatchObject({
      count: 3,
      task: { it: { leader: true, config: { image: 'a:1', shm_size: 1 } } },
    })
    expect(group).not.toHaveProperty('network')
  })

  it.each([
    [{ prioritty: 90 }, 'services.it.x-nomad.prioritty'],
    [
      { group: { it: { task: { it: { config: { shm: 1 } } } } } },
      'services.it.x-nomad.group.it.task.it.config.shm',
    ],
    [{ id: 'x' }, 'services.it.x-nomad.id'],
    // Without it a rendered job would not be known again.
    [{ meta: null }, 'services.it.x-nomad.meta'],
    [{ meta: { drover_stack: 'other' } }, 'services.it.x-nomad.meta'],
  ])('%j is an issue at its place', (patch, path) => {
    const { issues } = patched(patch)
    expect(issues[0]?.path.join('.')).toBe(path)
    expect(issues[0]?.severity).toBe('error')
  })
})

describe('planning again', () => {
  const plan = (written: WrittenStack) =>
    new Map(planJobs(normalize(written, new Map()).stack).jobs.map(({ job, spec }) => [job.name, spec]))

  it('gives the same specs while nothing changes that they depend on', () => {
    const db = { image: 'd:1', ports: { p: 1 } }
    const api = { image: 'a:1', env: { A: { service: 'db' } }, depends_on: ['db'] }
    const before = plan({ name: 'shop', services: { db, api } })
    const after = plan({ name: 'shop', services: { db: { ...db, image: 'd:2' }, api } })
    expect(after.get('api')).toBe(before.get('api'))
    expect(after.get('db')).not.toEqual(before.get('db'))
  })

  const TCP = { type: 'tcp' as const }
  it.each<[string, WrittenStack, WrittenStack]>([
    [
      'the ports of what it dials',
      { name: 'shop', services: { db: { image: 'd:1', ports: { q: 2, p: 1 } } } },
      { name: 'shop' },
    ],
    [
      'which port of it is checked',
      {
        name: 'shop',
        services: { db: { image: 'd:1', ports: { p: 1, q: 2 }, checks: [{ ...TCP, port: 'q' }] } },
      },
      { name: 'shop' },
    ],
    ['the cluster', { name: 'shop', cluster: { isolation: 'intentions' } }, { name: 'shop' }],
    ["the stack's name", { name: 'other' }, { name: 'shop' }],
    ['a secret', { name: 'shop', secrets: { s: { key: 'x' } } }, { name: 'shop', secrets: { s: null } }],
    [
      'a shared block',
      { name: 'shop', environments: { e: { A: 1 } } },
      { name: 'shop', environments: { e: { A: 2 } } },
    ],
    ['what runs before it', { name: 'shop', batch: { init: { image: 'i:2' } } }, { name: 'shop' }],
    ['the logs of all', { name: 'shop', logs: { files: 9 } }, { name: 'shop' }],
  ])('plans anew when %s changes', (_, change, base) => {
    const it = {
      image: 'a:1',
      env_from: ['e'],
      env: { S: { secret: 's' } },
      command: [[{ service: 'db', port: 'p' }]],
      depends_on: { db: 'healthy' as const, init: 'completed' as const },
    }
    const whole = (part: WrittenStack): WrittenStack => ({
      environments: { e: { A: 0 } },
      batch: { init: { image: 'i:1' } },
      secrets: { s: null },
      ...part,
      services: { db: { image: 'd:1', ports: { p: 1, q: 2 } }, ...part.services, it },
    })
    const before = plan(whole(base)).get('it')
    const after = plan(whole(change)).get('it')
    expect(after).not.toEqual(before)
    expect(plan(structuredClone(whole(change))).get('it')).toEqual(after)
  })
})
