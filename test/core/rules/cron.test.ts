import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cronProblem } from '../../../src/core/rules/cron.ts'

const SOUND = [
  '* * * * *',
  '  */15 0-23/2 1,15 * mon-fri ',
  '0 0 29 feb *',
  '0 0 * january Sunday',
  '30 2 * * 1-5 2030',
  '0 30 2 * * * 2026-2030',
  '0 0 L * ?',
  '0 0 LW * *',
  '0 0 15W * *',
  '0 0 * * 5L',
  '0 0 * * friL',
  '0 0 * * 5#3',
  '0 0 * * 7',
  '0 0 * * fri-sun',
  '05 09 01 01 *',
  '5/10 * * * *',
  '@daily',
  '@hourly',
]

const BROKEN: [line: string, problem: string][] = [
  ['', 'has no fields, needs 5'],
  ['* * * *', 'has 4 fields'],
  ['0 0 0 1 1 * * *', 'has 8 fields'],
  ['@reboot', '"@reboot" is none of @yearly'],
  ['60 * * * *', 'minute "60": 60 is not between 0 and 59'],
  ['* 24 * * *', 'hour "24"'],
  ['* * 0 * *', 'day of the month "0"'],
  ['* * 32 * *', 'day of the month "32"'],
  ['* * * 13 *', 'month "13"'],
  ['* * * sept *', 'month "sept"'],
  ['* * * * 8', 'day of the week "8"'],
  ['* * * * 9L', 'day of the week "9L"'],
  ['* * * * 5#6', 'day of the week "5#6"'],
  ['* * * * xyzL', 'day of the week "xyzL"'],
  ['* * * * * 1969', 'year "1969"'],
  ['60 * * * * * *', 'second "60"'],
  ['30-10 * * * *', '30-10 runs backwards'],
  ['*/0 * * * *', 'a step of 0 is not between 1 and 59'],
  ['*/60 * * * *', 'a step of 60'],
  ['* * * * */7', 'a step of 7 is not between 1 and 6'],
  ['* * * * * */60', 'a step of 60 is not between 1 and 59'],
  ['*-5 * * * *', '"*-5" cannot be read'],
  ['1,,2 * * * *', '"" cannot be read'],
  ['L * * * *', 'minute "L"'],
  ['a b c d e', 'minute "a"'],
  ['* * * * *\u0000', 'day of the week'],
]

describe('cronProblem', () => {
  it.each(SOUND)('takes %j', (line) => {
    expect(cronProblem(line)).toBeUndefined()
  })

  it.each(BROKEN)('refuses %j', (line, problem) => {
    expect(cronProblem(line)).toContain(problem)
  })

  it('takes every number of every field, alone and in a range', () => {
    const within = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    const fields = fc.tuple(within(0, 59), within(0, 23), within(1, 31), within(1, 12), within(0, 6))
    fc.assert(
      fc.property(fields, fc.boolean(), (pairs, ranges) => {
        const line = pairs
          .map(([a, b]) => (ranges ? `${Math.min(a, b)}-${Math.max(a, b)}` : `${a},${b}`))
          .join(' ')
        expect(cronProblem(line)).toBeUndefined()
      }),
    )
  })

  it('judges any text without failing', () => {
    fc.assert(fc.property(fc.string(), (line) => void cronProblem(line)))
  })
})
