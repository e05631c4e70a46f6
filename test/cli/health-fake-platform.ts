import { createServer, type Server } from 'node:http'
import { startFakeNomad } from './up-fake-nomad.ts'

type Json = Readonly<Record<string, unknown>>

const NS = 1e6
const ALLOCATION = '00000000-0000-4000-8000-000000000001'

/** Nomad and Consul as `health` asks them, with what real ones answered, made shorter. Tests change what is in them. */
export async function startFakePlatform(now: number) {
  const at = (secondsAgo: number): number => (now - secondsAgo * 1000) * NS
  const state = {
    jobs: [] as Json[],
    allocations: [] as Json[],
    blocked: [] as Json[],
    checks: [] as Json[],
    /** What the agent itself has; the servers may have something older. */
    agentChecks: [] as Json[],
    services: [] as Json[],
    /** `METHOD path` of every request to Consul. */
    asked: [] as string[],
    consulStatus: 200,
    nomad: await startFakeNomad(),
    consul: '',
    close() {
      state.nomad.close()
      server.close()
    },
    /** Two services: api waits for db, whose check fails. */
    reset() {
      state.nomad.reset()
      Object.assign(state, { blocked: [], asked: [], consulStatus: 200, agentChecks: [] })
      state.jobs = ['api', 'db'].map((ID) => ({
        ...{ ID, ParentID: '', Stop: false, GroupCountSum: 1, Version: 0, SubmitTime: at(60) },
        LatestDeployment: { JobVersion: 0, IsActive: true },
      }))
      const missing = {
        Type: 'Template',
        Time: at(40),
        DisplayMessage: 'Missing: kv.block(drover/waits-for/db)',
      }
      state.allocations = [
        state.allocation(
          'api',
          { State: 'pending', Restarts: 0, StartedAt: null, Events: [missing] },
          'pending',
        ),
        state.allocation('db', {
          State: 'running',
          StartedAt: new Date(now - 45_000).toISOString(),
          Events: [],
        }),
      ]
      state.services = [state.service('db')]
      state.checks = [
        state.check('critical', ''),
        { ...state.check('passing', 'alive'), ServiceID: '', ServiceName: '' },
      ]
      state.nomad.answer = (line) => {
        if (line === 'GET /v1/jobs/statuses') return [200, state.jobs]
        if (line === 'GET /v1/allocations') return [200, state.allocations]
        return line === 'GET /v1/evaluations' ? [200, state.blocked] : undefined
      }
    },
    allocation: (job: string, task: Json, ClientStatus = 'running'): Json => ({
      ID: ALLOCATION,
      ...{
        JobID: job,
        TaskGroup: job,
        JobVersion: 0,
        ClientStatus,
        DesiredStatus: 'run',
        NextAllocation: '',
      },
      ...{ CreateTime: at(50), ModifyTime: at(45), DeploymentStatus: null, TaskStates: { [job]: task } },
    }),
    service: (job: string): Json => ({
      ID: `_nomad-task-${ALLOCATION}-group-${job}-${job}-main`,
      ...{ Service: job, Address: '', Port: 5432, Tags: ['shop', 'service'] },
      Meta: { 'external-source': 'nomad', stack: 'shop', kind: 'service', job },
    }),
    check: (Status: string, Output: string): Json => ({
      ...{ Node: 'one', CheckID: 'c1', Name: 'db-ready', Status, Output, ServiceTags: ['shop', 'service'] },
      ...{ ServiceID: `_nomad-task-${ALLOCATION}-group-db-db-main`, ServiceName: 'db' },
    }),
    /** The check of db passes, and api has started. */
    heal() {
      state.checks = [state.check('passing', 'ready')]
      state.services = [state.service('db'), state.service('api')]
      state.allocations = ['api', 'db'].map((job) => ({
        ...state.allocation(job, {
          State: 'running',
          StartedAt: new Date(now - 5000).toISOString(),
          Events: [],
        }),
        DeploymentStatus: { Healthy: true },
      }))
    },
  }
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://consul').pathname
    state.asked.push(`${request.method} ${path}`)
    response.statusCode = state.consulStatus
    response.setHeader('Content-Type', 'application/json')
    response.end(state.consulStatus === 200 ? JSON.stringify(consulAnswer(path)) : 'Permission denied')
  })
  function consulAnswer(path: string): unknown {
    if (path === '/v1/health/state/any') return state.checks
    if (path === '/v1/agent/checks')
      return Object.fromEntries(state.agentChecks.map((check, index) => [index, check]))
    if (path.startsWith('/v1/catalog/service/')) return state.services.length > 1 ? [{ Node: 'one' }] : []
    return { Node: { Address: '10.0.0.1' }, Services: state.services }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  state.consul = typeof bound === 'object' && bound ? `http://127.0.0.1:${bound.port}` : ''
  return state
}
