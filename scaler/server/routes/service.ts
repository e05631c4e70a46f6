import type { FastifyInstance } from 'fastify'
import { liveAnswer } from '../../../src/core/api/answers.ts'
import { healthSchema } from '../../../src/core/api/report.ts'
import type { ServerDeps } from '../deps.ts'
import { addEndpoint } from '../endpoint.ts'

/** Health, metrics and the description of it all. */
export function addServiceRoutes(app: FastifyInstance, { scaler, metrics, version }: ServerDeps): void {
  addEndpoint(app, 'GET', '/health/live', {
    id: 'getLive',
    summary: 'Whether the process answers',
    answer: liveAnswer,
    handle: () => {
      const { live, startedAt } = scaler.health()
      return { live, version, startedAt }
    },
  })
  addEndpoint(app, 'GET', '/health/ready', {
    id: 'getReady',
    summary: 'Whether it does its work',
    description: '503 when it does not: `problems` says why. A follower that is ready to take over is ready.',
    answer: healthSchema,
    alsoStatus: 503,
    handle: ({ reply }) => {
      const health = scaler.health()
      reply.code(health.ready ? 200 : 503)
      return health
    },
  })
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary: 'Metrics for Prometheus',
        response: { 200: textAnswer('text/plain', 'Text format 0.0.4') },
      },
    },
    async (_request, reply) =>
      reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'getOpenApi',
        summary: 'This description, OpenAPI 3.1',
        response: { 200: { description: 'An OpenAPI document', type: 'object', additionalProperties: true } },
      },
    },
    async () => app.swagger(),
  )
}

export function textAnswer(type: string, description: string): object {
  return { description, content: { [type]: { schema: { type: 'string' } } } }
}
