import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HOLDS } from '../../../src/core/scaling/explain.ts'
import { STRATEGIES } from '../../../src/core/scaling/strategies/index.ts'

const PAGE = readFileSync(new URL('../../../docs/scaling.md', import.meta.url), 'utf8')

/** What stands in the first column of a section's table. */
function firstColumn(section: string): string[] {
  const text = PAGE.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? ''
  return [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name)
}

describe('docs/scaling.md', () => {
  it('has every reason to hold, and no other', () => {
    expect(firstColumn('Why it holds').sort()).toEqual(Object.keys(HOLDS).sort())
  })

  it('has every strategy, and no other', () => {
    expect(firstColumn('Strategies')).toEqual(Object.keys(STRATEGIES))
  })
})
