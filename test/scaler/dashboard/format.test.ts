import { expect, it } from 'vitest'
import { loadModule } from './load-module.ts'

const { span, number, many, money, time, midnight } = await loadModule<{
  span(ms?: number): string
  number(value?: number | null): string
  many(count: number, one: string, more?: string): string
  money(value?: number, currency?: string): string
  time(at: number, now: number): string
  midnight(now: number): number
}>('format.js')

it.each([
  [undefined, '–'],
  [Number.NaN, '–'],
  [-5, '0 s'],
  [0, '0 s'],
  [499, '0 s'],
  [48_000, '48 s'],
  [59_600, '1 min'],
  [60_000, '1 min'],
  [80_000, '1 min 20 s'],
  [3_599_000, '59 min 59 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_400_000, '1 d'],
  [90_000_000 * 3, '3 d 3 h'],
])('%s ms are %s', (ms, words) => {
  expect(span(ms)).toBe(words)
})

it.each([
  [undefined, '–'],
  [null, '–'],
  [0, '0'],
  [1234, '1,234'],
  [1.239, '1.24'],
])('%s is written %s', (value, text) => {
  expect(number(value)).toBe(text)
})

it('counts in words, and money with its currency', () => {
  expect([many(0, 'group'), many(1, 'group'), many(2, 'group')]).toEqual(['0 groups', '1 group', '2 groups'])
  expect([money(), money(0.5), money(1.239, 'USD')]).toEqual(['–', '0.50', '1.24 USD'])
})

it('tells the time of today, and the date of other days', () => {
  const noon = new Date(2026, 4, 1, 12, 3, 4).getTime()
  expect(time(noon, noon + 3_600_000)).toBe('12:03:04')
  expect(time(noon, noon + 86_400_000)).toBe('2026-05-01 12:03:04')
  expect(new Date(midnight(noon)).getHours()).toBe(0)
  expect(noon - midnight(noon)).toBe(12 * 3_600_000 + 184_000)
})
