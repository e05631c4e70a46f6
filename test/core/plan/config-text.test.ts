import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { protectConfig } from '../../../src/core/plan/config-text.ts'

const KNOWN = new Set(['HOME', 'DROVER_ARGUMENT_1'])
const protect = (text: string) => protectConfig(text, KNOWN)

describe('protectConfig', () => {
  it.each([
    ['plain text', 'plain text'],
    ['${HOME}', '${HOME}'],
    ['a${HOME}b${DROVER_ARGUMENT_1}', 'a${HOME}b${DROVER_ARGUMENT_1}'],
    ['${NOMAD_ALLOC_ID}', '${NOMAD_ALLOC_ID}'],
    [
      '${attr.kernel.name} ${node.unique.id} ${meta.rack}',
      '${attr.kernel.name} ${node.unique.id} ${meta.rack}',
    ],
    ['${env["HOME"]}', '${env["HOME"]}'],
    ['${env["OTHER"]}', '$${env["OTHER"]}'],
    ['${OTHER}', '$${OTHER}'],
    ['${home}', '$${home}'],
    ['${HOME:-x}', '$${HOME:-x}'],
    ['${ HOME }', '$${ HOME }'],
    ['${', '$${'],
    ['%{if x}', '%%{if x}'],
    ['%{HOME}', '%%{HOME}'],
    ['$HOME $$ % %% {', '$HOME $$ % %% {'],
    ['${a${HOME}', '$${a${HOME}'],
  ])('%j', (text, protectedText) => expect(protect(text)).toBe(protectedText))

  it('goes into lists, maps and their keys, and leaves the rest alone', () => {
    const config = { '${X}': ['${X}', 1, true], labels: { a: '${X}', n: undefined } }
    expect(protectConfig(config, KNOWN)).toEqual({
      '$${X}': ['$${X}', 1, true],
      labels: { a: '$${X}', n: undefined },
    })
  })

  // What the client does with it: `$${` is a literal `${`, `${NAME}` the variable, anything else an error.
  it('any text without known variables arrives as it was written', () => {
    const piece = fc.constantFrom(
      '$',
      '%',
      '{',
      '}',
      '${',
      '%{',
      '$${',
      'A',
      'x',
      ' ',
      '"',
      '}}',
      '${A}',
      '${env["A"]}',
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('')
        const seen = protect(text)
        expect(seen.replace(/([$%])\1\{/g, '.')).not.toMatch(/[$%]\{/)
        expect(seen.replace(/([$%])\1\{/g, '$1{')).toBe(text)
      }),
    )
  })
})
