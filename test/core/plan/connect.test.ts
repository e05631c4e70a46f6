import { describe, expect, it } from 'vitest'
import { planIntentions, upstreamsOf } from '../../../src/core/plan/connect.ts'
import { jobFinder, planJobs } from '../../../src/core/plan/plan-jobs.ts'
import { aStack } from '../../helpers/a-stack.ts'
import { groupOf, servicesOf, taskOf } from './planned.ts'

const DB = { image: 'd:1', networks: ['back'], ports: { main: 5432, admin: 8080 } }
const MESH = {
  cluster: { isolation: 'intentions' },
  services: {
    db: DB,
    my_api: {
      image: 'a:1',
      networks: ['back', 'front'],
      ports: { http: 80, metrics: 9000 },
      depends_on: { prepare: 'completed' },
      env: { A: { service: 'db', port: 'admin', wait: false }, B: { service: 'db' } },
    },
    web: {
      image: 'w:1',
      networks: ['front'],
      ports: { http: 80 },
      env: { A: ['http://', { service: 'my_api' }] },
    },
  },
  batch: {
    prepare: { image: 'p:1', networks: ['back'], env: { C: { service: 'cache', part: 'host' } } },
    report: { image: 'r:1', networks: ['back'], env: { D: { service: 'db' } } },
    quiet: { image: 'q:1', networks: ['back'] },
  },
  system: { cache: { image: 'c:1', networks: ['back'], ports: { p: 6379 } } },
}

describe('upstreams', () => {
  it('each service that a job dials has a local port, in the order of their names', () => {
    const stack = aStack(MESH)
    const findJob = jobFinder(stack)
    const upstreams = (name: string) => {
      const job = findJob(name)
      return job ? upstreamsOf(job, findJob).map(({ service, localPort }) => `${localPort} ${service}`) : []
    }
    // With those of what runs before it.
    expect(upstreams('my_api')).toEqual(['19000 cache', '19001 db', '19002 db-admin'])
    expect(upstreams('web')).toEqual(['19000 my-api'])
    expect(upstreams('db')).toEqual([])
  })
})

describe('sidecars', () => {
  it('every service has one, the first with what the job dials', () => {
    const proxy = (services: [string, number][]) => ({
      proxy: {
        upstreams: services.map(([destination_name, local_bind_port]) => ({
          destination_name,
          local_bind_port,
        })),
      },
    })
    expect(servicesOf(MESH, 'my_api').map(({ name, port, connect }) => [name, port, connect])).toEqual([
      [
        'my-api',
        '80',
        {
          sidecar_service: proxy([
            ['cache', 19000],
            ['db', 19001],
            ['db-admin', 19002],
          ]),
        },
      ],
      ['my-api-metrics', '9000', { sidecar_service: {} }],
    ])
    expect(servicesOf(MESH, 'db').map(({ connect }) => connect)).toEqual([
      { sidecar_service: {} },
      { sidecar_service: {} },
    ])
  })

  it('what runs to its end and dials others has a service for its sidecar alone', () => {
    const [service, ...others] = servicesOf(MESH, 'report')
    expect(others).toEqual([])
    expect(service).toMatchObject({
      name: 'report',
      connect: { sidecar_service: { proxy: expect.anything() } },
    })
    expect(service).not.toHaveProperty('port')
    expect(groupOf(MESH, 'report').shutdown_delay).toBe('1s')
    expect(taskOf(MESH, 'report', 'report').template?.[0]?.data).toContain('127.0.0.1:19000')
    expect(groupOf(MESH, 'quiet').service).toBeUndefined()
  })

  it('only a job with a network of its own has any; another dials as without a mesh', () => {
    const raw = { driver: 'raw_exec', command: 'x', ports: { p: 99 }, env: { A: { service: 'db' } } }
    const stack = { ...MESH, services: { ...MESH.services, raw } }
    expect(servicesOf(stack, 'raw')[0]).not.toHaveProperty('connect')
    expect(taskOf(stack, 'raw', 'raw').template?.[0]?.data).toContain('{{ .Address }}:{{ .Port }}')
  })

  it('addresses go to the local ports, in what runs before the task too', () => {
    const data = (task: string) => taskOf(MESH, task, 'my_api').template?.[0]?.data
    expect(data('my_api')).toContain('}}127.0.0.1:19002{{')
    expect(data('my_api')).toContain('}}127.0.0.1:19001{{')
    expect(data('prepare')).toContain('}}127.0.0.1{{')
  })
})

describe('planIntentions', () => {
  const linesOf = (written: object): string[] => {
    const stack = aStack(written)
    const jobs = planJobs(stack).jobs.map(({ job }) => job)
    return planIntentions(jobs, jobFinder(stack)).map(
      ({ service, sources }) => `${service}: ${sources.join(' ')}`,
    )
  }

  it('who looks a port up may call it, what runs before it included; a common network alone is not enough', () => {
    expect(linesOf(MESH)).toEqual([
      'db: my-api report',
      'db-admin: my-api',
      'my-api: web',
      'my-api-metrics: ',
      'web: ',
      'cache: my-api',
    ])
  })

  it('who depends on a job may call all of its ports', () => {
    const services = {
      db: DB,
      api: { image: 'a:1', networks: ['back'], ports: { p: 80 }, depends_on: { db: 'started' } },
      // No network in common, which the rules refuse: no way through either.
      web: { image: 'w:1', networks: ['front'], ports: { p: 80 }, depends_on: ['db'] },
    }
    expect(linesOf({ cluster: MESH.cluster, services })).toEqual([
      'db: api',
      'db-admin: api',
      'api: ',
      'web: ',
    ])
  })
})
