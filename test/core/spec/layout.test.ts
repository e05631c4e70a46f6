import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hclHeredoc, hclLiteral } from '../../../src/core/spec/hcl.ts'
import { layout } from '../../../src/core/spec/layout.ts'
import { format, hasNomad } from './nomad.ts'

const CASES: Record<string, readonly [source: string, laidOut: string]> = {
  'indents by nesting': [
    'job "a" {\ngroup "b" {\n      count = 1\n}\n}\n',
    'job "a" {\n  group "b" {\n    count = 1\n  }\n}\n',
  ],
  'aligns = over neighbouring lines only': [
    'a = 1\nlonger = 2\n\nb = 3\nblock {\n}\nccc = 4\n# comment\ndd = 5\n',
    'a      = 1\nlonger = 2\n\nb = 3\nblock {\n}\nccc = 4\n# comment\ndd = 5\n',
  ],
  'a list or map over several lines ends a run': [
    'a = 1\nlonger = [\n1,\n2,\n]\nbb = {\n"x.y" = 1\nz = 2\n}\nlast = 1\nc = 2\n',
    'a = 1\nlonger = [\n  1,\n  2,\n]\nbb = {\n  "x.y" = 1\n  z     = 2\n}\nlast = 1\nc    = 2\n',
  ],
  'a heredoc takes part in a run and keeps its body': [
    'a {\nx = 1\ndata = <<EOT\n  {{ range }}\n\n\n key = "${v}"   # no comment\n}\nEOT\nlonger = 2\n}\n',
    'a {\n  x      = 1\n  data   = <<EOT\n  {{ range }}\n\n\n key = "${v}"   # no comment\n}\nEOT\n  longer = 2\n}\n',
  ],
  'blank lines: one at most, none at the edges': [
    '\n\na {\n\n\nb = 1\n\n\n\nc = 2\n\n}\n\n\n\nd {\n}\n\n\n',
    'a {\n  b = 1\n\n  c = 2\n}\n\nd {\n}\n',
  ],
  'one space between tokens': [
    'a=[1,2 ,  3]\nb   =   { c=1 }\nd={}\ne = -1\nf  "g"{\n}\n',
    'a = [1, 2, 3]\nb = { c = 1 }\nd = {}\ne = -1\nf "g" {\n}\n',
  ],
  'comments are kept and aligned': [
    '# head  \na = 1 # one\nlonger = 22 // two\n/* block\n  comment */\nb {  # three\n# inside\n}\n',
    '# head\na      = 1  # one\nlonger = 22 // two\n/* block\n  comment */\nb { # three\n  # inside\n}\n',
  ],
  'brackets in texts do not count': [
    'a {\nb = "{ [ ( \\" ${x["}"]} $${ %%{"\nc = 1\n}\n',
    'a {\n  b = "{ [ ( \\" ${x["}"]} $${ %%{"\n  c = 1\n}\n',
  ],
  'wide characters count as people see them': [
    'm = {\n"é" = 1\n"👩‍👧" = 2\n"abc" = 3\n}\n',
    'm = {\n  "é"   = 1\n  "👩‍👧"   = 2\n  "abc" = 3\n}\n',
  ],
  'several brackets opened on one line are one level': [
    'a = [{\nb = 1\n}, {\nc = 2\n}]\nd = f(g, [\n1\n])\n',
    'a = [{\n  b = 1\n  }, {\n  c = 2\n}]\nd = f(g, [\n  1\n])\n',
  ],
  expressions: [
    'a = x.y[0]+1\nb = !c&&-d>=(e -1)\nf = {for k,v in [1]:k=>v...}\n',
    'a = x.y[0] + 1\nb = !c && -d >= (e - 1)\nf = { for k, v in [1] : k => v... }\n',
  ],
  'line ends of Windows': ['a {\r\nb = 1\r\n}\r\n', 'a {\n  b = 1\n}\n'],
  tabs: ['a {\n\tb\t=\t1\n}\n', 'a {\n  b = 1\n}\n'],
  'no line end at the end of Windows or other files': ['a = <<EOT\nb\nEOT', 'a = <<EOT\nb\nEOT\n'],
  nothing: ['', ''],
}

describe('layout', () => {
  it.each(Object.entries(CASES))('%s', (_, [source, laidOut]) => {
    expect(layout(source)).toBe(laidOut)
    expect(layout(laidOut)).toBe(laidOut)
  })

  it.each([
    ['a = "open\nb = 1\n', 'line 1 of the rendered job: a quoted string is not closed'],
    ['a = 1\nb = "${x', 'line 2 of the rendered job: a quoted string is not closed'],
    ['a = 1\n\nb = <<EOT\ntext\n', 'line 3 of the rendered job: heredoc EOT is not closed'],
    ['a {\nb {\n}\n', 'line 1 of the rendered job: a bracket is not closed'],
    ['a {\n}\n}\n', 'line 3 of the rendered job: a bracket too many'],
  ])('reports %j', (source, message) => expect(() => layout(source)).toThrow(message))
})

// Text that hclwrite knows too: it keeps blank lines and Windows line ends, so those differ by design.
const SAME_AS_NOMAD = Object.entries(CASES).filter(([name]) => !/blank|Windows|comments/.test(name))

const word = fc.constantFrom('a', 'bb', 'count', 'a-long-name', 'x_1')
const value = fc.oneof(
  fc.constantFrom(
    '1',
    '-2.5',
    'true',
    '"text"',
    '"${a.b}"',
    '[]',
    '{}',
    '[1, 2]',
    '{ a = 1 }',
    'x.y',
    'f(1)',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => hclLiteral(text)),
  fc.array(fc.string({ maxLength: 40 }), { maxLength: 6 }).map((list) => hclLiteral(list)),
  fc.dictionary(word, fc.string({ maxLength: 5 }), { maxKeys: 3 }).map((map) => hclLiteral(map)),
  fc.constantFrom('line\n', '  a\n\nb {\n', '${x}\n').map((text) => hclHeredoc(text)),
)
// An attribute may occur once in a block.
let names = 0
const name = word.map((text) => `${text}${++names}`)
const { body } = fc.letrec<{ body: string; item: string }>((tie) => ({
  item: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(name, value).map(([key, literal]) => `${key} = ${literal}\n`),
    fc.constantFrom('# comment\n', '// other\n', '\n'),
    fc
      .tuple(name, value)
      .map(([key, literal]) => `${key}=${literal}${literal.includes('<<') ? '' : ' # why'}\n`),
    fc.tuple(name, tie('body')).map(([key, inner]) => `${key} "label" {\n${inner}}\n`),
  ),
  body: fc.array(tie('item'), { maxLength: 8 }).map((items) => items.join('')),
}))

describe.skipIf(!hasNomad)('layout is what nomad fmt leaves alone (needs nomad on PATH)', () => {
  it.each(SAME_AS_NOMAD)('%s', (_, [source]) => expect(layout(source)).toBe(format(source)))

  it.each(Object.entries(CASES))('%s, once laid out', (_, [, laidOut]) =>
    expect(format(laidOut)).toBe(laidOut),
  )

  it('any nesting of attributes, blocks and comments', () => {
    for (const source of fc.sample(body, 25)) {
      const once = layout(`${source}end = 1\n`)
      expect(layout(once)).toBe(once)
      expect(format(once)).toBe(once)
    }
  })
})
