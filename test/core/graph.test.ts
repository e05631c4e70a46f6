import { describe, expect, it } from 'vitest'
import { planGraph, toMermaid } from '../../src/core/graph.ts'
import { aStack } from '../helpers/a-stack.ts'

const T = { image: 'a:1' }
const STACK = aStack({
  services: {
    api: {
      ...T,
      ports: { p: 80 },
      depends_on: { db: 'healthy', setup: 'completed', cache: 'started' },
      env: {
        A: { service: 'db' },
        B: { service: 'mail', wait: false },
        C: { service: 'api' },
        D: { service: 'later', wait: false },
      },
      command: ['x', [{ service: 'later' }], [{ service: 'mail', wait: false }]],
    },
    db: { ...T, ports: { p: 5432 } },
    mail: { ...T, ports: { p: 25 }, profiles: ['mail'] },
    later: { ...T, ports: { p: 1 } },
    'end-to-end': { ...T, profiles: ['test'], depends_on: ['api', 'mail'] },
  },
  workers: { heavy: { ...T, queues: ['q'], scale: { max: 1 }, env: { A: { service: 'cache' } } } },
  batch: { setup: T },
  periodic: { nightly: { ...T, cron: '@daily', depends_on: ['db'] } },
  system: { cache: { ...T, ports: { p: 6379 } } },
})
const lines = (profiles?: string[]) =>
  planGraph(STACK, profiles).edges.map(
    ({ from, to, why, waits }) => `${from} ${waits ? '->' : '..'} ${to} ${why}`,
  )

describe('planGraph', () => {
  it('who needs whom, and why: once, as the dependency if there is one', () => {
    expect(lines()).toEqual([
      'api -> db healthy',
      'api -> setup completed',
      'api -> cache started',
      // Somewhere it is waited for.
      'api -> later address',
      'heavy -> cache address',
      'nightly -> db healthy',
    ])
  })

  it('with the jobs of profiles', () => {
    expect(lines(['mail'])).toContain('api .. mail address')
    expect(lines(['test'])).toContain('end-to-end -> api healthy')
    expect(lines(['test'])).not.toContain('end-to-end -> mail healthy')
    expect(planGraph(STACK).jobs.map(({ name }) => name)).not.toContain('mail')
  })
})

describe('toMermaid', () => {
  it('draws it', () => {
    expect(toMermaid(STACK, planGraph(STACK, ['mail', 'test']))).toBe(`flowchart LR
  job_api["api"]
  job_db["db"]
  job_mail["mail"]
  job_later["later"]
  job_end__to__end["end-to-end"]
  job_heavy("heavy")
  job_setup{{"setup<br/>before its dependants"}}
  job_nightly{{"nightly"}}
  job_cache[("cache")]
  job_api -->|healthy| job_db
  job_api -->|completed| job_setup
  job_api -->|started| job_cache
  job_api -.-> job_mail
  job_api --> job_later
  job_end__to__end -->|healthy| job_api
  job_end__to__end -->|healthy| job_mail
  job_heavy --> job_cache
  job_nightly -->|healthy| job_db
`)
  })

  it('an empty one', () => expect(toMermaid(aStack({}), { jobs: [], edges: [] })).toBe('flowchart LR\n'))
})
