import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { HEAVY, inputsOf, MAILER, NOW, reportOf, scaleOf } from '../fake-scaler.ts'
import { aServer, TOKEN } from './a-server.ts'

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly security?: unknown
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: object }[]
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> }
  readonly responses: Record<
    string,
    { readonly description?: string; readonly content?: Record<string, { readonly schema?: object }> }
  >
}

const { app, scaler } = aServer()
const document = (await app.inject('/openapi.json')).json()
const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true, validateFormats: false })
ajv.addKeyword('components')
const elsewhere = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('"#/', '"api#/'))
ajv.addSchema({ $id: 'api', components: elsewhere(document.components) })
/** A validator of one schema of the document, which refers to others of it. */
const compile = (schema: object) => ajv.compile(elsewhere(schema))
const find = (path: string, method = 'get') =>
  operations.find((one) => one.path === path && one.method === method)?.operation

it('is OpenAPI 3.1 and names the version', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } })
})

it('describes every route', () => {
  // What fastify knows, in the words of the document.
  const known = app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => /── (\S+) \((.+)\)/.exec(line)?.slice(1, 3).join(' ') ?? [])
  expect(operations).toHaveLength(known.length)
  expect(operations.map(({ path, method }) => `${method} ${path}`).sort()).toEqual([
    'get /',
    'get /assets/{name}',
    'get /health/live',
    'get /health/ready',
    'get /metrics',
    'get /openapi.json',
    'get /v1/events',
    'get /v1/groups',
    'get /v1/groups/{name}',
    'get /v1/groups/{name}/series',
    'get /v1/groups/{name}/why',
    'get /v1/history',
    'get /v1/platform',
    'get /v1/queues',
    'get /v1/series',
    'get /v1/workers',
    'post /v1/groups/{name}/bounds',
    'post /v1/groups/{name}/pause',
    'post /v1/groups/{name}/resume',
    'post /v1/groups/{name}/retire',
    'post /v1/groups/{name}/scale',
  ])
})

it('has the routes that docs/api.md tells of', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8')
  const told = [...page.matchAll(/^\| `(GET|POST) (\/[\w/]+)(?:\?([\w=&]+))?` \|/gm)].map(
    ([, method = '', path = '', query = '']) =>
      `${method.toLowerCase()} ${path.replace('NAME', '{name}')} ${query.replaceAll(/=\w*/g, '')}`.trim(),
  )
  const made = operations
    .filter(({ path }) => path !== '/' && path !== '/openapi.json')
    .map(({ method, path, operation }) => {
      const query = (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name)
      return `${method} ${path} ${query.join('&')}`.trim()
    })
  expect(told.sort()).toEqual(made.sort())
})

it.each(operations)(
  '$method $path: has a name, words, parameters and schemas',
  ({ path, method, operation }) => {
    expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/)
    expect(operation.summary).toBeTruthy()
    for (const [, name] of path.matchAll(/\{(\w+)\}/g))
      expect(operation.parameters).toContainEqual(
        expect.objectContaining({ name, in: 'path', required: true }),
      )
    const schemas = Object.entries(operation.responses).map(([status, { description, content }]) => {
      expect(description).toBeTruthy()
      const [media] = Object.values(content ?? {})
      expect([status, Object.keys(media?.schema ?? {}).length > 0]).toEqual([status, true])
      return media?.schema ?? {}
    })
    if (method === 'post') {
      expect(operation.security).toEqual([{ token: [] }])
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['401', '403', '404', '413', '503']),
      )
      const body = operation.requestBody?.content['application/json']?.schema
      expect(body).toMatchObject({ type: 'object', additionalProperties: false })
      schemas.push(body ?? {})
    }
    for (const schema of schemas) expect(() => compile(schema)).not.toThrow()
  },
)

it('holds each schema of a name once', () => {
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['Alert', 'Decision', 'Error', 'Event', 'Group', 'Health', 'QueueSample']),
  )
  expect(find('/v1/groups/{name}')?.responses[404]?.content?.['application/json']?.schema).toEqual({
    $ref: '#/components/schemas/Error',
  })
  expect(JSON.stringify(document).length).toBeLessThan(100_000)
})

it('has an operation id once each', () => {
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

it('says what parameters may be', () => {
  expect(find('/v1/groups/{name}')?.parameters).toContainEqual(
    expect.objectContaining({
      name: 'decisions',
      in: 'query',
      schema: expect.objectContaining({ type: 'integer', minimum: 0, maximum: 100 }),
    }),
  )
})

it('is true: answers fit their schemas, and nothing is in them that is not described', async () => {
  const decision = scaleOf(HEAVY)
  const event = { kind: 'decision', group: HEAVY, decision, isNews: true, inputs: inputsOf(HEAVY) } as const
  scaler.emit(event, '1 -> 4')
  scaler.emit({
    kind: 'action',
    group: HEAVY,
    decision,
    answer: { ok: false, refusal: 'timeout', message: 'x', mayBeDone: true, attempts: 3 },
    tookMs: 5,
  })
  scaler.emit({ kind: 'leader', isLeader: true })
  const alert = { kind: 'at-max', group: 'worker_heavy', message: 'at 4 of 4', since: NOW } as const
  scaler.setGroup(
    reportOf(MAILER, {
      decision,
      explained: 'x',
      alerts: [alert],
      paused: { since: NOW, by: 'anna' },
      waiting: 3,
      active: 1,
      delayed: 0,
      oldestAgeMs: 5,
      lastChange: { at: NOW, from: 1, to: 2 },
      costPerHour: 0.4,
      workers: [
        {
          state: 'busy',
          worker: { worker: 'w1', seenAt: NOW, tasks: [{ queue: 'q', name: 'send', id: '1', since: NOW }] },
        },
      ],
    }),
  )
  const post = { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } } as const
  const requests = [
    ['/', '/'],
    ['/health/live', '/health/live'],
    ['/health/ready', '/health/ready'],
    ['/v1/groups', '/v1/groups'],
    ['/v1/groups/worker_heavy', '/v1/groups/{name}'],
    ['/v1/groups/worker_heavy/why', '/v1/groups/{name}/why'],
    ['/v1/groups/nobody', '/v1/groups/{name}'],
    ['/v1/groups/worker_heavy/series', '/v1/groups/{name}/series'],
    ['/v1/series', '/v1/series'],
    ['/v1/platform', '/v1/platform'],
    ['/v1/queues', '/v1/queues'],
    ['/v1/workers', '/v1/workers'],
    ['/v1/history', '/v1/history'],
    ['/v1/history?limit=x', '/v1/history'],
    ['/v1/groups/worker_heavy/pause', '/v1/groups/{name}/pause', post],
    ['/v1/groups/worker_heavy/scale', '/v1/groups/{name}/scale', { ...post, payload: { count: 2 } }],
    ['/v1/groups/worker_heavy/scale', '/v1/groups/{name}/scale', { ...post, payload: { count: -2 } }],
  ] as const
  for (const [url, path, options = {}] of requests) {
    const answer = await app.inject({ url, ...options })
    const operation = find(path, 'method' in options ? 'post' : 'get')
    const schema = operation?.responses[String(answer.statusCode)]?.content?.['application/json']?.schema
    if (schema === undefined) throw new Error(`${url}: ${answer.statusCode} is not described`)
    const validate = compile(schema)
    validate(answer.json())
    expect([url, validate.errors ?? []]).toEqual([url, []])
  }
})
