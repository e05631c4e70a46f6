import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { SandboxClock } from '../clock.ts'
import { applyFaults } from '../faults.ts'
import { checkCapability, type Tokens } from './acl.ts'
import type { Faults } from './faults.ts'
import { NomadError } from './nomad-error.ts'
import { pageOf } from './routes/paging.ts'
import { type Call, type Route, readBody } from './routes/route.ts'
import type { Streams } from './routes/stream.ts'
import { readWait, waitForIndex } from './routes/waiting.ts'
import type { Store } from './state/store.ts'
import { VariableConflict } from './state/variables.ts'

export interface AppOptions {
  readonly store: Store
  readonly clock: SandboxClock
  readonly routes: readonly Route[]
  readonly streams: Streams
  readonly faults: () => Faults
  readonly tokens: Tokens | undefined
}

/** Nomad's HTTP API. What it does not emulate is 501, naming the route. */
export function createApp(options: AppOptions): FastifyInstance {
  const { store, clock, routes, streams } = options
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 500 } })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', async (_request, reply) => {
    const faults = options.faults()
    if (faults.tooManyConnections)
      fail(429, 'Your IP is issuing too many concurrent connections, please rate limit your calls')
    return applyFaults(faults, clock, reply, withoutLeader)
  })

  const known = new Map<string, Set<string>>()
  for (const route of routes) {
    const methods = known.get(route.path) ?? new Set()
    known.set(route.path, methods)
    for (const method of route.methods) methods.add(method)
    app.route({
      method: [...route.methods],
      url: route.path,
      handler: (request, reply) => answer(route, request, reply),
    })
  }
  for (const [url, methods] of known) {
    const rest = (['GET', 'PUT', 'POST', 'DELETE'] as const).filter((method) => !methods.has(method))
    if (rest.length > 0) app.route({ method: rest, url, handler: () => fail(405, 'Invalid method') })
  }
  app.get('/v1/event/stream', (request, reply) => {
    const query = request.query as Readonly<Record<string, string | string[] | undefined>>
    const { topic, index, namespace } = query
    checkCapability(options.tokens, tokenOf(request), ['read-job', 'read-job-scaling'])
    reply.hijack()
    try {
      const call = {
        topics: topic === undefined ? [] : [topic].flat(),
        namespace: first(namespace) ?? 'default',
        index: first(index),
      }
      streams.open(call, reply.raw)
    } catch (error) {
      const status = error instanceof NomadError ? error.status : 500
      reply.raw.writeHead(status, TEXT).end(error instanceof Error ? error.message : '')
    }
  })
  app.setNotFoundHandler(({ method, url }) =>
    fail(501, `the sandbox does not emulate ${method} ${url.split('?')[0]}`),
  )
  app.setErrorHandler((error, _request, reply) => sendError(error, reply))

  async function answer(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const call = readCall(request)
    checkCapability(options.tokens, tokenOf(request), route.needs)
    const wait = route.index && request.method === 'GET' ? readWait(call.query) : undefined
    if (wait && route.index) {
      const { index } = route
      await waitForIndex(store, clock, wait, () => index(call))
    }
    // The error of an answer carries an index too.
    reply.header('X-Nomad-Index', String(route.index?.(call) ?? store.index()))
    reply.header('X-Nomad-Knownleader', 'true')
    let body = route.answer(call)
    if (route.page && Array.isArray(body)) {
      const { items, next } = pageOf(body, route.page, call.query)
      if (next !== undefined) reply.header('X-Nomad-Nexttoken', next)
      body = items
    }
    if (route.status === 204) await reply.code(204).send()
    else if (body === undefined) await reply.code(200).send()
    else
      await reply
        .code(route.status ?? 200)
        .header('Content-Type', 'application/json')
        .send(JSON.stringify(body))
  }
  return app
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' }

function fail(status: number, words: string): never {
  throw new NomadError(status, words)
}

function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof VariableConflict)
    return reply.code(409).headers(TEXT).send(JSON.stringify(error.variable))
  if (error instanceof NomadError) return reply.code(error.status).headers(TEXT).send(error.message)
  const { statusCode = 500, message } = error as { statusCode?: number; message: string }
  return reply.code(statusCode).headers(TEXT).send(message)
}

function readCall(request: FastifyRequest): Call {
  const query = Object.fromEntries(
    Object.entries(request.query as Record<string, string | string[]>).map(([name, value]) => [
      name,
      first(value),
    ]),
  )
  return {
    params: request.params as Readonly<Record<string, string>>,
    query,
    namespace: query.namespace || 'default',
    body: () => readBody(typeof request.body === 'string' ? request.body : ''),
  }
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  return first(headers['x-nomad-token']) ?? headers.authorization?.replace(/^Bearer /i, '')
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value[0]
}

function withoutLeader(_method: string, url: string): 'fails' | 'works' {
  return /^\/v1\/(event\/stream|agent\/self)/.test(url) ? 'works' : 'fails'
}
