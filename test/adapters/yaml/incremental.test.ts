import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createYamlReader,
  parseYaml,
  type YamlDocument,
  type YamlOptions,
} from '../../../src/adapters/yaml.ts'
import { pathsOf } from '../../helpers/paths-of.ts'

const STACK = `# Head
name: test

cluster: # where
  cpu: 2400

services:
  # A cache.
  redis:
    image: "redis:7" # pinned
    ports: &ports
    - 6379
    limits: &limits { cpu: 1 }
    run: |+
      set -e
      # not a comment

  # The API.
  'api':
    env: {A: 1, B: "two"}
    text: "over
      two lines"

  empty:
workers:
    # Deeper.
    heavy:
        queues: [a, b]
    light: {queues: [c], ports: *ports}
    other:
        <<: *limits
        memory: 1
list:
- one
- two
routes:
  "*": light
  a.b: heavy
note: plain
  text
`

/** All that can be asked of a document. */
function everything(document: YamlDocument): unknown {
  const asked = pathsOf(document.value).map(({ path }) => [
    path,
    document.locate(path),
    document.locate(path, 'key'),
    document.locate(path, 'value'),
    document.locate([...path, 'missing']),
    document.writtenAt(path),
    document.tagAt(path),
    document.commentsAt(path),
  ])
  return { value: document.value, issues: document.issues, readable: document.readable, asked }
}

/** A reader that has read before, so that it reads by pieces. */
function createReader(options?: YamlOptions): ReturnType<typeof createYamlReader> {
  const read = createYamlReader(options)
  read('a: 1\n', 's.yml')
  return read
}

