import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

const LEAST_CHARACTERS = 2000
const zip = promisify(gzip)

/** Compresses long answers for clients that take it: hundreds of groups are a megabyte, most of it the same words. */
export function compressAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || payload.length < LEAST_CHARACTERS) return payload
    reply.header('vary', 'accept-encoding')
    if (!takesGzip(request.headers['accept-encoding'])) return payload
    const zipped = await zip(payload, { level: constants.Z_BEST_SPEED })
    reply.header('content-encoding', 'gzip')
    reply.removeHeader('content-length')
    return zipped
  })
}

/** Whether a client says so; gzip with a weight of 0 is refused. */
export function takesGzip(header: string | string[] | undefined): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i.test(String(header ?? ''))
}
