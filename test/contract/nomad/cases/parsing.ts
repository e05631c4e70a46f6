import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Case } from '../contract.ts'
import type { Spec, World } from '../world.ts'

const textOf = (job: string): string =>
  readFileSync(new URL(`../../../../jobs/${job}.nomad.hcl`, import.meta.url), 'utf8')

const parse = (world: World, hcl: string) =>
  world.send('POST', 'jobs/parse', { JobHCL: hcl, Canonicalize: true })

/** What Drover reads of it, and what the emulator runs. */
const PARSED: Readonly<Record<string, object>> = {
  redis: {
    Type: 'service',
    Meta: { drover_stack: 'e2i', drover_kind: 'service', tier: 'infrastructure' },
    TaskGroups: [{ Name: 'redis', Count: 1, Scaling: null }],
  },
  worker_heavy: {
    Type: 'batch',
    TaskGroups: [
      {
        Name: 'worker_heavy',
        Count: 0,
        Scaling: {
          Min: 0,
          Max: 4,
          Enabled: false,
          Policy: { drover: [{ queues: ['shap', 'causal', 'ml', 'twins'], concurrency: 2 }] },
        },
        Services: [{ Name: 'worker-heavy', Provider: 'consul', Tags: ['e2i', 'worker', 'application'] }],
        Tasks: [
          {
            Name: 'worker_heavy',
            Driver: 'docker',
            KillTimeout: 7260e9,
            Env: { WORKER_TYPE: 'heavy', OMP_NUM_THREADS: '16' },
            Config: { command: 'celery', mount: { length: 6 } },
            Resources: { CPU: 20000, MemoryMB: 16384, MemoryMaxMB: 32768 },
          },
        ],
      },
    ],
  },
  promtail: { Type: 'system' },
}

const FAULTS: readonly (readonly [what: string, hcl: string, words: string])[] = [
  ['an argument that is none', 'job "x" {\n  prioritty = 1\n}\n', 'input.hcl:2,3: Unsupported argument; '],
  ['a block that is none', 'job "x" {\n  grup "g" {\n  }\n}\n', 'input.hcl:2,3: Unsupported block type; '],
]

export const parseCases: readonly Case[] = [
  ...Object.entries(PARSED).map(
    ([job, expected]): Case => ({
      name: `parses jobs/${job}.nomad.hcl, with defaults`,
      async run(world) {
        const answer = await parse(world, textOf(job))
        expect(answer.status).toBe(200)
        expect(answer.json<Spec>()).toMatchObject({
          ID: job,
          Priority: 50,
          Datacenters: ['*'],
          ...expected,
        })
      },
    }),
  ),
  ...FAULTS.map(
    ([what, hcl, words]): Case => ({
      name: `says where there is ${what}`,
      async run(world) {
        const { status, text } = await parse(world, hcl)
        expect(status).toBe(400)
        // The emulator tells where it begins, Nomad where it ends as well.
        expect(text.replace(/(,\d+)-\d+:/, '$1:')).toContain(words)
      },
    }),
  ),
  {
    name: 'what was parsed can be planned and registered',
    async run(world, id) {
      const hcl = textOf('worker_heavy').replaceAll('worker_heavy', id)
      const job = (await parse(world, hcl)).json<Spec>()
      const plan = await world.send('PUT', `job/${id}/plan`, { Job: job, Diff: true })
      expect(plan.json<{ Diff: { Type: string } }>().Diff.Type).toBe('Added')
      await world.register(job)
      expect((await world.job(id)).TaskGroups).toMatchObject([{ Name: id, Count: 0 }])
    },
  },
  {
    name: 'tells how the jobs are in one list',
    async run(world, id) {
      const job = (await parse(world, textOf('worker_heavy').replaceAll('worker_heavy', id))).json<Spec>()
      await world.send('PUT', 'jobs', { Job: job })
      const all = await world.get<Record<string, unknown>[]>('jobs/statuses?include_children=true')
      const one = all.find(({ ID }) => ID === id)
      expect(one).toMatchObject({
        Name: id,
        Type: 'batch',
        Stop: false,
        Version: 0,
        GroupCountSum: 0,
        ParentID: '',
      })
      expect(one).toMatchObject({ Allocs: null, LatestDeployment: null, SubmitTime: expect.any(Number) })
      expect(await world.get('evaluations?status=blocked')).toEqual([])
    },
  },
]
