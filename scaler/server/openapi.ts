import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { z } from '../../src/core/zod.ts'

/** Describes every route that is added after it; `app.swagger()` gives the document. */
export function describeRoutes(app: FastifyInstance, version: string): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Drover scaler',
        version,
        description:
          'What the scaler knows and decides, and orders to it. What is not known is absent, never 0. All times are milliseconds since 1970.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    convertConstToEnum: false,
    transform: ({ schema, url }) => ({ schema: asJson(schema), url }),
    transformObject: (described) =>
      'openapiObject' in described ? shareSchemas(described.openapiObject) : {},
  })
}

/** The schema of a route with JSON Schemas in the place of zod's. */
function asJson(schema: FastifySchema): FastifySchema {
  const { response, ...rest } = schema
  const requests = Object.fromEntries(Object.entries(rest).map(([part, value]) => [part, jsonSchema(value)]))
  const responses = Object.fromEntries(
    Object.entries(response ?? {}).map(([status, value]) => [
      status,
      value instanceof z.ZodType ? { description: meaningOf(status), ...jsonSchema(value) } : value,
    ]),
  )
  return { ...requests, response: responses }
}

/** Puts each schema that has a title among the components, once, and a reference where it stood. */
function shareSchemas(document: object): object {
  const schemas: Record<string, unknown> = {}
  const share = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(share)
    if (typeof value !== 'object' || value === null) return value
    const shared = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, share(part)]))
    if (typeof shared.title !== 'string') return shared
    schemas[shared.title] = shared
    return { $ref: `#/components/schemas/${shared.title}` }
  }
  const { paths, components, ...rest } = document as { paths: object; components?: object }
  const sharedPaths = share(paths)
  return { ...rest, components: { ...components, schemas }, paths: sharedPaths }
}

function jsonSchema(value: unknown): object {
  if (!(value instanceof z.ZodType)) return value as object
  const { $schema, ...schema } = z.toJSONSchema(value, { unrepresentable: 'any', io: 'output' })
  return schema
}

function meaningOf(status: string): string {
  return MEANINGS[status] ?? 'Refused'
}

const MEANINGS: Readonly<Record<string, string>> = {
  200: 'The answer',
  400: 'The request is not well formed',
  401: 'The token is missing or wrong',
  403: 'Orders are off, since the scaler has no token',
  404: 'There is none of this name',
  413: 'The body is larger than 64 kB',
  415: 'The body is not JSON',
  500: 'A bug in Drover',
  502: 'Nomad refused',
  503: 'Not now: another daemon leads, or Nomad does not answer',
}
