import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT_INTERRUPTED } from '../src/cli/main.ts'
import { DroverError, ERROR_CODES, EXIT_DIFFERENCES } from '../src/errors.ts'

const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')

describe('the exit codes', () => {
  it('are those of the table in README', () => {
    const codes = Object.entries(ERROR_CODES).map(([code, { exit, meaning }]) => ({ code, exit, meaning }))
    const rows = readTable(README, '| code | exit | meaning |')
    expect(rows.filter(({ code }) => code !== '-')).toEqual(codes)
    expect(rows.filter(({ code }) => code === '-').map(({ exit }) => exit)).toEqual([
      0,
      EXIT_DIFFERENCES,
      EXIT_INTERRUPTED,
    ])
  })

  it('rise down the table, so that a reader finds one', () => {
    const exits = readTable(README, '| code | exit | meaning |').map(({ exit }) => exit)
    expect(exits).toEqual(exits.toSorted((a, b) => a - b))
  })

  it('tell a retry only where the same call may succeed later', () => {
    const retried = Object.entries(ERROR_CODES).filter(([, { retry }]) => retry)
    expect(retried.map(([code]) => code)).toEqual(['UNAVAILABLE'])
  })
})

describe('DroverError', () => {
  it('keeps its cause, and has none when none is given', () => {
    const cause = new Error('below')
    expect(new DroverError('USAGE', 'above', { cause }).cause).toBe(cause)
    expect('cause' in new DroverError('USAGE', 'above')).toBe(false)
  })
})

/** Rows below a heading row, until the table ends. */
function readTable(text: string, heading: string): { code: string; exit: number; meaning: string }[] {
  const lines = text.split('\n')
  const start = lines.indexOf(heading)
  if (start < 0) throw new Error(`README.md has no table "${heading}"`)
  const rows = lines.slice(start + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end < 0 ? rows.length : end).map((line) => {
    const [code = '', exit = '', meaning = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''))
    return { code, exit: Number(exit), meaning }
  })
}
