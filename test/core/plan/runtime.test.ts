import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jobFinder } from '../../../src/core/plan/plan-jobs.ts'
import {
  type Delimiters,
  delimitersFor,
  envText,
  fileText,
  type Scope,
  waitFor,
} from '../../../src/core/plan/runtime.ts'
import type { Part, Value } from '../../../src/core/stack/stack.ts'
import { aStack } from '../../helpers/a-stack.ts'

const stack = aStack({
  secrets: { password: {}, other: { path: 'team/db', key: 'pass_2' } },
  services: { my_db: { image: 'a:1', ports: { main: 5432, admin: 8080 } } },
})
const SCOPE: Scope = { stack, findJob: jobFinder(stack), upstreams: [] }
const MESH: Scope = { ...SCOPE, upstreams: [{ service: 'my-db', localPort: 19000 }] }
const db = (more: object = {}): Part => ({ service: 'my_db', part: 'address', wait: true, ...more })

const SECRET = '{{ with nomadVar "nomad/jobs" }}{{ .password.Value | toJSON }}{{ end }}'
const WAIT = '{{ key "drover/waits-for/my-db" }}'

describe('envText', () => {
  it.each([
    ['a text', ['plain'], '"plain"'],
    [
      'quotes, backslashes, # and newlines are JSON',
      ['a "b" \\ # c\n\td\u0007'],
      '"a \\"b\\" \\\\ # c\\n\\td\\u0007"',
    ],
    ['braces of a template', ['{{ x }} {'], '"\\u007b{ x }} {"'],
    ['more braces', ['{{{a'], '"\\u007b\\u007b{a"'],
    ['$ and %', ['$HOME ${X} %{y}'], '"$HOME ${X} %{y}"'],
    ['a variable of Nomad', ['a${NOMAD_ALLOC_ID}'], '"a"{{ env "NOMAD_ALLOC_ID" | toJSON }}'],
    ['no text', [], ''],
    ['a secret', [{ secret: 'password' }], SECRET],
    [
      'a secret elsewhere',
      [{ secret: 'other' }],
      '{{ with nomadVar "team/db" }}{{ .pass_2.Value | toJSON }}{{ end }}',
    ],
    [
      'an address',
      [db()],
      `{{ with service "my-db" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}${WAIT}{{ end }}`,
    ],
    [
      'a host',
      [db({ part: 'host' })],
      `{{ with service "my-db" }}{{ with index . 0 }}{{ .Address }}{{ end }}{{ else }}${WAIT}{{ end }}`,
    ],
    [
      'a port',
      [db({ part: 'port' })],
      `{{ with service "my-db" }}{{ with index . 0 }}{{ .Port }}{{ end }}{{ else }}${WAIT}{{ end }}`,
    ],
    [
      'another port',
      [db({ port: 'admin' })],
      '{{ with service "my-db-admin" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/my-db-admin" }}{{ end }}',
    ],
    [
      'an address that nobody waits for',
      [db({ wait: false })],
      '{{ with service "my-db" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}my-db.service.consul:5432{{ end }}',
    ],
    [
      'a port that nobody waits for',
      [db({ wait: false, part: 'port', port: 'admin' })],
      '{{ with service "my-db-admin" }}{{ with index . 0 }}{{ .Port }}{{ end }}{{ else }}8080{{ end }}',
    ],
    ['pieces', ['redis://:', { secret: 'password' }, '@x/0'], `"redis://:"${SECRET}"@x/0"`],
  ] as [string, Value, string][])('%s', (_, value, text) => expect(envText(value, SCOPE)).toBe(text))

  it('in the mesh an address is a local port', () => {
    expect(envText([db()], MESH)).toBe(
      `{{ with service "my-db" }}{{ with index . 0 }}127.0.0.1:19000{{ end }}{{ else }}${WAIT}{{ end }}`,
    )
    expect(envText([db({ part: 'port' })], MESH)).toContain('}}19000{{ end }}')
    expect(envText([db({ port: 'admin' })], MESH)).toContain('{{ .Address }}')
  })

  it('any text comes back: no braces of a template, and JSON with the same value', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[{}"\\#$%\n ]*$/))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const written = envText([before, { secret: 'password' }, after], SCOPE)
        const [left = '', right = ''] = written.split(SECRET)
        expect(left + right).not.toContain('{{')
        expect(left === '' ? '' : JSON.parse(left)).toBe(before)
        expect(right === '' ? '' : JSON.parse(right)).toBe(after)
      }),
    )
  })
})

describe('fileText', () => {
  const standard = { left: '{{', right: '}}' }

  it('keeps texts as they are, and prints secrets bare', () => {
    expect(fileText(['pass "', { secret: 'password' }, '"\n'], SCOPE, standard)).toBe(
      'pass "{{ with nomadVar "nomad/jobs" }}{{ .password.Value }}{{ end }}"\n',
    )
  })

  it('uses the delimiters that it is given', () => {
    expect(fileText(['{{ x }}', { secret: 'password' }], SCOPE, { left: '[[', right: ']]' })).toBe(
      '{{ x }}[[ with nomadVar "nomad/jobs" ]][[ .password.Value ]][[ end ]]',
    )
  })
})

describe('delimitersFor', () => {
  it.each([
    [['plain { } text'], '{{ }}'],
    [['{{ x }}'], '[[ ]]'],
    [['{', { secret: 's' }], '[[ ]]'],
    [['{{ [[ x'], '[[[ ]]]'],
    [['{{ [', { secret: 's' }], '<< >>'],
    [['{{ [', { secret: 's' }, '<', { secret: 's' }], '(( ))'],
    [['{{ [', { secret: 's' }, '<', { secret: 's' }, '(', { secret: 's' }], '①① ②②'],
    [[], '{{ }}'],
  ] as [Value, string][])('%j', (value, delimiters) => {
    const { left, right } = delimitersFor(value)
    expect(`${left} ${right}`).toBe(delimiters)
  })

  it('any text comes back from what a template makes of it', () => {
    const piece = fc.constantFrom(
      '{',
      '{{',
      '}',
      '}}',
      '[',
      '[[',
      '[[[',
      ']',
      '<',
      '<<',
      '(',
      '((',
      'x',
      ' ',
      '\n',
      '①',
    )
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
        const value = texts.flatMap((one, index): Part[] =>
          index === 0 ? [one] : [{ secret: 'password' }, one],
        )
        const joined = value.filter((part) => part !== '')
        const delimiters = delimitersFor(joined)
        expect(literals(fileText(joined, SCOPE, delimiters), delimiters)).toEqual(texts)
      }),
    )
  })
})

/** The literal texts that Go's template lexer finds: it looks for the left delimiter from left to right. */
function literals(template: string, { left, right }: Delimiters): string[] {
  const found = ['']
  let at = 0
  while (at < template.length) {
    const open = template.indexOf(left, at)
    if (open < 0) {
      found[found.length - 1] += template.slice(at)
      break
    }
    found[found.length - 1] += template.slice(at, open)
    const close = template.indexOf(right, open + left.length)
    // One expression of a secret is three actions: with, value, end.
    if (template.slice(open, close).includes('end')) found.push('')
    at = close + right.length
  }
  return found
}

describe('waitFor', () => {
  it('blocks on a key that nobody writes while no allocation passes', () => {
    expect(waitFor('redis', false)).toBe(
      '{{ with service "redis" }}{{ else }}{{ key "drover/waits-for/redis" }}{{ end }}',
    )
    expect(waitFor('redis', true)).toContain('{{ with service "redis|any" }}')
  })
})
