import { parseJob } from '../../hcl/parse-job.ts'
import { HclError, HclNotEmulated } from '../../hcl/syntax.ts'
import { NomadError } from '../nomad-error.ts'
import { collectGarbage } from '../operations/collect-garbage.ts'
import type { Server } from '../server.ts'
import { canonicalJob } from '../state/canonical-job.ts'
import { checkJob, inWords } from '../state/check-job.ts'
import { allocationStub } from '../state/views.ts'
import { byAge } from './paging.ts'
import type { Route } from './route.ts'

/** Everything beside jobs, allocations and variables. `parse` reads texts of job files in its own way; what it does not know is read as HCL. */
export function clusterRoutes(
  server: Server,
  parse: ((hcl: string) => unknown) | undefined,
  hasAcl: boolean,
): Route[] {
  const { store, node } = server
  const nodeStub = {
    Address: '127.0.0.1',
    CreateIndex: 8,
    Datacenter: 'dc1',
    Drain: false,
    Drivers: Object.fromEntries(
      ['raw_exec', 'exec', 'docker'].map((name) => [name, { Detected: true, Healthy: true, Attributes: {} }]),
    ),
    ID: node.ID,
    ModifyIndex: 10,
    Name: node.Name,
    NodeClass: '',
    NodePool: 'default',
    SchedulingEligibility: 'eligible',
    Status: 'ready',
    StatusDescription: '',
    Version: VERSION,
  }
  const read = (path: string, answer: Route['answer'], more: Partial<Route> = {}): Route => ({
    methods: ['GET'],
    path,
    needs: [],
    answer,
    ...more,
  })
  return [
    read('/v1/status/leader', () => '127.0.0.1:4647'),
    read('/v1/agent/health', () => ({ client: HEALTHY, server: HEALTHY })),
    read(
      '/v1/agent/self',
      () => ({
        config: { ACL: { Enabled: hasAcl }, Region: 'global', Version: { Version: VERSION } },
        member: { Name: `${node.Name}.global`, Tags: { build: VERSION } },
        stats: {},
      }),
      { needs: ['agent-read'] },
    ),
    read('/v1/regions', () => ['global']),
    read('/v1/namespaces', () =>
      store.namespaces.map((Name) => ({ Name, Description: '', CreateIndex: 1, ModifyIndex: 1 })),
    ),
    read('/v1/nodes', () => [nodeStub], { needs: ['node-read'] }),
    read(
      '/v1/node/:node',
      ({ params }) => {
        if (params.node !== node.ID) throw new NomadError(404, 'node not found')
        return { ...nodeStub, Attributes: {}, Meta: {} }
      },
      { needs: ['node-read'] },
    ),
    read(
      '/v1/evaluations',
      ({ namespace, query }) =>
        [...store.evaluations.values()]
          .filter((one) => namespace === '*' || one.Namespace === namespace)
          .filter(({ Status }) => query.status === undefined || Status === query.status)
          .filter(({ JobID }) => query.job === undefined || JobID === query.job),
      { needs: ['read-job'], page: byAge, index: () => store.tableIndex('evaluations') },
    ),
    read(
      '/v1/evaluation/:evaluation',
      ({ params }) => store.evaluations.get(params.evaluation ?? '') ?? missing('eval not found'),
      { needs: ['read-job'] },
    ),
    read(
      '/v1/evaluation/:evaluation/allocations',
      ({ params }) =>
        [...store.allocations.values()]
          .filter(({ EvalID }) => EvalID === params.evaluation)
          .map(allocationStub),
      { needs: ['read-job'], page: byAge, index: () => store.tableIndex('allocations') },
    ),
    read(
      '/v1/deployments',
      ({ namespace }) =>
        [...store.deployments.values()].filter((one) => namespace === '*' || one.Namespace === namespace),
      { needs: ['read-job'], page: byAge, index: () => store.tableIndex('deployments') },
    ),
    read(
      '/v1/deployment/:deployment',
      ({ params }) => store.deployments.get(params.deployment ?? '') ?? missing('deployment not found'),
      { needs: ['read-job'], index: () => store.tableIndex('deployments') },
    ),
    read(
      '/v1/operator/scheduler/configuration',
      () => ({
        Index: 5,
        KnownLeader: true,
        LastContact: 0,
        NextToken: '',
        SchedulerConfig: {
          SchedulerAlgorithm: 'binpack',
          MemoryOversubscriptionEnabled: true,
          PauseEvalBroker: false,
        },
      }),
      { needs: ['operator'] },
    ),
    {
      methods: ['PUT', 'POST'],
      path: '/v1/system/gc',
      needs: ['operator'],
      answer: () => collectGarbage(server),
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/validate/job',
      needs: ['read-job'],
      answer: ({ body, namespace }) => {
        const problems = checkJob(canonicalJob(body().Job, namespace), store.namespaces)
        const words = problems.length > 0 ? inWords(problems) : ''
        return {
          DriverConfigValidated: true,
          Error: words,
          ValidationErrors: problems.length > 0 ? problems : null,
          Warnings: '',
        }
      },
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/jobs/parse',
      needs: ['read-job'],
      answer: ({ body, namespace }) => {
        const text = String(body().JobHCL ?? '')
        return canonicalJob(parse?.(text) ?? json(text) ?? hcl(text), namespace)
      },
    },
  ]
}

const VERSION = '2.0.6'
const HEALTHY = { message: 'ok', ok: true }

function missing(words: string): never {
  throw new NomadError(404, words)
}

/** A job file; what has to be computed is not emulated. */
function hcl(text: string): unknown {
  try {
    return parseJob(text)
  } catch (error) {
    if (error instanceof HclError) throw new NomadError(400, error.message)
    if (!(error instanceof HclNotEmulated)) throw error
    throw new NomadError(501, `the sandbox does not emulate POST /v1/jobs/parse of ${error.message}`)
  }
}

/** A job in its JSON form; undefined for HCL. */
function json(text: string): unknown {
  try {
    const value = JSON.parse(text) as { Job?: unknown }
    return value.Job ?? value
  } catch {
    return undefined
  }
}
