import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { CORE_SCHEMA, dump, load, mergeTag } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { loadYaml, parseYaml, requireYaml } from '../../src/adapters/yaml.ts'
import type { LocateAt } from '../../src/core/document.ts'
import { type DocumentPath, formatIssue } from '../../src/core/issue.ts'
import { DroverError } from '../../src/errors.ts'
import { pathsOf } from '../helpers/paths-of.ts'

const issuesOf = (text: string, tags?: 'compose'): string[] =>
  parseYaml(text, 's.yml', tags ? { tags } : {}).issues.map(formatIssue)

describe('values', () => {
  it.each<[string, unknown]>([
    ['12', 12],
    ['-0', 0],
    ['+7', 7],
    ['1e3', 1000],
    ['1.50', 1.5],
    ['.5', 0.5],
    ['2.', 2],
    ['0x1F', 31],
    ['0o17', 15],
    ['.inf', Number.POSITIVE_INFINITY],
    ['-.Inf', Number.NEGATIVE_INFINITY],
    ['.nan', Number.NaN],
    ['0770', '0770'],
    ['-012', '-012'],
    ['1_000', '1_000'],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', '9007199254740993'],
    ['0xFFFFFFFFFFFFFFFF', '0xFFFFFFFFFFFFFFFF'],
    ['1e999', '1e999'],
    ['22:22', '22:22'],
    ['1.2.3', '1.2.3'],
    ['-a', '-a'],
    ['2024-01-01', '2024-01-01'],
    ['yes', 'yes'],
    ['no', 'no'],
    ['on', 'on'],
    ['true', true],
    ['FALSE', false],
    ['tRUE', 'tRUE'],
    ['null', null],
    ['~', null],
    ['', null],
    ['"12"', '12'],
    ["'it''s'", "it's"],
    ['!!str 12', '12'],
    ['!!int "12"', 12],
    ['!!float 1', 1],
    ['redis:7-alpine', 'redis:7-alpine'],
    ['a#b', 'a#b'],
  ])('%s', (written, value) => {
    const document = parseYaml(`key: ${written}\n`, 's.yml')
    expect(document.value).toEqual({ key: value })
    expect(document.issues).toEqual([])
  })

  it('keeps the written form of what reads as another', () => {
    const document = parseYaml('a: 1.10 # x\nb: "1.10"\nc:\nd: [0x10]\ne: {}\n', 's.yml')
    expect(['a', 'b', 'c', 'e', 'f'].map((key) => document.writtenAt([key]))).toEqual([
      '1.10',
      '1.10',
      '',
      undefined,
      undefined,
    ])
    expect(document.writtenAt(['d', 0])).toBe('0x10')
  })

  it('reads blocks, folds and flows', () => {
    const text = 'a: |\n  one\n   two\n\nb: >-\n  one\n  two\nc: [1, {x: y},\n  z]\nd:\n- 1\n- - 2\n  - 3\n'
    expect(parseYaml(text, 's.yml').value).toEqual({
      a: 'one\n two\n',
      b: 'one two',
      c: [1, { x: 'y' }, 'z'],
      d: [1, [2, 3]],
    })
  })

  it('merges "<<": written keys win wherever they stand, then the earlier of a list', () => {
    const text =
      'x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\none:\n  a: 9\n  <<: *x\n  b: 8\nboth:\n  <<: [*x, *y]\ndeep: {<<: {<<: *y}}\n'
    expect(parseYaml(text, 's.yml').value).toMatchObject({
      one: { a: 9, b: 8 },
      both: { a: 1, b: 1, c: 2 },
      deep: { b: 2, c: 2 },
    })
    expect(issuesOf(text)).toEqual([])
  })

  it('reads nothing as nothing', () => {
    expect(parseYaml('# only a comment\n', 's.yml')).toMatchObject({
      value: null,
      readable: true,
      issues: [],
    })
    expect(parseYaml('', 's.yml').value).toBeNull()
    expect(parseYaml('---\na: 1\n...\n', 's.yml').value).toEqual({ a: 1 })
    expect(parseYaml('\uFEFFa: 1', 's.yml').locate(['a'])).toMatchObject({ line: 1, column: 4 })
  })

  it('names of built-in properties are plain data', () => {
    const { value } = parseYaml('constructor: 1\ntoString: {valueOf: 2}\n', 's.yml')
    expect(Object.keys(value as object)).toEqual(['constructor', 'toString'])
    expect(({} as Record<string, unknown>).valueOf).toBe(Object.prototype.valueOf)
  })

  it('reads back whatever is written, in any style', () => {
    const key = fc
      .oneof(fc.string(), fc.constantFrom('a', 'services', '<<', '12', 'null', 'a b', '#', '? x'))
      .filter((name) => name !== '__proto__')
    const doubles = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((number) => !Number.isInteger(number) || Number.isSafeInteger(number))
    const leaf = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.integer(),
      doubles,
      fc.boolean(),
      fc.constant(null),
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }))
    const style = fc.record({
      flowLevel: fc.constantFrom(-1, 0, 1, 2),
      indent: fc.constantFrom(2, 4),
      quoteStyle: fc.constantFrom('single' as const, 'double' as const),
      forceQuotes: fc.boolean(),
      seqNoIndent: fc.boolean(),
    })
    fc.assert(
      fc.property(tree, style, (value, options) => {
        const document = parseYaml(dump(value, options), 's.yml')
        expect(document.issues).toEqual([])
        // -0 reads as 0.
        expect(document.value).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('problems', () => {
  it.each<[string, string, string[]]>([
    ['a tab', 'a:\n\tb: 1\n', ['s.yml:2:1 a tab is used for indentation (use spaces)']],
    ['a second colon', 'a: b: c\n', ['s.yml:1:5 a value holds a second ": " (put the value in quotes)']],
    [
      'an open quote',
      'a:\n  b: "abc\n  c: d\nd: 1\n',
      ['s.yml:2:6 the " opened here is not closed (add the closing ")'],
    ],
    [
      'an open quote before quoted lines',
      'a: "x\nb: "y"\n',
      ['s.yml:1:4 the " opened here is not closed (add the closing ")'],
    ],
    [
      'an open apostrophe',
      "a: 'it\nb: it's\n",
      ["s.yml:1:4 the ' opened here is not closed (add the closing ')"],
    ],
    ['an open list', 'a: [1, 2\nb: [3]\n', ['s.yml:1:4 the [ opened here is not closed (add the closing ])']],
    [
      'an open list over lines',
      'a: [1,\n  [2],\nb: 3\n',
      ['s.yml:1:4 the [ opened here is not closed (add the closing ])'],
    ],
    [
      'an open map at the end',
      'a: {x: 1\n',
      ['s.yml:1:4 the { opened here is not closed (add the closing })'],
    ],
    [
      'a missing comma',
      'a: {b: 1 c: 2}\n',
      ['s.yml:1:11 a comma is missing in this list or map (add it before this)'],
    ],
    [
      'a line too deep',
      'a:\n  b: 1\n   c: 2\n',
      ['s.yml:3:4 the indentation fits no line above (line it up with the entries it belongs to)'],
    ],
    [
      'a line between',
      'a:\n    b: 1\n  c: 2\n',
      ['s.yml:3:3 the indentation fits no line above (line it up with the entries it belongs to)'],
    ],
    [
      'a line without a colon',
      'a: 1\nfoo\nb: 2\n',
      ['s.yml:2:1 "foo" is neither "key: value" nor a list item (add the ":", or indent it under its key)'],
    ],
    ['a missing space', 'a: 1\nb:2\nc: 3\n', ['s.yml:2:1 a space is missing after ":" (write "key: value")']],
    [
      'a missing space at the top',
      'a:1\nb: 2\n',
      ['s.yml:1:1 a space is missing after ":" (write "key: value")'],
    ],
    [
      'a list among keys',
      'a: 1\n- b\n',
      ['s.yml:2:1 a list item stands among keys (indent it under the key it belongs to)'],
    ],
    ['a reserved character', 'a: @foo\n', ['s.yml:1:4 a value cannot start with "@" (put it in quotes)']],
    [
      'a closing bracket',
      'a: [b]]\n',
      ['s.yml:1:7 "]" closes nothing (remove it, or put the value in quotes)'],
    ],
    [
      'text behind a quote',
      'a: "x" y\n',
      ['s.yml:1:8 text follows the closing quote (put the whole value in one pair of quotes)'],
    ],
    [
      'a bad escape',
      'a: "C:\\dir"\n',
      ['s.yml:1:8 "\\d" is not an escape in double quotes (use single quotes, or write "\\\\")'],
    ],
    [
      'text behind a block mark',
      'a: |x\n  y\n',
      ['s.yml:1:5 text follows on the line of "|" or ">" (start the text on the next line)'],
    ],
    [
      'a control character',
      'a: \u0001\n',
      [
        's.yml:1:4 the control character U+0001 is not allowed (remove it, or write "\\u0001" in double quotes)',
      ],
    ],
    [
      'a zero byte',
      'a: \0\n',
      [
        's.yml:1:4 the control character U+0000 is not allowed (remove it, or write "\\u0000" in double quotes)',
      ],
    ],
    [
      'deep brackets',
      '['.repeat(5000),
      ['s.yml:1:100 the nesting is deeper than 100 levels (write it flatter)'],
    ],
    [
      'deep lines',
      Array.from({ length: 150 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      ['s.yml:101:101 the nesting is deeper than 100 levels (write it flatter)'],
    ],
    [
      'one error in each of three entries',
      'x: 1\nservices:\n  a:\n    i: "q\n  b:\n    t: x: y\n  c:\n    z: 1\nq: [1\n',
      [
        's.yml:4:8 the " opened here is not closed (add the closing ")',
        's.yml:6:9 a value holds a second ": " (put the value in quotes)',
        's.yml:9:4 the [ opened here is not closed (add the closing ])',
      ],
    ],
    [
      'a key twice',
      'a: 1\nb: {c: 1, c: 2}\na: 3\n',
      [
        's.yml:2:11 b.c: "c" is given twice, first in line 2 (keep one of them)',
        's.yml:3:1 a: "a" is given twice, first in line 1 (keep one of them)',
      ],
    ],
    [
      'keys that are no texts',
      '80: x\ntrue: y\n~: z\n',
      [
        's.yml:1:1 the key 80 is read as a number, not as text (write "80")',
        's.yml:2:1 the key true is read as a boolean, not as text (write "true")',
        's.yml:3:1 the key ~ is read as a null, not as text (write "~")',
      ],
    ],
    ['a missing key', 'a:\n  : w\n', ['s.yml:2:3 a: a key is missing before ":" (write one)']],
    [
      'an unquoted template',
      'a: {{ foo }}\n',
      ['s.yml:1:5 a: a map cannot be a key (put a text that starts with "{" in quotes)'],
    ],
    ['a list as a key', '? [a]\n: b\n', ['s.yml:1:3 a list cannot be a key (use a text)']],
    ['a prototype', '__proto__: {a: 1}\nb: 1', ['s.yml:1:1 "__proto__" cannot be a key (use another name)']],
    [
      'two documents',
      'a: 1\n---\nb: 2\n---\nc: 3\n',
      ['s.yml:2:1 the file holds more than one document (remove "---" and what follows, or split the file)'],
    ],
    [
      'an unknown tag',
      'a: !foo 1\nb: !reset null\n',
      [
        's.yml:1:4 a: unknown tag "!foo" (remove it, or quote a text that starts with "!")',
        's.yml:2:4 b: unknown tag "!reset" (remove it, or quote a text that starts with "!")',
      ],
    ],
    [
      'a tag that does not fit',
      'a: !!int x\nb: !!map [1]\n',
      ['s.yml:1:4 a: "x" is not a whole number', 's.yml:2:10 b: this is a list, not a map'],
    ],
    [
      'an unknown alias',
      'a: *nope\n',
      ['s.yml:1:4 a: no "&nope" stands before "*nope" (quote a text that starts with "*")'],
    ],
    [
      'an alias of itself',
      'a: &x\n  b: [*x]\n',
      ['s.yml:2:7 a.b[0]: "*x" stands inside the value that "&x" names'],
    ],
    [
      'a merge of a text',
      'a:\n  <<: text\n  b: 1\n',
      ['s.yml:2:3 a: "<<" takes a map or a list of maps (for example "<<: *name")'],
    ],
  ])('%s', (_, text, lines) => {
    expect(issuesOf(text)).toEqual(lines)
  })

  it('a text that cannot be read has no value, but a place', () => {
    const document = parseYaml('a: [', 's.yml')
    expect(document).toMatchObject({ value: undefined, readable: false })
    expect(document.locate(['a'])).toEqual({ file: 's.yml', line: 1, column: 1 })
    expect(document.commentsAt(['a'])).toBeUndefined()
    expect(document.tagAt([])).toBeUndefined()
  })

  it('what is wrong with single keys is stepped over', () => {
    expect(parseYaml('a: 1\na: 2\n80: x\n__proto__: 1\n? [x]\n: y\nb: *c\n', 's.yml').value).toEqual({
      a: 1,
      80: 'x',
      b: null,
    })
  })

  it.each<[string, string]>([
    [
      'lists',
      `a: &a [x, x, x, x, x, x, x, x, x, x]\n${'bcdefghi'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[index]}`)}]`)
        .join('\n')}`,
    ],
    [
      'maps',
      `a: &a {x: 1}\n${'bcdefghijklmnopqrst'
        .split('')
        .map(
          (name, index) =>
            `${name}: &${name} {l: *${'abcdefghijklmnopqrst'[index]}, r: *${'abcdefghijklmnopqrst'[index]}}`,
        )
        .join('\n')}`,
    ],
    [
      'merges',
      `a: &a {${Array.from({ length: 1000 }, (_, key) => `k${key}: 1`)}}\n${Array.from({ length: 200 }, (_, key) => `m${key}: {<<: *a}`).join('\n')}`,
    ],
  ])('refuses aliases that stand for very many values: %s', (_, text) => {
    expect(text.length).toBeLessThan(20_000)
    const document = parseYaml(text, 's.yml')
    expect(document.value).toBeUndefined()
    expect(document.issues).toHaveLength(1)
    expect(document.issues[0]?.message).toMatch(/^aliases such as "\*\w+" repeat more than 100000 values$/)
  })

  it('reports no more than anyone reads', () => {
    expect(parseYaml('a: 1\n'.repeat(500), 's.yml').issues).toHaveLength(100)
    const broken = Array.from({ length: 300 }, (_, index) => `  s${index}: [`).join('\n')
    expect(parseYaml(`services:\n${broken}\n`, 's.yml').issues).toHaveLength(100)
  })

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      'b: ',
      ': ',
      '- ',
      '\n',
      '\n  ',
      '\n    ',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
      ',',
      '#',
      ' #',
      '&x ',
      '*x',
      '<<: ',
      '|',
      '>\n',
      '!t ',
      '!!int ',
      '? ',
      '---\n',
      '%YAML 1.2\n',
      '\t',
      '1',
      '~',
      '\\',
      '@',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('')
        const document = parseYaml(text, 's.yml')
        expect(document.readable || document.issues.length > 0).toBe(true)
        for (const { position } of document.issues) {
          expect(position?.line).toBeLessThanOrEqual(text.split('\n').length)
          expect(position?.column).toBeGreaterThan(0)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('locate', () => {
  const text = [
    'name: e2i',
    'services:',
    '  api: # the API',
    '    ports: [80, {a: 1}]',
    '    run: |',
    '      x',
    '    none:',
    '    list:',
    '      - one',
    '      - k: v',
    '"q k": &c',
    '  x: 1',
    'use: *c',
    '',
  ].join('\n')
  const document = parseYaml(text, 's.yml')

  it.each<[DocumentPath, LocateAt | undefined, string]>([
    [[], undefined, '1:1'],
    [['name'], undefined, '1:7'],
    [['name'], 'key', '1:1'],
    [['services'], undefined, '2:1'],
    [['services'], 'value', '3:3'],
    [['services', 'api'], undefined, '3:3'],
    [['services', 'api', 'ports'], undefined, '4:5'],
    [['services', 'api', 'ports'], 'value', '4:12'],
    [['services', 'api', 'ports', 1, 'a'], undefined, '4:21'],
    [['services', 'api', 'run'], undefined, '5:5'],
    [['services', 'api', 'none'], undefined, '7:9'],
    [['services', 'api', 'list', 0], undefined, '9:9'],
    [['services', 'api', 'list', 1], undefined, '10:9'],
    [['services', 'api', 'list', 2], undefined, '8:5'],
    [['services', 'api', 'image'], undefined, '3:3'],
    [['services', 'web', 'image'], undefined, '2:1'],
    [['nowhere'], undefined, '1:1'],
    [['q k', 'x'], 'key', '12:3'],
    [['q k'], 'key', '11:1'],
    [['use'], 'value', '13:6'],
    [['use', 'x'], undefined, '12:6'],
  ])('%j (%s) stands at %s', (path, at, where) => {
    const { line, column } = document.locate(path, at) ?? {}
    expect(`${line}:${column}`).toBe(where)
  })

  it('points at each key and each written value', () => {
    const keys = fc.stringMatching(/^[a-z]{1,6}$/)
    const leaf = fc.oneof(fc.stringMatching(/^[a-z]{1,6}$/), fc.nat(), fc.boolean())
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(tree, fc.constantFrom(-1, 1, 2), fc.boolean(), (value, flowLevel, windows) => {
        const written = dump(value, { flowLevel, noRefs: true }).replaceAll('\n', windows ? '\r\n' : '\n')
        const read = parseYaml(written, 's.yml')
        const lines = written.split('\n')
        for (const { path, value: inner } of pathsOf(read.value)) {
          const at = (which: LocateAt): string => {
            const position = read.locate(path, which)
            return (lines[(position?.line ?? 0) - 1] ?? '').slice((position?.column ?? 0) - 1)
          }
          if (typeof path.at(-1) === 'string')
            expect(at('key').replaceAll(/^"|^'/g, '')).toMatch(new RegExp(`^${path.at(-1)}["']?:`))
          if (typeof inner !== 'object') {
            expect(at('value').replaceAll(/^"|^'/g, '').startsWith(String(inner))).toBe(true)
            expect(read.writtenAt(path)).toBe(String(inner))
          }
        }
      }),
    )
  })
})

describe('commentsAt', () => {
  const text = [
    '# Head of the file.',
    '# Second line.',
    '',
    '# Sizes',
    '',
    '# of redis',
    '#   indented',
    'redis: # a cache',
    '  # why 256',
    '  memory: 256mb # small',
    '  text: |',
    '    # not a comment',
    '  flags: [a, # no',
    '    b] # yes',
    '  port: "63#79"   # quoted',
    '',
    '  args: # list',
    '    # first',
    '    - one # 1',
    '    # of text',
    '    - two',
    '# next',
    'none: # nothing',
    'anchor: &a # named',
    '  x: 1',
    'block: >- # folded',
    '  # text',
    'last: 1',
    '',
  ].join('\n')
  const document = parseYaml(text, 's.yml')

  it.each<[DocumentPath, string[], string[], string | undefined]>([
    [[], ['Head of the file.', 'Second line.'], [], undefined],
    [['redis'], ['of redis', '  indented'], ['Sizes'], 'a cache'],
    [['redis', 'memory'], ['why 256'], [], 'small'],
    [['redis', 'text'], [], [], undefined],
    [['redis', 'flags'], [], [], 'yes'],
    [['redis', 'port'], [], [], 'quoted'],
    [['redis', 'args'], [], [], 'list'],
    [['redis', 'args', 0], ['first'], [], '1'],
    [['redis', 'args', 1], ['of text'], [], undefined],
    [['none'], ['next'], [], 'nothing'],
    [['anchor'], [], [], 'named'],
    [['block'], [], [], 'folded'],
    [['last'], [], [], undefined],
  ])('%j', (path, before, heading, trailing) => {
    expect(document.commentsAt(path)).toEqual({ before, heading, trailing })
  })

  it('has none for what is not there', () => {
    expect(document.commentsAt(['redis', 'none'])).toBeUndefined()
  })
})

it('keeps the tags of compose files', () => {
  const document = parseYaml(
    'ports: !override\n  - 80\nenv: !reset null\nnone: !reset\nplain: 1\nmap: !override {a: 1}\n',
    's.yml',
    { tags: 'compose' },
  )
  expect(document.issues).toEqual([])
  expect(document.value).toEqual({ ports: [80], env: null, none: null, plain: 1, map: { a: 1 } })
  expect(['ports', 'env', 'none', 'plain', 'map', 'missing'].map((key) => document.tagAt([key]))).toEqual([
    '!override',
    '!reset',
    '!reset',
    undefined,
    '!override',
    undefined,
  ])
  expect(document.tagAt(['map', 'a'])).toBeUndefined()
})

it('loadYaml and requireYaml throw with every issue', () => {
  const broken = parseYaml('a: 1\na: 2\nb: 1\nb: 2\n', 's.yml')
  expect(() => requireYaml(broken)).toThrow(DroverError)
  expect(() => requireYaml(broken)).toThrow(
    expect.objectContaining({ code: 'STACK_INVALID', issues: broken.issues }),
  )
  expect(loadYaml('biome.json').value).toMatchObject({ formatter: { indentWidth: 2 } })
  expect(() => loadYaml('none.yml')).toThrow(expect.objectContaining({ code: 'USAGE' }))
})

describe('the E2I files', () => {
  const folder = '../shared/e2i/docker/'
  it.for([
    'docker-compose.yml',
    'docker-compose.dev.yml',
    'docker-compose.opik.yml',
    'docker-compose.secure.yml',
    'docker-compose.monitoring.yml',
  ])('%s reads as another reader has it', (name, context) => {
    let text: string
    try {
      text = readFileSync(folder + name, 'utf8')
    } catch {
      // Only a checkout beside the reference files has them.
      return context.skip()
    }
    const document = parseYaml(text, name, { tags: 'compose' })
    expect(document.issues).toEqual([])
    expect(document.value).toEqual(
      load(text.replaceAll(/!(override|reset)/g, ''), { schema: CORE_SCHEMA.withTags(mergeTag) }),
    )
  })
})
