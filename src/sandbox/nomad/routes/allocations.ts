import { NomadError } from '../nomad-error.ts'
import { findAllocation, stopAllocation } from '../operations/allocations.ts'
import type { Server } from '../server.ts'
import { allocationBody, allocationStub } from '../state/views.ts'
import { byAge } from './paging.ts'
import type { Route } from './route.ts'

export function allocationRoutes(server: Server): Route[] {
  const { store, client } = server
  return [
    {
      methods: ['GET'],
      path: '/v1/allocations',
      page: byAge,
      needs: ['read-job'],
      index: () => store.tableIndex('allocations'),
      answer: ({ namespace, query }) =>
        [...store.allocations.values()]
          .filter((one) => namespace === '*' || one.Namespace === namespace)
          .filter(({ ID }) => ID.startsWith(query.prefix ?? ''))
          .map(allocationStub),
    },
    {
      methods: ['GET'],
      path: '/v1/allocation/:id',
      needs: ['read-job'],
      index: ({ params }) =>
        store.allocations.get(params.id ?? '')?.ModifyIndex ?? store.tableIndex('allocations'),
      answer: ({ params }) => allocationBody(findAllocation(server, params.id ?? '')),
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/allocation/:id/stop',
      needs: ['alloc-lifecycle', 'submit-job'],
      answer: ({ params, query }) => {
        if (query.reschedule !== undefined)
          throw new NomadError(501, 'the sandbox does not emulate PUT /v1/allocation/:id/stop?reschedule')
        return stopAllocation(server, params.id ?? '')
      },
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/client/allocation/:id/signal',
      needs: ['alloc-lifecycle', 'submit-job'],
      answer: ({ params, body }) => {
        const { Signal = '', Task } = body()
        client.signal(params.id ?? '', String(Signal), Task === undefined ? undefined : String(Task))
        return { Index: 0 }
      },
    },
  ]
}
