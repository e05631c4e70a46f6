import type { FastifyInstance } from 'fastify'
import { historyAnswer } from '../../../src/core/api/answers.ts'
import { EVENT_KINDS } from '../../../src/core/api/event.ts'
import { numberInQuery, readTime, timeInQuery } from '../../../src/core/api/values.ts'
import { groupKey } from '../../../src/core/scaling/group-ref.ts'
import { z } from '../../../src/core/zod.ts'
import type { ServerDeps } from '../deps.ts'
import { addEndpoint } from '../endpoint.ts'
import type { EventHub } from '../event-hub.ts'
import { findGroup } from '../find-group.ts'
import { textAnswer } from './service.ts'

const KINDS: ReadonlySet<string> = new Set(EVENT_KINDS)
const kindsSchema = z
  .string()
  .refine((text) => text.split(',').every((kind) => KINDS.has(kind)), `must be of ${EVENT_KINDS.join(', ')}`)
  .describe('Only these, separated by commas.')

const streamQuery = z.strictObject({ group: z.string().optional(), kind: kindsSchema.optional() })

/** What has happened, and what happens. */
export function addStreamRoutes(app: FastifyInstance, { scaler, history }: ServerDeps, hub: EventHub): void {
  const keyOf = (name: string | undefined) =>
    name === undefined ? {} : { group: groupKey(findGroup(scaler, name).group) }

  addEndpoint(app, 'GET', '/v1/history', {
    id: 'listHistory',
    summary: 'What is kept of what happened, newest first',
    query: z.strictObject({
      group: z.string().optional(),
      after: timeInQuery.optional(),
      before: timeInQuery.optional(),
      limit: numberInQuery(1, 1000).default(100),
    }),
    answer: historyAnswer,
    faults: [404],
    handle: ({ query: { group, after, before, limit } }) => {
      const cursor = hub.cursor()
      const entries = history.find({
        ...keyOf(group),
        ...(after === undefined ? {} : { after: readTime(after) }),
        ...(before === undefined ? {} : { before: readTime(before) }),
        limit,
      })
      return { events: entries.map(({ event }) => withoutInputs(event)), cursor }
    },
  })

  app.get<{ Querystring: z.infer<typeof streamQuery> }>(
    '/v1/events',
    {
      schema: {
        operationId: 'streamEvents',
        summary: 'What happens, as server-sent events',
        description:
          '`event` is the kind, `data` the event as JSON. Send the last `id` as Last-Event-ID to go on where you were; `missed` comes first when that is no longer kept. Decisions that change nothing are left out, and so are inputs.',
        querystring: streamQuery,
        response: { 200: textAnswer('text/event-stream', 'The stream') },
      },
    },
    (request, reply) => {
      const { group, kind } = request.query
      const filter = { ...keyOf(group), ...(kind ? { kinds: new Set(kind.split(',')) } : {}) }
      const last = request.headers['last-event-id']
      reply.hijack()
      if (hub.connect(reply.raw, filter, typeof last === 'string' ? last : undefined)) return
      const body = JSON.stringify({
        error: { code: 'UNAVAILABLE', message: 'too many clients follow the events of this scaler' },
      })
      reply.raw
        .writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '10' })
        .end(body)
    },
  )
}

function withoutInputs<T extends { readonly kind: string }>(event: T): T {
  return event.kind === 'decision' ? { ...event, inputs: undefined } : event
}
