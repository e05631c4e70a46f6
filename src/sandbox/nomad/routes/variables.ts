import { NomadError } from '../nomad-error.ts'
import type { Server } from '../server.ts'
import type { Variables } from '../state/variables.ts'
import { byName } from './paging.ts'
import type { Call, Route } from './route.ts'

export function variableRoutes({ store }: Server, variables: Variables): Route[] {
  const pathOf = ({ params }: Call): string => params['*'] ?? ''
  const cas = ({ query }: Call): number | undefined =>
    query.cas === undefined ? undefined : Number(query.cas)
  return [
    {
      methods: ['GET'],
      path: '/v1/vars',
      needs: ['variables-read'],
      index: () => store.tableIndex('variables'),
      page: ({ Namespace, Path }) => byName({ Namespace, ID: Path }),
      answer: ({ namespace, query }) =>
        [...store.variables.values()]
          .filter((one) => namespace === '*' || one.Namespace === namespace)
          .filter(({ Path }) => Path.startsWith(query.prefix ?? ''))
          .map(({ Items: _, ...metadata }) => metadata),
    },
    {
      methods: ['GET'],
      path: '/v1/var/*',
      needs: ['variables-read'],
      index: (call) =>
        variables.find(call.namespace, pathOf(call))?.ModifyIndex ?? store.tableIndex('variables'),
      answer: (call) => {
        const variable = variables.find(call.namespace, pathOf(call))
        if (!variable) throw new NomadError(404, 'variable not found')
        return variable
      },
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/var/*',
      needs: ['variables-write'],
      answer: (call) => {
        const { namespace, query } = call
        const path = pathOf(call)
        const body = call.body()
        if (query['lock-acquire'] !== undefined) return variables.acquire(namespace, path, body)
        if (query['lock-renew'] !== undefined) return variables.renew(namespace, path, body)
        if (query['lock-release'] !== undefined) return variables.release(namespace, path, body)
        return variables.write(namespace, path, body, cas(call))
      },
    },
    {
      methods: ['DELETE'],
      path: '/v1/var/*',
      needs: ['variables-write'],
      status: 204,
      answer: (call) => variables.remove(call.namespace, pathOf(call), cas(call)),
    },
  ]
}
