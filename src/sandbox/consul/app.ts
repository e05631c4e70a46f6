import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { parseGoDuration } from '../../core/spec/go-duration.ts'
import type { SandboxClock } from '../clock.ts'
import { applyFaults, type HttpFaults } from '../faults.ts'
import { waitForIndex } from '../nomad/routes/waiting.ts'
import { ConsulError } from './consul-error.ts'
import { type Call, Reply, type Route, readBody } from './routes/route.ts'
import type { ConsulStore } from './state/store.ts'

const USUAL_WAIT_MS = 5 * 60_000
const LONGEST_WAIT_MS = 10 * 60_000
const METHODS = ['GET', 'PUT', 'POST', 'DELETE'] as const

/** Consul's HTTP API. What it does not emulate is 501, naming the route. */
export function createConsulApp(
  store: ConsulStore,
  clock: SandboxClock,
  routes: readonly Route[],
  faults: () => HttpFaults,
): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 500 } })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', async (_request, reply) => applyFaults(faults(), clock, reply, withoutLeader))
  const known = new Map<string, Set<string>>()
  for (const route of routes) {
    known.set(route.path, new Set([...(known.get(route.path) ?? []), ...route.methods]))
    app.route({
      method: [...route.methods],
      url: route.path,
      handler: (request, reply) => answer(route, request, reply),
    })
  }
  for (const [url, methods] of known)
    app.route({
      method: METHODS.filter((method) => !methods.has(method)),
      url,
      handler: ({ method }) => {
        throw new ConsulError(405, `method ${method} not allowed`)
      },
    })
  app.setNotFoundHandler(({ method, url }) => {
    throw new ConsulError(501, `the sandbox does not emulate ${method} ${url.split('?')[0]}`)
  })
  app.setErrorHandler((error, _request, reply) => {
    const { statusCode = 500, message } = error as { statusCode?: number; message: string }
    const status = error instanceof ConsulError ? error.status : statusCode
    return reply.code(status).type('text/plain; charset=utf-8').send(message)
  })

  async function answer(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const call = readCall(request)
    if (route.index && request.method === 'GET') {
      await waitFor(call, route.index)
      reply.header('X-Consul-Index', String(route.index()))
      reply.header('X-Consul-Knownleader', 'true')
    }
    const body = route.answer(call)
    const made = body instanceof Reply ? body : new Reply(200, body)
    reply.code(made.status)
    if (made.body === undefined) await reply.send()
    else if (made.type === 'application/json') await reply.type(made.type).send(JSON.stringify(made.body))
    else await reply.type(made.type).send(made.body)
  }

  async function waitFor({ query }: Call, index: () => number): Promise<void> {
    const from = Number(query.index ?? 0)
    const wait = query.wait === undefined ? USUAL_WAIT_MS : (parseGoDuration(query.wait) ?? Number.NaN) / 1e6
    if (Number.isNaN(wait)) throw new ConsulError(400, 'Bad request: Invalid wait time')
    if (Number.isNaN(from)) throw new ConsulError(400, 'Bad request: Invalid index')
    if (from > 0)
      await waitForIndex(store, clock, { index: from, waitMs: Math.min(wait, LONGEST_WAIT_MS) }, index)
  }
  return app
}

function readCall({ params, query, body }: FastifyRequest): Call {
  const text = typeof body === 'string' ? body : ''
  const first = Object.entries(query as Record<string, string | string[]>).map(([name, value]) => [
    name,
    Array.isArray(value) ? value[0] : value,
  ])
  return {
    params: params as Readonly<Record<string, string>>,
    query: Object.fromEntries(first),
    text,
    body: () => readBody(text),
  }
}

/** An agent answers for itself. What it is told it passes on to the servers, and waits in vain before it answers. */
function withoutLeader(method: string, url: string): 'fails' | 'waits' | 'works' {
  if (url.startsWith('/v1/agent/')) return method === 'GET' ? 'works' : 'waits'
  return url.startsWith('/v1/status/leader') ? 'works' : 'fails'
}
