import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEnvFile, resolveEnvFile } from '../../../src/core/compose/env-file.ts'
import { formatIssue } from '../../../src/core/issue.ts'

const values = (text: string, env: Record<string, string> = {}) => {
  const { entries, issues } = parseEnvFile(text, '.env')
  expect(issues).toEqual([])
  return resolveEnvFile(entries, env)
}

describe('parseEnvFile', () => {
  it.each<[string, Record<string, string>]>([
    ['A=1', { A: '1' }],
    ['A = 1 ', { A: '1' }],
    ['export A=1', { A: '1' }],
    ['A: 1', { A: '1' }],
    ['A=', { A: '' }],
    ['# note\n\n  \nA=1 # why\nB=x#y', { A: '1', B: 'x#y' }],
    ['A=# nothing', { A: '' }],
    ["A='$B # {x}'", { A: '$B # {x}' }],
    ['A="x # y" # why', { A: 'x # y' }],
    ['A="a\\nb\\tc\\"d\\\\"', { A: 'a\nb\tc"d\\' }],
    ['A="one\ntwo"\nB=3', { A: 'one\ntwo', B: '3' }],
    ["A='one\ntwo'\nB=3", { A: 'one\ntwo', B: '3' }],
    ['A=1\nB=${A}2\nC="$B"', { A: '1', B: '12', C: '12' }],
    ['A=${X:-d}', { A: 'd' }],
    ['A="\\$X"', { A: '$X' }],
    ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['\uFEFFA=1', { A: '1' }],
    ['A.B-C=1', { 'A.B-C': '1' }],
    ['A=k=v==', { A: 'k=v==' }],
    ['A=1\nA=2', { A: '2' }],
    ['', {}],
    ['# only\n# comments', {}],
  ])('%j', (text, expected) => {
    expect(values(text)).toEqual(expected)
  })

  it('takes bare names from the environment, which also wins in expansions', () => {
    expect(values('A\nB\nC=$A\nD=1\nE=$D', { A: 'shell', D: '9' })).toEqual({
      A: 'shell',
      C: 'shell',
      D: '1',
      E: '9',
    })
  })

  it('reports every bad line with its place, never its value', () => {
    const { entries, issues } = parseEnvFile(
      'A=1\nhunter2 oops\nB=\'hunter2\nC=$5hunter2\nD="x" hunter2\n  1E=2',
      'docker/.env',
    )
    expect(entries.map(({ name }) => name)).toEqual(['A'])
    expect(issues.map(formatIssue)).toEqual([
      'docker/.env:2:1 this line is not NAME=value (start a comment with #)',
      "docker/.env:3:1 the value of B has no closing quote (add ')",
      "docker/.env:4:1 the value of C has a $ that starts no variable (put it in 'single quotes')",
      'docker/.env:5:1 text follows the quoted value of D (quote the whole value)',
      'docker/.env:6:3 this line is not NAME=value (start a comment with #)',
    ])
  })

  it('gives places', () => {
    const { entries } = parseEnvFile('# a\n\nA="x\ny"\n  B=2', 'e')
    expect(entries.map(({ position }) => position)).toEqual([
      { file: 'e', line: 3, column: 1 },
      { file: 'e', line: 5, column: 3 },
    ])
  })

  it('reads any value back from single quotes', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("'") && !text.includes('\r')),
        (text) => {
          expect(values(`A='${text}'\nB=1`)).toEqual({ A: text, B: '1' })
        },
      ),
    )
  })
})
