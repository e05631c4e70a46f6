import { describe, expect, it } from 'vitest'
import { timeOption } from '../../src/cli/time-option.ts'
import { DroverError } from '../../src/errors.ts'

/** Local time, as it is read. */
const NOW = new Date(2026, 4, 1, 12, 30).getTime()
const MINUTE = 60_000

describe('a time is', () => {
  it.each([
    ['10m', NOW - 10 * MINUTE],
    ['1h30m', NOW - 90 * MINUTE],
    ['0s', NOW],
    ['12:30', NOW],
    ['12:00', NOW - 30 * MINUTE],
    ['3:12', new Date(2026, 4, 1, 3, 12).getTime()],
    ['12:29:30', NOW - MINUTE / 2],
    ['12:31', new Date(2026, 3, 30, 12, 31).getTime()],
    ['23:59', new Date(2026, 3, 30, 23, 59).getTime()],
    ['2026-04-30', new Date(2026, 3, 30).getTime()],
    ['2026-04-30T10:00', new Date(2026, 3, 30, 10).getTime()],
    ['2026-04-30 10:00:01.5', new Date(2026, 3, 30, 10, 0, 1, 500).getTime()],
    ['2026-04-30T10:00:00Z', Date.UTC(2026, 3, 30, 10)],
    ['2026-04-30T10:00:00+02:00', Date.UTC(2026, 3, 30, 8)],
  ])('%s', (text, at) => {
    expect(timeOption('--at', text, NOW)).toBe(at)
  })

  it.each([
    ['yesterday', /--at: "yesterday" must be a time/],
    ['', /must be a time/],
    ['24:00', /must be a time/],
    ['10', /must be a time/],
    ['-10m', /must be a time/],
    ['2026-02-31T10:61', /must be a time/],
    ['2027-01-01', /--at: 2027-01-01 has not come yet/],
  ])('not %j', (text, message) => {
    expect(() => timeOption('--at', text, NOW)).toThrow(DroverError)
    expect(() => timeOption('--at', text, NOW)).toThrow(message)
  })
})
