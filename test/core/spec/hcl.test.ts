import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fitsHeredoc,
  hclHeredoc,
  hclLiteral,
  hclNumber,
  hclString,
  hclText,
  isIdentifier,
  textProblem,
} from '../../../src/core/spec/hcl.ts'
import { layout } from '../../../src/core/spec/layout.ts'
import { parseHcl } from './hcl-parser.ts'
import { hasNomad, jobFromHcl } from './nomad.ts'

/** Text with everything that HCL treats specially, often. */
const nasty = fc.constantFrom(
  ...[
    '$',
    '%',
    '{',
    '}',
    '${',
    '%{',
    '$${',
    '%%{',
    '$$${x}',
    '~}',
    '"',
    '\\',
    '\\n',
    '\\u0041',
    '\n',
    '\r\n',
    '\t',
  ],
  ...[
    'EOT',
    '\nEOT\n',
    'EOT2\n',
    '<<EOT\n',
    '#',
    '//',
    '/*',
    ' ',
    'e\u0301',
    '\u2028',
    '\ufeff',
    '\u202e',
    '😀',
    '\x1b',
  ],
)
const text = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: nasty },
      { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  .filter((value) => textProblem(value) === undefined)

/** HCL composes accents, so that is what comes back. */
const nfc = (value: string): string => value.normalize('NFC')

describe('any text comes back from a real HCL parser as it went in', () => {
  it('quoted, as text, in a list, in a map and as a key', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (a, b) => {
        const hcl = `quoted = ${hclString(a)}\ntext = ${hclText(a)}\nlist = ${hclLiteral([a, [b]])}\nmap = ${hclLiteral({ [a]: b })}\n`
        const expected = { quoted: nfc(a), text: nfc(a), list: [nfc(a), [nfc(b)]], map: { [nfc(a)]: nfc(b) } }
        expect(await parseHcl(hcl)).toEqual(expected)
        expect(await parseHcl(layout(hcl))).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('in a heredoc', async () => {
    const lines = text.map((value) => `${value.replace(/[^\P{C}\n\t]|(?! )\p{Z}/gu, '')}\n`)
    await fc.assert(
      fc.asyncProperty(lines, async (value) => {
        expect(fitsHeredoc(value)).toBe(true)
        expect(await parseHcl(layout(`a = 1\nlonger = ${hclHeredoc(value)}\nb = 2\n`))).toEqual({
          a: 1,
          longer: nfc(value),
          b: 2,
        })
      }),
      { numRuns: 300 },
    )
  })

  it.skipIf(!hasNomad)('from Nomad itself (needs nomad on PATH)', () => {
    const values = fc.sample(text, 400)
    const meta = values.flatMap((value, i) => [
      `q${i} = ${hclString(value)}\n`,
      `t${i} = ${hclText(value)}\n`,
    ])
    const hcl = layout(`job "a" {\nmeta {\n${meta.join('')}}\n}\n`)
    const expected = Object.fromEntries(
      values.flatMap((value, i) => [
        [`q${i}`, nfc(value)],
        [`t${i}`, nfc(value)],
      ]),
    )
    expect(JSON.parse(jobFromHcl(hcl)).Job.Meta).toEqual(expected)
  })

  it.skipIf(!hasNomad)('any number of $ and % before a brace, from Nomad (needs nomad on PATH)', () => {
    const values = ['$', '%'].flatMap((sign) =>
      [1, 2, 3, 4, 5, 6, 7].map((n) => `${sign.repeat(n)}{x}${sign.repeat(n)}`),
    )
    const hcl = `job "a" {\nmeta {\n${values.map((value, i) => `k${i} = ${hclString(value)}\n`).join('')}}\n}\n`
    expect(Object.values(JSON.parse(jobFromHcl(hcl)).Job.Meta).sort()).toEqual([...values].sort())
  })
})

describe('hclString', () => {
  it.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['say "hi"', '"say \\"hi\\""'],
    ['C:\\dir', '"C:\\\\dir"'],
    ['a\nb\r\n\tc', '"a\\nb\\r\\n\\tc"'],
    ['${NOMAD_ALLOC_ID}', '"$${NOMAD_ALLOC_ID}"'],
    ['%{if}', '"%%{if}"'],
    ['$${x} $x $$ 100%', '"$$${x} $x $$ 100%"'],
    ['bell \x07, no-break\u00a0space', '"bell \\u0007, no-break\\u00a0space"'],
    ['left \u202e right', '"left \\u202e right"'],
    ['emoji 😀', '"emoji 😀"'],
    ['private \u{100000}', '"private \\U00100000"'],
    ['e\u0301', '"é"'],
  ])('%j', (value, literal) => expect(hclString(value)).toBe(literal))

  it.each([
    ['a\0b', 'holds a NUL character'],
    ['a\ud800b', 'is not valid Unicode (half of a surrogate pair)'],
    ['\udc00', 'is not valid Unicode (half of a surrogate pair)'],
  ])('refuses %j', (value, problem) => {
    expect(textProblem(value)).toBe(problem)
    expect(() => hclString(value)).toThrow(problem)
    expect(() => hclHeredoc(`${value}\n`)).toThrow(problem)
  })
})

describe('hclText', () => {
  it.each([
    ['a\nb\n', '<<EOT\na\nb\nEOT'],
    ['\n', '<<EOT\n\nEOT'],
    ['one line\n', '<<EOT\none line\nEOT'],
    ['back\\slash "quote" ${x} %{y}\n', '<<EOT\nback\\slash "quote" $${x} %%{y}\nEOT'],
    ['EOT\nEOT2\n', '<<EOT3\nEOT\nEOT2\nEOT3'],
    ['no newline at the end\nb', '"no newline at the end\\nb"'],
    ['carriage\r\nreturn\n', '"carriage\\r\\nreturn\\n"'],
    ['escape \x1b[0m\n', '"escape \\u001b[0m\\n"'],
    ['', '""'],
  ])('%j', (value, literal) => expect(hclText(value)).toBe(literal))
})

describe('hclLiteral', () => {
  it.each([
    [true, 'true'],
    [-3, '-3'],
    [[], '[]'],
    [{}, '{}'],
    [['a', 1, false], '["a", 1, false]'],
    [{ a: 1, 'b.c': 'd', skipped: undefined }, '{\na = 1\n"b.c" = "d"\n}'],
    [{ for: 1, true: 2, null: 3, in: 4 }, '{\n"for" = 1\n"true" = 2\n"null" = 3\nin = 4\n}'],
    [[{ a: 1 }], '[\n{\na = 1\n},\n]'],
    [['x'.repeat(60), 'y'.repeat(60)], `[\n"${'x'.repeat(60)}",\n"${'y'.repeat(60)}",\n]`],
  ])('%j', (value, literal) => expect(hclLiteral(value)).toBe(literal))

  it.each([
    [0.1, '0.1'],
    [1e21, '1000000000000000000000'],
    [1.5e-9, '0.0000000015'],
    [-2e-7, '-0.0000002'],
    [-0, '0'],
    [2 ** 53, '9007199254740992'],
  ])('number %d', (value, literal) => expect(hclNumber(value)).toBe(literal))

  it('numbers mean the same without exponent', () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(hclNumber(value)).not.toContain('e')
        expect(Number(hclNumber(value))).toBe(value === 0 ? 0 : value)
      }),
    ))

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (value) =>
    expect(() => hclLiteral(value)).toThrow('not a number'),
  )
})

describe('isIdentifier', () => {
  it.each(['a', 'a_b-c1', '_x', 'X-Header'])('%s', (key) => expect(isIdentifier(key)).toBe(true))
  it.each(['', '1a', '-a', 'a.b', 'a b', 'é'])('not %j', (key) => expect(isIdentifier(key)).toBe(false))
})
