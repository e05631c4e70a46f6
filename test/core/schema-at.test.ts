import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { DocumentPath } from '../../src/core/issue.ts'
import { descriptionOf, keysOf, unionAt } from '../../src/core/schema-at.ts'

const check = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('http'), path: z.string() }),
  z.strictObject({ type: z.literal('tcp'), port: z.string() }),
])
const tree: z.ZodType = z.lazy(() => z.strictObject({ leaf: z.string(), branch: tree.optional() }))
const schema = z.strictObject({
  name: z.string(),
  checks: z.array(check).optional(),
  jobs: z.record(z.string(), z.strictObject({ image: z.string(), cpu: z.number().default(1) })),
  pair: z.tuple([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]).readonly(),
  either: z.union([z.string(), z.strictObject({ secret: z.string() })]).describe('A text or {secret}.'),
  both: z.strictObject({ one: z.string() }).and(z.strictObject({ two: z.string() })),
  choice: z.record(z.enum(['red', 'blue']), z.string()).nullable(),
  prepared: z.preprocess((value) => value, z.strictObject({ inner: z.string() })),
  tree,
})

describe('keysOf', () => {
  it.each<[DocumentPath, string[]]>([
    [
      ['checks', 0],
      ['type', 'path', 'port'],
    ],
    [
      ['jobs', 'api'],
      ['image', 'cpu'],
    ],
    [['jobs'], []],
    [['name'], []],
    [['pair', 1], ['b']],
    [['either'], ['secret']],
    [['both'], ['one', 'two']],
    [['choice'], ['red', 'blue']],
    [['prepared'], ['inner']],
    [
      ['tree', 'branch', 'branch'],
      ['leaf', 'branch'],
    ],
    [['nowhere', 'at', 'all'], []],
  ])('at %j: %j', (path, keys) => {
    expect(keysOf(schema, path)).toEqual(keys)
  })

  it('takes only the form whose fixed values agree with the value', () => {
    const value = { checks: [{ type: 'tcp', prot: 'x' }, { type: 'unknown' }] }
    expect(keysOf(schema, ['checks', 0], value)).toEqual(['type', 'port'])
    expect(keysOf(schema, ['checks', 1], value)).toEqual(['type', 'path', 'port'])
  })
})

it('unionAt finds the union inside optional ones, with its description', () => {
  expect(descriptionOf(unionAt(schema, ['either']))).toBe('A text or {secret}.')
  expect(unionAt(schema, ['checks', 0])?._zod.def.options).toHaveLength(2)
  expect(unionAt(schema, ['name'])).toBeUndefined()
  expect(unionAt(schema.shape.either, [])).toBe(schema.shape.either)
})
