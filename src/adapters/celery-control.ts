import { randomUUID } from 'node:crypto'
import { z } from '../core/zod.ts'
import type { RedisLink } from './redis.ts'

/** Where Celery's workers listen. */
export interface CeleryBroker {
  readonly link: RedisLink
  readonly database: number
  /** Celery's global_keyprefix; empty for none. */
  readonly prefix: string
}

export interface CeleryCall {
  readonly method: string
  readonly arguments?: Readonly<Record<string, unknown>>
  /** A node's name, or a pattern of names (`*@ALLOCATION*`), which every node holds its own against. */
  readonly to: { readonly node: string } | { readonly pattern: string }
  /** How long to wait for answers. A call to one node ends with its answer. */
  readonly timeoutMs: number
  /** With a pattern: how many answers there can be at most. Default: any number, so it waits for the whole time. */
  readonly limit?: number
}

const SEPARATOR = '\x06\x16'
const REPLY_EXCHANGE = 'reply.celery.pidbox'
const POLL_MS = 15

const envelopeSchema = z.object({
  body: z.string(),
  properties: z.object({ body_encoding: z.string() }).partial(),
})
const replySchema = z.record(z.string(), z.unknown())

/**
 * Celery's remote control as Celery's own client does it over Redis: published to all nodes, answered into a list of
 * the caller's own. Returns the answer of each node that gave one in time; none is not an error here.
 * Throws what the connection throws.
 */
export async function callCelery(broker: CeleryBroker, call: CeleryCall): Promise<Map<string, unknown>> {
  const { link, prefix, database } = broker
  const oid = randomUUID()
  const queue = `${oid}.${REPLY_EXCHANGE}`
  const list = `${prefix}${queue}`
  const binding = [`${prefix}_kombu.binding.${REPLY_EXCHANGE}`, [oid, '', queue].join(SEPARATOR)] as const
  const end = Date.now() + call.timeoutMs
  const limit = 'node' in call.to ? 1 : (call.limit ?? Infinity)
  const answers = new Map<string, unknown>()
  const send = async (...commands: [string, ...(string | number)[]][]): Promise<unknown[]> => {
    const replies = await link.run(
      commands.map((args) => ({ args })),
      Math.max(call.timeoutMs, 1000),
    )
    return replies.map((reply) => {
      if ('error' in reply) throw new Error(reply.error)
      return reply.value
    })
  }
  try {
    await send(
      ['SADD', ...binding],
      ['PUBLISH', `${prefix}/${database}.celery.pidbox`, envelope(call, oid, end / 1000)],
    )
    while (answers.size < limit && Date.now() < end) {
      const [text] = await send(['RPOP', list])
      if (typeof text === 'string') for (const [node, answer] of readReply(text)) answers.set(node, answer)
      else await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    return answers
  } finally {
    await send(['SREM', ...binding], ['DEL', list]).catch(() => undefined)
  }
}

function envelope(call: CeleryCall, oid: string, expires: number): string {
  const body = {
    method: call.method,
    arguments: call.arguments ?? {},
    destination: 'node' in call.to ? [call.to.node] : null,
    pattern: 'pattern' in call.to ? call.to.pattern : null,
    matcher: 'pattern' in call.to ? 'glob' : null,
    ticket: oid,
    reply_to: { exchange: REPLY_EXCHANGE, routing_key: oid },
  }
  return JSON.stringify({
    body: Buffer.from(JSON.stringify(body)).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: { clock: 1, expires },
    properties: {
      delivery_mode: 2,
      delivery_info: { exchange: 'celery.pidbox', routing_key: '' },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: randomUUID(),
    },
  })
}

/** Node and answer. What cannot be read is no answer. */
function readReply(text: string): [string, unknown][] {
  try {
    const { body, properties } = envelopeSchema.parse(JSON.parse(text))
    const json = properties.body_encoding === 'base64' ? Buffer.from(body, 'base64').toString() : body
    return Object.entries(replySchema.parse(JSON.parse(json)))
  } catch {
    return []
  }
}
