import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { writeStackText } from '../../src/adapters/stack-writer.ts'
import { parseYaml } from '../../src/adapters/yaml.ts'
import type { StackComment, StackMap } from '../../src/core/import/tree.ts'

const write = (value: StackMap, comments: StackComment[] = []) => writeStackText({ value, comments })

describe('writeStackText', () => {
  it('puts short maps and lists on one line, and a blank line between sections and jobs', () => {
    const text = write(
      {
        name: 'app',
        logs: { files: 3, file_size: '10MB' },
        secrets: { pw: {} },
        environments: { common: { A: 1, B: ['http://', { service: 'x', wait: false }, '/y'] } },
        services: {
          a: {
            image: 'a:1',
            command: ['run', '-x', '--port', '80', 'a b'],
            networks: [],
            ports: { http: { container: 80, publish: '127.0.0.1:80' } },
            env: { A: 'x: y', B: true, C: null },
            checks: [{ type: 'http', path: '/', interval: '5s' }],
            volumes: [{ volume: 'd', to: '/d' }],
            tmpfs: { '/tmp': { size: '1MB', mode: '1770' } },
          },
          b: {
            image: 'b:1',
            volumes: [
              { volume: 'd', to: '/d' },
              { host: '/', to: '/r', read_only: true },
            ],
          },
        },
      },
      [
        { path: [], text: 'Head.' },
        { path: ['services', 'b'], text: 'Two\nlines.' },
        { path: ['services', 'a', 'env', 'B'], text: 'Beside.' },
      ],
    )
    expect(text).toBe(`# Head.
name: app

logs: { files: 3, file_size: 10MB }

secrets:
  pw: {}

environments:
  common:
    A: 1
    B: ["http://", { service: x, wait: false }, "/y"]

services:
  a:
    image: a:1
    command: [run, -x, --port, "80", a b]
    networks: []
    ports:
      http: { container: 80, publish: "127.0.0.1:80" }
    env:
      A: "x: y"
      # Beside.
      B: true
      C: null
    checks:
      - { type: http, path: /, interval: 5s }
    volumes: [{ volume: d, to: /d }]
    tmpfs: { /tmp: { size: 1MB, mode: "1770" } }

  # Two
  # lines.
  b:
    image: b:1
    volumes:
      - { volume: d, to: /d }
      - { host: /, to: /r, read_only: true }
`)
  })

  it('breaks lines that get long, and wraps comments', () => {
    const words = Array.from({ length: 30 }, (_, index) => `word-${index}`)
    const text = write({ services: { a: { command: words } } }, [
      { path: ['services', 'a'], text: words.join(' ') },
    ])
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110)
    expect(text).toContain('      - word-0\n')
  })

  it('keeps texts of several lines as blocks', () => {
    const script = 'a\n\n  b: "c"\n\td # e\n'
    const text = write({
      services: { a: { command: ['sh', '-c', script], files: { '/x': { content: `${script}\n\n` } } } },
    })
    expect(text).toContain('      - |\n        a\n\n          b: "c"\n        \td # e\n')
    expect(text).toContain('        content: |+\n')
  })

  it.each([
    '',
    ' ',
    'yes',
    'No',
    'on',
    '~',
    'null',
    '1',
    '-1',
    '1.5',
    '1e3',
    '0x1f',
    '0o7',
    '007',
    '1_000',
    '12:30',
    '2026-11-24',
    '<<',
    '=',
    '-',
    '- a',
    '? a',
    ': a',
    'a:',
    'a: b',
    'a #b',
    '#a',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%a',
    '@a',
    '`a',
    '"a"',
    "'a'",
    "it's",
    '[a]',
    '{a}',
    'a, b',
    '---',
    '...',
    'a\nb',
    '\na',
    'a\n',
    'a\n\n',
    '\n',
    ' a\nb',
    'a\n ',
    'a\n \nb',
    '\ta',
    'a\r\nb',
    '\u0000',
    '\u007f',
    '\u0085',
    '\u2028x',
    '\ufeffx',
    '\u00a0',
    'é 😀',
    '\ud800',
    '${a} %{b} {{c}}',
    '\\',
    '.inf',
    '.NaN',
    '0.0.0.0',
    '1.10.8',
    'x'.repeat(300),
  ])('%j comes back as it was, in a block, in a list, in a map and as a key', (text) => {
    const value: StackMap = {
      services: { a: { x: text, list: [text, 'b'], map: { k: text, l: [text] }, [`k${text}`]: 1 } },
    }
    const written = write(value)
    expect(parseYaml(written, 'x.yml').issues).toEqual([])
    expect(parseYaml(written, 'x.yml').value).toEqual(value)
    // Another reader; YAML 1.1 takes some texts for other things.
    if (text !== '\ud800') {
      expect(parse(written)).toEqual(value)
      expect(parse(written, { version: '1.1' })).toEqual(value)
    }
  })

  it('any tree comes back as it was, whatever its comments', () => {
    const key = fc
      .oneof(fc.stringMatching(/^[a-z_/.-]{1,8}$/), fc.string({ unit: 'grapheme', maxLength: 6 }))
      .filter((text) => text !== '__proto__')
    const scalar = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({
        unit: fc.constantFrom('a', ' ', '\n', '\t', '#', ':', '-', '"', "'", '{', ','),
        maxLength: 10,
      }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.dictionary(key, tie('node'), { maxKeys: 4 }),
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        scalar,
        fc.array(tie('node'), { maxLength: 4 }),
        tie('tree'),
      ),
    }))
    fc.assert(
      fc.property(tree, fc.string(), (value, text) => {
        const map = { services: value as StackMap, x: value as StackMap }
        const comments = [
          { path: ['services'], text },
          ...Object.keys(value as object).map((name) => ({ path: ['x', name], text: `${text}\n${name}` })),
        ]
        const document = parseYaml(write(map, comments), 'x.yml')
        expect(document.issues).toEqual([])
        expect(document.value).toEqual(map)
      }),
      { numRuns: 400 },
    )
  })
})
