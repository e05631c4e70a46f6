import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable } from '../../../src/cli/printable.ts'
import { cutTo, fillTo, widthOf, wrap } from '../../../src/cli/watch-status/fill-to.ts'

describe('columns of a terminal', () => {
  it.each([
    ['abc', 3],
    ['作業', 4],
    ['한글', 4],
    ['🚀x', 3],
    ['e\u0301', 1],
    ['ｆ', 2],
    ['█…', 2],
    ['', 0],
  ])('%s takes %i', (text, width) => expect(widthOf(text)).toBe(width))

  it.each([
    ['abcdef', 4, 'abc…'],
    ['abc', 4, 'abc '],
    ['作業者', 4, '作… '],
    ['作業者', 5, '作業…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%s in %i is "%s"', (text, columns, expected) => expect(fillTo(text, columns)).toBe(expected))

  it('sets to the right', () => expect(fillTo('7', 3, 'right')).toBe('  7'))

  it.each<[text: string, columns: number, lines: string[]]>([
    ['one two three', 20, ['one two three']],
    ['one two three', 8, ['one two', '  three']],
    ['  set in', 7, ['  set', '  in']],
    ['onetwothree', 6, ['onetwo', '  thre', '  e']],
  ])('%s is wrapped at %i', (text, columns, lines) => expect(wrap(text, columns)).toEqual(lines))

  it('whatever the text, every line fits, and none is without end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 30 }), (raw, columns) => {
        const text = printable(raw)
        expect(widthOf(fillTo(text, columns))).toBe(columns)
        for (const line of [...wrap(text, columns), cutTo(text, columns)])
          expect(widthOf(line)).toBeLessThanOrEqual(columns)
      }),
    )
  })
})

describe('printable', () => {
  it.each([
    ['plain', 'plain'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007x', 'x'],
    ['a\r\nb', 'a b'],
    ['a\u009b2Jb', 'ab'],
    ['\u202eabc', 'abc'],
    ['e\u0301', 'é'],
    ['👩\u200d💻', '👩💻'],
  ])('%j is shown as %j', (text, expected) => expect(printable(text)).toBe(expected))
})