describe('createYamlReader', () => {
  it('reads what parseYaml reads', () => {
    expect(everything(createYamlReader()(STACK, 's.yml'))).toEqual(everything(parseYaml(STACK, 's.yml')))
    expect(everything(createReader()(STACK, 's.yml'))).toEqual(everything(parseYaml(STACK, 's.yml')))
  })

  it('keeps the values of unchanged entries, and only those', () => {
    const read = createReader()
    type Stack = {
      services: Record<string, unknown>
      workers: Record<string, unknown>
      list: unknown
      name: string
    }
    const before = read(STACK, 's.yml').value as Stack
    const changed = STACK.replace('name: test', 'name: other\nadded: 1').replace(
      'queues: [a, b]',
      'queues: [a]',
    )
    const after = read(changed, 's.yml')
    const { services, workers, list, name } = after.value as Stack
    expect(name).toBe('other')
    expect(services.redis).toBe(before.services.redis)
    expect(services.api).toBe(before.services.api)
    expect(list).toBe(before.list)
    expect(workers.heavy).not.toBe(before.workers.heavy)
    expect(everything(after)).toEqual(everything(parseYaml(changed, 's.yml')))
  })

  it('reads an entry again when what it took from an anchor changed', () => {
    const read = createReader()
    type Stack = { services: Record<string, unknown>; workers: Record<string, unknown> }
    const before = read(STACK, 's.yml').value as Stack
    const moved = read(STACK.replace("'api':\n", "'api':\n    more: 1\n"), 's.yml').value as Stack
    expect(moved.workers).toEqual(before.workers)
    expect(moved.workers.other).toBe(before.workers.other)
    const changed = STACK.replace('cpu: 1 }', 'cpu: 2 }')
    const after = read(changed, 's.yml')
    const { workers } = after.value as Stack
    expect(workers.other).toEqual({ cpu: 2, memory: 1 })
    expect(workers.heavy).toBe(before.workers.heavy)
    expect(everything(after)).toEqual(everything(parseYaml(changed, 's.yml')))
  })

  it.each<[string, string]>([
    ['the same text in two sections', 'a:\n  x: {k: 1}\nb:\n  x: {k: 1}\n'],
    ['an anchor named twice', 'a:\n  x: &n 1\n  y: *n\n  z: &n 2\nb:\n  w: *n\n'],
    ['an anchor used before it is named', 'a:\n  x: *n\n  y: &n 1\n'],
    ['anchors', 'a: &x {k: 1}\nb:\n  c: *x\n  d: {<<: *x}\n'],
    ['a key twice', 'a:\n  b: 1\n  c: 2\n  b: 3\na: 1\n'],
    ['two documents', 'a: 1\n---\nb: 1\n'],
    ['a text at the top', 'just text\nover lines\n'],
    ['a list at the top', '- a\n- b\n'],
    ['a map in braces', '{a: 1,\nb: 2}\n'],
    ['a quoted text that looks like keys', 'a:\n  b: "x\n    y: z"\n  c: "\n   d: 1"\nd: "q\n e: 2"\n'],
    ['a block that looks like keys', 'a:\n  b: |\n    c: 1\n  d: >\n    e: 2\n\n    f: 3\nb: |\n  g: 1\n'],
    ['explicit keys', 'a:\n  ? b\n  : c\n  d: 1\n'],
    ['a text under a key', 'a:\n  text\n  more\nb: 1\n'],
    ['a flow under a key', 'a:\n  {b: 1,\n  c: 2}\nb: 1\n'],
    ['indentation that gets less', 'a:\n    b: 1\n  c: 2\n'],
    ['a tag before a section', 'a: !!map\n  b: 1\n'],
    ['lone carriage returns', 'a:\n  b: 1\r  c: 2\nd: 1\r\ne:\r\n  f: 1\r\n'],
    ['only comments', '# a\n\n# b\n'],
    ['a key named null', 'null:\n  a: 1\n'],
    ['nesting at the limit', `a:\n  b: ${'['.repeat(98)}${']'.repeat(98)}\n`],
    ['nesting past the limit', `a:\n  b: ${'['.repeat(99)}${']'.repeat(99)}\n`],
    ['a directive', '%YAML 1.2\n---\na: 1\n'],
    ['a prototype', 'a:\n  __proto__: {b: 1}\n'],
  ])('reads %s as parseYaml does', (_, text) => {
    const read = createReader()
    read(STACK, 's.yml')
    expect(everything(read(text, 's.yml'))).toEqual(everything(parseYaml(text, 's.yml')))
  })

  it('reads what parseYaml reads after any edits', () => {
    const line = fc.constantFrom(
      '',
      '# comment',
      '  # comment',
      'key:',
      'key: value',
      '  name:',
      '  name: 1',
      '    deep: [1, 2]',
      '    deep: {a: 1',
      '  redis: 2',
      'services:',
      '- item',
      '  - item',
      '    - item',
      '"quoted": 1',
      '  "open',
      '    text"',
      '  |',
      '  text',
      '\ttab: 1',
      '---',
      '...',
      '  <<: {a: 1}',
      '  x: &y 1',
      '  z: *y',
      '    l: *limits',
      '    <<: *limits',
      '    p: &limits 1',
      '    q: &limits {z: 1}',
      '}',
      '  ]',
      '? q',
      ': r',
      '  a: |',
      '      block',
      '  80: x',
      'null:',
      '  b: !reset',
      '  e: # c',
    )
    const edit = fc.oneof(
      fc.record({ kind: fc.constant('insert' as const), at: fc.nat(60), line }),
      fc.record({ kind: fc.constant('replace' as const), at: fc.nat(60), line }),
      fc.record({ kind: fc.constant('delete' as const), at: fc.nat(60), line }),
      fc.record({ kind: fc.constant('indent' as const), at: fc.nat(60), line: fc.constantFrom(' ', '  ') }),
      fc.record({ kind: fc.constant('outdent' as const), at: fc.nat(60), line: fc.constantFrom(' ', '  ') }),
      fc.record({ kind: fc.constant('undo' as const), at: fc.nat(60), line }),
    )
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.boolean(), (edits, windows) => {
        const read = createReader({ tags: 'compose' })
        let lines = STACK.split('\n')
        for (const { kind, at, line } of edits) {
          if (kind === 'insert') lines.splice(at, 0, line)
          else if (kind === 'replace') lines[at % lines.length] = line
          else if (kind === 'delete') lines.splice(at % lines.length, 1)
          else if (kind === 'indent') lines[at % lines.length] = line + (lines[at % lines.length] ?? '')
          else if (kind === 'outdent')
            lines[at % lines.length] = (lines[at % lines.length] ?? '').replace(line, '')
          else lines = STACK.split('\n')
          const text = lines.join(windows ? '\r\n' : '\n')
          expect(everything(read(text, 's.yml'))).toEqual(
            everything(parseYaml(text, 's.yml', { tags: 'compose' })),
          )
        }
      }),
      { numRuns: 400 },
    )
  })
})
