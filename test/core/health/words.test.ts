import { expect, it } from 'vitest'
import { oneLine, span } from '../../../src/core/health/words.ts'

it.each([
  [-5, '0 s'],
  [999, '0 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [7_199_999, '119 min'],
  [7_200_000, '2 h 0 min'],
  [172_799_999, '47 h 59 min'],
  [172_800_000, '2 d 0 h'],
])('%d ms are %s', (ms, words) => {
  expect(span(ms)).toBe(words)
})

it('puts what a program printed on one line that does nothing to a terminal', () => {
  expect(oneLine('a\r\n\tb  c \u001b[2Jd\u202ee\n')).toBe('a b c [2Jd e')
  expect(oneLine('😀'.repeat(200), 3)).toBe('😀😀…')
})
