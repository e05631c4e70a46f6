import type { IncomingHttpHeaders } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import type { DroverError } from '../../src/errors.ts'
import { compressAnswers } from './compress.ts'
import type { ServerDeps } from './deps.ts'
import { createEventHub } from './event-hub.ts'
import { fault, faultBody, faultOf } from './fault.ts'
import { createGuard } from './guard.ts'
import { createLatestDecisions } from './latest-decisions.ts'
import { describeRoutes } from './openapi.ts'
import { addDashboardRoutes } from './routes/dashboard.ts'
import { addGroupRoutes } from './routes/groups.ts'
import { addOrderRoutes } from './routes/orders.ts'
import { addPlatformRoutes } from './routes/platform.ts'
import { addSeriesRoutes } from './routes/series.ts'
import { addServiceRoutes } from './routes/service.ts'
import { addStreamRoutes } from './routes/stream.ts'
import { validateRequest } from './validate-request.ts'

const BODY_BYTES = 64 * 1024
const MAX_CONNECTIONS = 512
/** What still runs after that when the server is closed is cut off. */
const CLOSE_MS = 2000

/** The HTTP API, metrics and event stream of a scaler. Nothing listens yet: see listen(). */
export function buildServer(deps: ServerDeps): FastifyInstance {
  const { scaler, clock, log, token, version } = deps
  const app = Fastify({
    ...(log ? { loggerInstance: log } : {}),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES,
    // A request that is sent drop by drop is cut off; an event stream has its heartbeat.
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 15_000,
    http: { headersTimeout: 10_000, maxHeaderSize: 16 * 1024, connectionsCheckingInterval: 5000 },
    routerOptions: { maxParamLength: 400 },
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, _request, reply) => {
      const told = faultOf(error)
      const answer: FastifyReply = reply
      answer.code(told.status).headers(HEADERS).send(faultBody(told))
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
      socket.end(rawRefusal(error.code))
    },
  })
  app.server.maxConnections = MAX_CONNECTIONS
  app.setValidatorCompiler(validateRequest as never)
  app.setSerializerCompiler(() => JSON.stringify)
  app.removeContentTypeParser('text/plain')

  app.addHook('onSend', async (_request, reply) => {
    const own = reply.getHeader('cache-control')
    reply.headers(own === undefined ? HEADERS : { ...HEADERS, 'cache-control': own })
  })
  compressAnswers(app)
  app.setErrorHandler((error: Error, request, reply) => {
    const told = faultOf(error)
    if (told.status >= 500 && told.code === 'INTERNAL')
      request.log.error({ err: error, url: request.url }, 'API')
    // What is left of a body that nobody reads would be waited for.
    if (hasBody(request.headers) && !request.raw.complete) reply.header('connection', 'close')
    if (told.status === 401) reply.header('www-authenticate', 'Bearer')
    if (told.status === 503) reply.header('retry-after', '2')
    return reply.code(told.status).send(faultBody(told))
  })
  app.setNotFoundHandler((request) => {
    throw noRoute(request.method, request.url)
  })

  const decisions = createLatestDecisions()
  const hub = createEventHub(scaler.health().startedAt, clock, deps.events)
  const subscription = scaler.subscribe((event) => {
    decisions.see(event)
    hub.publish(event)
  })
  app.addHook('preClose', async () => {
    subscription.close()
    hub.close()
    setTimeout(() => app.server.closeAllConnections(), CLOSE_MS).unref()
  })

  describeRoutes(app, version)
  app.register(async (routes) => {
    addDashboardRoutes(routes, deps)
    addServiceRoutes(routes, deps)
    addGroupRoutes(routes, deps, decisions)
    addSeriesRoutes(routes, deps)
    addPlatformRoutes(routes, deps)
    addStreamRoutes(routes, deps, hub)
    addOrderRoutes(routes, deps, createGuard(token))
  })
  return app
}

const HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' }

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function noRoute(method: string, url: string): DroverError {
  const path = url.split('?')[0] ?? ''
  return fault(404, 'USAGE', `there is no ${method} ${path.slice(0, 100)}`, {
    hint: 'GET /openapi.json describes all that there is.',
  })
}

/** For what is no HTTP, or comes too slowly, or with too large a head: there is no request to reply to. */
function rawRefusal(code: string | undefined): string {
  const [status, message] =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'the request took too long to arrive']
      : code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'the headers are too large; 16 kB are the most']
        : ['400 Bad Request', 'this is not well-formed HTTP']
  const body = JSON.stringify({ error: { code: 'USAGE', message } })
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
}
