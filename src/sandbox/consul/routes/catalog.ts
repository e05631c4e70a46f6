import { filterBy } from '../filter/apply-filter.ts'
import type { ConsulStore } from '../state/store.ts'
import type { ConsulService } from '../state/types.ts'
import { catalogService, checkView, nodeService, nodeView } from '../state/views.ts'
import { CATALOG_FIELDS, CHECK_FIELDS, HEALTH_FIELDS, NODE_FIELDS, SERVICE_FIELDS } from './fields.ts'
import type { Call, Route } from './route.ts'

/** What the servers know of nodes, services and checks. */
export function catalogRoutes(store: ConsulStore, hasLeader: () => boolean): Route[] {
  const index = (): number => store.tableIndex('catalog')
  const read = (path: string, answer: (call: Call) => unknown): Route => ({
    methods: ['GET'],
    path,
    index,
    answer,
  })
  const named = ({ params, query }: Call): ConsulService[] =>
    [...store.services.values()].filter(
      ({ Service, Tags }) => Service === params.name && (query.tag === undefined || Tags.includes(query.tag)),
    )
  const checks = (
    fits: (check: { ServiceID: string; Status: string }) => boolean,
    filter: string | undefined,
  ) =>
    filterBy(
      [...store.checks.values()].filter(fits).map((one) => checkView(one, store.node.Name, store.services)),
      filter,
      CHECK_FIELDS,
    )
  return [
    read('/v1/catalog/nodes', ({ query }) => filterBy([nodeView(store)], query.filter, NODE_FIELDS)),
    read('/v1/catalog/services', () => {
      const tags = new Map<string, Set<string>>()
      for (const { Service, Tags } of store.services.values())
        tags.set(Service, new Set([...(tags.get(Service) ?? []), ...Tags]))
      return Object.fromEntries([...tags].map(([name, all]) => [name, [...all]]))
    }),
    read('/v1/catalog/service/:name', (call) =>
      filterBy(
        named(call).map((one) => catalogService(store, one)),
        call.query.filter,
        CATALOG_FIELDS,
      ),
    ),
    read('/v1/catalog/node-services/:node', ({ params, query }) => {
      if (params.node !== store.node.Name) return { Node: null, Services: null }
      const services = [...store.services.values()].map(nodeService)
      return { Node: nodeView(store), Services: filterBy(services, query.filter, SERVICE_FIELDS) }
    }),
    read('/v1/health/service/:name', (call) => {
      const entries = named(call).map((service) => ({
        Node: nodeView(store),
        Service: nodeService(service),
        Checks: checks(({ ServiceID }) => ServiceID === '' || ServiceID === service.ID, undefined),
      }))
      const wanted = call.query.passing !== undefined && call.query.passing !== 'false'
      const kept = wanted
        ? entries.filter(({ Checks }) => Checks.every(({ Status }) => Status === 'passing'))
        : entries
      return filterBy(kept, call.query.filter, HEALTH_FIELDS)
    }),
    read('/v1/health/state/:state', ({ params, query }) =>
      checks(({ Status }) => params.state === 'any' || Status === params.state, query.filter),
    ),
    read('/v1/health/checks/:name', (call) => {
      const ids = named(call).map(({ ID }) => ID)
      return checks(({ ServiceID }) => ids.includes(ServiceID), call.query.filter)
    }),
    read('/v1/health/node/:node', ({ params, query }) =>
      params.node === store.node.Name ? checks(() => true, query.filter) : [],
    ),
    { methods: ['GET'], path: '/v1/status/leader', answer: () => (hasLeader() ? '127.0.0.1:8300' : '') },
  ]
}
