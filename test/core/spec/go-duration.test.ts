import { describe, expect, it } from 'vitest'
import { parseGoDuration } from '../../../src/core/spec/go-duration.ts'

describe('parseGoDuration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['-0s', 0],
    ['30s', 30e9],
    ['1h30m', 5400e9],
    ['1.5s', 1.5e9],
    ['.5s', 0.5e9],
    ['1.s', 1e9],
    ['300ms', 300e6],
    ['10us', 10e3],
    ['10µs', 10e3],
    ['7ns', 7],
    ['-10s', -10e9],
    ['+10s', 10e9],
    ['8760h', 31_536_000e9],
  ])('%s is %d ns', (text, nanoseconds) => expect(parseGoDuration(text)).toBe(nanoseconds))

  it.each(['', 's', '10', '1d', '1 s', ' 1s', '1s ', '1h-5m', '.s', 'ten', '1e3s', '300000000h', '1s\n'])(
    '%j is none',
    (text) => expect(parseGoDuration(text)).toBeUndefined(),
  )
})
