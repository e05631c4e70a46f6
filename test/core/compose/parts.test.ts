import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  literalParts,
  missingVariables,
  type Parts,
  parseParts,
  resolveParts,
  variablesOf,
} from '../../../src/core/compose/parts.ts'

const parse = (text: string): Parts => {
  const parsed = parseParts(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.parts
}

describe('parseParts', () => {
  it.each<[string, Parts]>([
    ['', []],
    ['plain', ['plain']],
    ['$V', [{ variable: 'V' }]],
    ['a${V}b', ['a', { variable: 'V' }, 'b']],
    ['$V-x', [{ variable: 'V' }, '-x']],
    ['${V:-d}', [{ variable: 'V', default: ['d'], emptyIsUnset: true }]],
    ['${V-d}', [{ variable: 'V', default: ['d'] }]],
    ['${V:-}', [{ variable: 'V', default: [], emptyIsUnset: true }]],
    ['${V:?must be set}', [{ variable: 'V', required: true, message: 'must be set', emptyIsUnset: true }]],
    ['${V?}', [{ variable: 'V', required: true, message: '' }]],
    ['${V:+r}', [{ variable: 'V', replacement: ['r'], emptyIsUnset: true }]],
    ['${V+r}', [{ variable: 'V', replacement: ['r'] }]],
    [
      '${A:-${B:-c}}d',
      [
        {
          variable: 'A',
          default: [{ variable: 'B', default: ['c'], emptyIsUnset: true }],
          emptyIsUnset: true,
        },
        'd',
      ],
    ],
    ['${A:-$B-x}', [{ variable: 'A', default: [{ variable: 'B' }, '-x'], emptyIsUnset: true }]],
    ['$$V', ['$V']],
    ['$$$V', ['$', { variable: 'V' }]],
    ['($$|/)', ['($|/)']],
    ['${V:-a$$b}', [{ variable: 'V', default: ['a$b'], emptyIsUnset: true }]],
    ['${V:-http://h:1/}', [{ variable: 'V', default: ['http://h:1/'], emptyIsUnset: true }]],
  ])('%s', (text, parts) => {
    expect(parse(text)).toEqual(parts)
  })

  it.each([
    ['${V', 'has no closing brace'],
    ['${}', 'is not a variable'],
    ['${1V}', 'is not a variable'],
    ['${V!x}', 'is not a variable'],
    ['cost $5', '"$5" is not a variable'],
    ['end $', '"$" is not a variable'],
    ['${A:-${B}', 'has no closing brace'],
    ['${A:-$5}', 'is not a variable'],
  ])('%s is refused', (text, problem) => {
    expect(parseParts(text)).toEqual({ ok: false, problem: expect.stringContaining(problem) })
  })

  it('gives any text back when its dollar signs are doubled', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', ':', '-', '?', ' ', 'é') }),
        (text) => {
          expect(resolveParts(parse(text.replaceAll('$', '$$$$')), {})).toBe(text)
        },
      ),
    )
  })
})

describe('resolveParts', () => {
  it.each([
    ['${V:-d}', {}, 'd'],
    ['${V:-d}', { V: '' }, 'd'],
    ['${V-d}', { V: '' }, ''],
    ['${V-d}', {}, 'd'],
    ['${V:-d}', { V: 'x' }, 'x'],
    ['${V:+r}', { V: '' }, ''],
    ['${V+r}', { V: '' }, 'r'],
    ['${V:+r}', { V: 'x' }, 'r'],
    ['${V:+r}', {}, ''],
    ['${V:-$W}', { W: 'w' }, 'w'],
    ['$V', { V: '$W', W: 'no' }, '$W'],
    ['$constructor', {}, ''],
  ])('%s with %o is %s', (text, env, expected) => {
    expect(resolveParts(parse(text), env)).toBe(expected)
  })
})

describe('missingVariables', () => {
  const names = (text: string, env: Record<string, string>) =>
    missingVariables(parse(text), env).map(({ variable }) => variable)

  it.each([
    ['$A$B', { A: '1' }, ['B']],
    ['${A:-x}', {}, []],
    ['${A:-$B}', {}, ['B']],
    ['${A:-$B}', { A: '1' }, []],
    ['${A:?e}', { A: '' }, ['A']],
    ['${A?e}', { A: '' }, []],
    ['${A:+$B}', {}, []],
    ['${A:+$B}', { A: '1' }, ['B']],
  ])('%s with %o: %o', (text, env, expected) => {
    expect(names(text, env)).toEqual(expected)
  })
})

describe('variablesOf and literalParts', () => {
  it('finds variables inside defaults and replacements', () => {
    expect(variablesOf(parse('${A:-${B}}${C:+$D}')).map(({ variable }) => variable)).toEqual([
      'A',
      'B',
      'C',
      'D',
    ])
  })

  it('tells texts from values', () => {
    expect([literalParts(parse('')), literalParts(parse('a$$')), literalParts(parse('a$B'))]).toEqual([
      '',
      'a$',
      undefined,
    ])
  })
})
