import { expect, it } from 'vitest'
import { linesOf } from './a-stack.ts'

/** What one rule says about a stack: `path: message` of each finding, nothing for a stack that is sound. */
export type RuleCase = readonly [title: string, code: string, stack: string, lines: readonly string[]]

/** One test for each case. */
export function testCases(cases: readonly RuleCase[]): void {
  it.each(cases)('%s', (_title, code, stack, lines) => {
    expect(linesOf(code, stack)).toEqual(lines)
  })
}
