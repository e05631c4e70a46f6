import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { formatIssue } from '../../src/core/issue.ts'
import { durationSchema } from '../../src/core/unit-schemas.ts'
import { zodIssues } from '../../src/core/zod-issues.ts'

function explain(schema: z.ZodType, value: unknown, base?: (string | number)[]): string[] {
  const result = schema.safeParse(value)
  if (result.success) return []
  return zodIssues(result.error.issues, { value, schema, ...(base ? { base } : {}) }).map(
    (issue) => `${issue.code} ${formatIssue(issue)}`,
  )
}

const service = z.strictObject({
  image: z.string(),
  memory: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
})
const mount = z.union([
  z.strictObject({ volume: z.string(), to: z.string() }),
  z.strictObject({ host: z.string(), to: z.string() }),
])
const check = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('http'), path: z.string() }),
  z.strictObject({ type: z.literal('tcp') }),
])
const text = z
  .union([z.string(), z.number(), z.strictObject({ name: z.string() }), z.array(z.string())])
  .describe('A text, a number, {name: NAME} or a list of texts.')

describe('zodIssues', () => {
  it.each<[string, z.ZodType, unknown, string[]]>([
    [
      'unknown keys, each alone',
      service,
      { image: 'a', imag: 1, memroy: '2' },
      [
        'unknown-key imag: unknown key "imag" (did you mean "image"?)',
        'unknown-key memroy: unknown key "memroy" (did you mean "memory"?)',
      ],
    ],
    [
      'an unknown key like no other',
      service,
      { image: 'a', zzz: 1 },
      ['unknown-key zzz: unknown key "zzz" (known here: image, memory, env)'],
    ],
    [
      'a key that is not given goes before one that is',
      z.strictObject({ port: z.any(), ports: z.any().optional() }),
      { port: 1, portt: 1 },
      ['unknown-key portt: unknown key "portt" (did you mean "ports"?)'],
    ],
    ['a missing key', service, {}, ['missing-key image: is required']],
    ['nothing where a map is due', service, null, ['wrong-type expected a map, got nothing']],
    [
      'a list where a map is due',
      z.strictObject({ a: service }),
      { a: [] },
      ['wrong-type a: expected a map, got a list'],
    ],
    [
      'a text for a number',
      z.object({ cpu: z.number() }),
      { cpu: 'two' },
      ['wrong-type cpu: expected a number, got the text "two"'],
    ],
    [
      'a quoted number',
      z.object({ cpu: z.number() }),
      { cpu: '2' },
      ['wrong-type cpu: expected a number, got the text "2" (remove the quotes)'],
    ],
    [
      'a fraction for a whole number',
      z.object({ n: z.int() }),
      { n: 1.5 },
      ['wrong-type n: expected a whole number, got the number 1.5'],
    ],
    [
      'yes for true',
      z.object({ on: z.boolean() }),
      { on: 'yes' },
      ['wrong-type on: expected true or false, got the text "yes" (write true)'],
    ],
    [
      'off for false',
      z.object({ on: z.boolean() }),
      { on: 'Off' },
      ['wrong-type on: expected true or false, got the text "Off" (write false)'],
    ],
    [
      'a number for a text',
      z.object({ v: z.string() }),
      { v: 16 },
      ['wrong-type v: expected a text, got the number 16 (put it in quotes: "16")'],
    ],
    [
      'one for a list',
      z.object({ v: z.array(z.string()) }),
      { v: 'a' },
      ['wrong-type v: expected a list, got the text "a" (write it as a list: ["…"])'],
    ],
    [
      'a mistyped choice',
      z.object({ d: z.enum(['docker', 'exec']) }),
      { d: 'dokcer' },
      ['wrong-value d: must be "docker" or "exec", got "dokcer" (did you mean "docker"?)'],
    ],
    [
      'another choice',
      z.object({ d: z.enum(['docker', 'exec', 'podman']) }),
      { d: 3 },
      ['wrong-value d: must be "docker", "exec" or "podman", got 3'],
    ],
    ['a fixed value', z.object({ d: z.literal(1) }), { d: 2 }, ['wrong-value d: must be 1, got 2']],
    [
      'too small',
      z.object({ n: z.number().min(1) }),
      { n: 0 },
      ['out-of-range n: must be at least 1, got 0'],
    ],
    [
      'not positive',
      z.object({ n: z.number().positive() }),
      { n: -1 },
      ['out-of-range n: must be above 0, got -1'],
    ],
    ['too big', z.object({ n: z.number().max(9) }), { n: 10 }, ['out-of-range n: must be at most 9, got 10']],
    ['not below', z.object({ n: z.number().lt(9) }), { n: 9 }, ['out-of-range n: must be below 9, got 9']],
    [
      'an empty list',
      z.object({ q: z.array(z.string()).min(1) }),
      { q: [] },
      ['out-of-range q: must not be empty'],
    ],
    [
      'a long list',
      z.object({ q: z.array(z.string()).max(1) }),
      { q: ['a', 'b'] },
      ['out-of-range q: must hold at most 1 items, has 2'],
    ],
    [
      'a short text',
      z.object({ q: z.string().min(3) }),
      { q: 'ab' },
      ['out-of-range q: must have at least 3 characters, has 2'],
    ],
    ['an empty text', z.object({ q: z.string().min(1) }), { q: '' }, ['out-of-range q: must not be empty']],
    [
      'an exact length',
      z.object({ q: z.string().length(3) }),
      { q: 'ab' },
      ['out-of-range q: must have exactly 3 characters, has 2'],
    ],
    [
      'a multiple',
      z.object({ n: z.number().multipleOf(5) }),
      { n: 7 },
      ['out-of-range n: must be a multiple of 5, got 7'],
    ],
    [
      'a pattern of the schema’s own words',
      z.object({ n: z.string().regex(/^[a-z]+$/, 'must be small letters') }),
      { n: 'A1' },
      ['bad-format n: must be small letters, got "A1"'],
    ],
    [
      'a bare pattern',
      z.object({ n: z.string().regex(/^[a-z]+$/) }),
      { n: 'A1' },
      ['bad-format n: must match /^[a-z]+$/, got "A1"'],
    ],
    [
      'a start',
      z.object({ n: z.string().startsWith('/') }),
      { n: 'A1' },
      ['bad-format n: must start with "/", got "A1"'],
    ],
    ['an address', z.object({ n: z.url() }), { n: 'A1' }, ['bad-format n: must be a URL, got "A1"']],
    [
      'a unit',
      z.object({ t: durationSchema }),
      { t: 30 },
      ['wrong-type t: needs a unit, for example "30s", got 30'],
    ],
    ['a missing unit value', z.object({ t: durationSchema }), {}, ['missing-key t: is required']],
    [
      'a bad key',
      z.record(z.string().regex(/^[a-z]+$/, 'must be small letters'), z.number()),
      { A1: 1 },
      ['bad-key A1: the key "A1" must be small letters'],
    ],
    [
      'a key out of a choice',
      z.partialRecord(z.enum(['a', 'b']), z.number()),
      { c: 1 },
      ['unknown-key c: unknown key "c" (known here: a, b)'],
    ],
    [
      'a check of our own',
      z.object({ a: z.number() }).refine(() => false, {
        message: 'min is above max',
        path: ['a'],
        params: { code: 'min-max', fix: 'swap them' },
      }),
      { a: 1 },
      ['min-max a: min is above max (swap them)'],
    ],
    ['a plain check of our own', z.number().refine(() => false, 'never fits'), 1, ['invalid never fits']],
  ])('%s', (_, schema, value, lines) => {
    expect(explain(schema, value)).toEqual(lines)
  })

  it.each<[string, z.ZodType, unknown, string[]]>([
    [
      'the form whose key was mistyped',
      mount,
      { volum: 'a', to: '/b' },
      ['missing-key volume: is required', 'unknown-key volum: unknown key "volum" (did you mean "volume"?)'],
    ],
    [
      'the other form',
      mount,
      { hots: 'a', to: '/b' },
      ['missing-key host: is required', 'unknown-key hots: unknown key "hots" (did you mean "host"?)'],
    ],
    [
      'the form with the fewest problems',
      mount,
      { host: 'a', to: 5 },
      ['wrong-type to: expected a text, got the number 5 (put it in quotes: "5")'],
    ],
    [
      'the form of the same kind',
      text,
      { name: 5 },
      ['wrong-type name: expected a text, got the number 5 (put it in quotes: "5")'],
    ],
    [
      'the item inside a list',
      text,
      ['a', 5],
      ['wrong-type [1]: expected a text, got the number 5 (put it in quotes: "5")'],
    ],
    [
      'all forms, when none is of the kind',
      z.object({ v: text }),
      { v: true },
      [
        'wrong-form v: expected a text, a number, a map or a list, got true (A text, a number, {name: NAME} or a list of texts)',
      ],
    ],
    [
      'all forms of a choice or a map',
      z.union([z.enum(['always', 'never']), z.strictObject({ attempts: z.int() })]),
      'sometimes',
      ['wrong-form expected "always", "never" or a map, got the text "sometimes"'],
    ],
    ['a missing value', z.object({ v: text }), {}, ['missing-key v: is required']],
    [
      'a union inside a union',
      z.object({ v: z.union([z.boolean(), mount]) }),
      { v: { host: 1, to: '/b' } },
      ['wrong-type v.host: expected a text, got the number 1 (put it in quotes: "1")'],
    ],
    [
      'an unknown kind of check',
      z.object({ c: check }),
      { c: { type: 'htp' } },
      ['wrong-value c.type: must be "http" or "tcp", got "htp" (did you mean "http"?)'],
    ],
    ['a check without a kind', z.object({ c: check }), { c: {} }, ['missing-key c.type: is required']],
    [
      'keys of the chosen kind alone',
      z.object({ c: check }),
      { c: { type: 'tcp', pth: '/' } },
      ['unknown-key c.pth: unknown key "pth" (known here: type)'],
    ],
    [
      'exclusive forms',
      z.xor([z.object({ a: z.string() }), z.object({ b: z.string() })]),
      { a: '', b: '' },
      ['wrong-form fits more than one form'],
    ],
  ])('of a union: %s', (_, schema, value, lines) => {
    expect(explain(schema, value)).toEqual(lines)
  })

  it('puts a base before every path', () => {
    expect(explain(z.object({ c: mount }), { c: { host: 1, to: '/b' } }, ['services', 0])).toEqual([
      'wrong-type services[0].c.host: expected a text, got the number 1 (put it in quotes: "1")',
    ])
  })

  it('does not show what looks secret, nor more than 60 characters', () => {
    const schema = z.object({ env: z.record(z.string(), z.number()), url: z.number(), long: z.number() })
    const value = {
      env: { DB_PASSWORD: 'hunter2', API_KEY: '12' },
      url: 'redis://:hunter2@h',
      long: 'x'.repeat(99),
    }
    const lines = explain(schema, value)
    expect(lines).toEqual([
      'wrong-type env.DB_PASSWORD: expected a number, got a text',
      'wrong-type env.API_KEY: expected a number, got a text',
      'wrong-type url: expected a number, got a text',
      `wrong-type long: expected a number, got the text "${'x'.repeat(59)}…"`,
    ])
  })

  it('works without the schema, only without knowing the keys', () => {
    const value = { imag: 1 }
    const issues = service.safeParse(value).error?.issues ?? []
    expect(zodIssues(issues, { value }).map(formatIssue)).toEqual([
      'image: is required',
      'imag: unknown key "imag"',
    ])
  })
})
