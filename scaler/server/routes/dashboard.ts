import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from '../../../src/core/zod.ts'
import { type Asset, loadAssets } from '../assets.ts'
import { takesGzip } from '../compress.ts'
import type { ServerDeps } from '../deps.ts'
import { fault } from '../fault.ts'
import { textAnswer } from './service.ts'

/** The page for browsers at /, and its files. Programs that ask for / are told where to find what. */
export function addDashboardRoutes(app: FastifyInstance, { version }: ServerDeps): void {
  const assets = loadAssets()
  const index = assets.get('index.html')
  const links = { name: 'drover scaler', version, links: LINKS }

  app.get(
    '/',
    {
      schema: {
        operationId: 'getRoot',
        summary: 'The dashboard for browsers; for programs, where to find what',
        response: {
          200: {
            description: 'The page, or the links',
            content: {
              'application/json': { schema: z.toJSONSchema(rootAnswer, { target: 'openapi-3.0' }) },
              'text/html': { schema: { type: 'string' } },
            },
          },
        },
      },
    },
    async (request, reply) => {
      reply.header('vary', 'accept, accept-encoding')
      if (index !== undefined && /\btext\/html\b/.test(request.headers.accept ?? ''))
        return sendAsset(index, request, reply)
      return reply.send(links)
    },
  )
  app.get<{ Params: { name: string } }>(
    '/assets/:name',
    {
      schema: {
        operationId: 'getAsset',
        summary: 'A file of the dashboard',
        params: z.object({ name: z.string() }),
        response: { 200: textAnswer('*/*', 'The file') },
      },
    },
    async (request, reply) => {
      const asset = assets.get(request.params.name)
      if (asset === undefined) throw fault(404, 'USAGE', 'the dashboard has no such file')
      reply.header('vary', 'accept-encoding')
      return sendAsset(asset, request, reply)
    },
  )
}

const rootAnswer = z.object({ name: z.string(), version: z.string(), links: z.array(z.string()) })

/**
 * Nothing but the files of this server: names of groups and tasks come from elsewhere, and should one ever get into
 * the page as more than text, it still runs nothing and sends nothing anywhere.
 */
const SECURITY = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
}

function sendAsset(asset: Asset, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { type, plain, zipped, etag } = asset
  reply.headers({ ...SECURITY, etag, 'cache-control': 'no-cache' })
  if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
  reply.header('content-type', type)
  if (!takesGzip(request.headers['accept-encoding'])) return reply.send(plain)
  return reply.header('content-encoding', 'gzip').send(zipped)
}

const LINKS = [
  '/v1/groups',
  '/v1/queues',
  '/v1/workers',
  '/v1/series',
  '/v1/platform',
  '/v1/history',
  '/v1/events',
  '/health/live',
  '/health/ready',
  '/metrics',
  '/openapi.json',
]
