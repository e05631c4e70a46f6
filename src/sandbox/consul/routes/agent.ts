import type { ConsulAgent } from '../agent/agent.ts'
import { readService } from '../agent/definition.ts'
import { ConsulError } from '../consul-error.ts'
import { filterMap } from '../filter/apply-filter.ts'
import type { ConsulStore } from '../state/store.ts'
import { agentService, checkView } from '../state/views.ts'
import { CHECK_FIELDS, SERVICE_FIELDS } from './fields.ts'
import type { Route } from './route.ts'

const STATUS_OF: Readonly<Record<string, string>> = { pass: 'passing', warn: 'warning', fail: 'critical' }
const VERSION = '1.12.9'

export function agentRoutes(agent: ConsulAgent, store: ConsulStore): Route[] {
  return [
    {
      methods: ['GET'],
      path: '/v1/agent/self',
      answer: () => ({
        Config: {
          Datacenter: 'dc1',
          PrimaryDatacenter: 'dc1',
          NodeName: store.node.Name,
          NodeID: store.node.ID,
          Revision: 'sandbox',
          Server: true,
          Version: VERSION,
        },
        DebugConfig: { ACLsEnabled: false, CheckUpdateInterval: '5m0s', CheckDeregisterIntervalMin: '1m0s' },
        Member: {
          Name: store.node.Name,
          Addr: '127.0.0.1',
          Status: 1,
          Tags: { build: `${VERSION}:`, dc: 'dc1' },
        },
        Meta: { 'consul-network-segment': '' },
        Stats: { consul: { leader: 'true', server: 'true' } },
      }),
    },
    {
      methods: ['GET'],
      path: '/v1/agent/services',
      answer: ({ query }) => {
        const all = [...agent.services().values()].map((one) => [one.ID, agentService(one)] as const)
        return filterMap(Object.fromEntries(all), query.filter, SERVICE_FIELDS)
      },
    },
    {
      methods: ['GET'],
      path: '/v1/agent/service/:id',
      answer: ({ params }) => {
        const service = agent.services().get(params.id ?? '')
        if (service === undefined) throw new ConsulError(404, `unknown service ID: ${params.id}`)
        return agentService(service)
      },
    },
    {
      methods: ['GET'],
      path: '/v1/agent/checks',
      answer: ({ query }) => {
        const all = [...agent.checks().values()].map(
          (one) => [one.CheckID, checkView(one, store.node.Name, agent.services())] as const,
        )
        return filterMap(Object.fromEntries(all), query.filter, CHECK_FIELDS)
      },
    },
    {
      methods: ['PUT'],
      path: '/v1/agent/service/register',
      answer: ({ body, query }) => {
        const replace = query['replace-existing-checks']
        agent.register(readService(body()), replace === 'true' || replace === '')
      },
    },
    {
      methods: ['PUT'],
      path: '/v1/agent/service/deregister/:id',
      answer: ({ params }) => agent.deregister(params.id ?? ''),
    },
    {
      methods: ['PUT'],
      path: '/v1/agent/check/update/:id',
      answer: ({ params, body }) => {
        const { Status, Output } = body()
        agent.update(params.id ?? '', String(Status ?? ''), String(Output ?? ''))
      },
    },
    ...Object.entries(STATUS_OF).map(
      ([word, status]): Route => ({
        methods: ['PUT'],
        path: `/v1/agent/check/${word}/:id`,
        answer: ({ params, query }) => agent.update(params.id ?? '', status, query.note ?? ''),
      }),
    ),
    {
      methods: ['PUT'],
      path: '/v1/agent/check/deregister/:id',
      answer: ({ params }) => agent.deregisterCheck(params.id ?? ''),
    },
  ]
}
