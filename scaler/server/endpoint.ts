import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { errorAnswer } from '../../src/core/api/answers.ts'
import type { Wire } from '../../src/core/api/values.ts'
import type { z } from '../../src/core/zod.ts'

type Values<S> = S extends z.ZodType ? z.infer<S> : undefined

interface Call<P, Q, B> {
  readonly params: Values<P>
  readonly query: Values<Q>
  readonly body: Values<B>
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

interface Endpoint<P, Q, B, R extends z.ZodType> {
  readonly id: string
  readonly summary: string
  readonly description?: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly answer: R
  /** Other statuses that carry the same answer. */
  readonly alsoStatus?: number
  /** Refusals, beside those of every route. */
  readonly faults?: readonly number[]
  /** Changes something: needs the token. */
  readonly guard?: (request: FastifyRequest) => void
  /** Returns the answer; throws DroverError. */
  handle(call: Call<P, Q, B>): Wire<R> | Promise<Wire<R>>
}

/**
 * Adds a route whose requests are checked and whose answers are described by the same zod schemas. Answers are
 * written as they are: that they fit is the compiler's and the tests' to see.
 */
export function addEndpoint<
  R extends z.ZodType,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(app: FastifyInstance, method: 'GET' | 'POST', url: string, endpoint: Endpoint<P, Q, B, R>): void {
  const { id, summary, description, params, query, body, answer, alsoStatus, guard, faults = [] } = endpoint
  const statuses = [400, ...(guard ? [401, 403, 413, 415] : []), ...faults, 500]
  const schema: FastifySchema = {
    operationId: id,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(guard ? { security: [{ token: [] }] } : {}),
    ...(params ? { params } : {}),
    ...(query ? { querystring: query } : {}),
    ...(body ? { body } : {}),
    response: {
      200: answer,
      ...(alsoStatus === undefined ? {} : { [alsoStatus]: answer }),
      ...Object.fromEntries(statuses.map((status) => [status, errorAnswer])),
    },
  }
  app.route({
    method,
    url,
    ...(guard ? { onRequest: async (request: FastifyRequest) => guard(request) } : {}),
    schema,
    handler: async (request, reply): Promise<unknown> =>
      endpoint.handle({
        params: request.params as Values<P>,
        query: request.query as Values<Q>,
        body: request.body as Values<B>,
        request,
        reply,
      }),
  })
}
