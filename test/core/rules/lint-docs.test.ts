import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { RULES } from '../../../src/core/rules/index.ts'
import { lint } from '../../helpers/a-stack.ts'

const PAGE = readFileSync(new URL('../../../docs/lint.md', import.meta.url), 'utf8')
const SECTIONS = new Map(
  PAGE.split(/^### /m)
    .slice(1)
    .map((text) => [/^`([^`]+)`/.exec(text)?.[1] ?? text, text.split(/^## /m)[0] ?? '']),
)

/** The stack of a section that breaks its rule; `[…]` stands for a text too long to print. */
function exampleOf(code: string): Record<string, unknown> {
  const yaml = /```yaml\n([\s\S]*?)```/.exec(SECTIONS.get(code) ?? '')?.[1]
  if (yaml === undefined) throw new Error(`docs/lint.md has no example of ${code}`)
  return parse(yaml.replace('[…]', 'x'.repeat(200_000))) as Record<string, unknown>
}

describe('docs/lint.md', () => {
  it('has every rule, in the order of the registry, and no other', () => {
    expect([...SECTIONS.keys()]).toEqual(RULES.map(({ code }) => code))
  })

  it.each(RULES)('says of $code what the registry says', ({ code, severity, silenceable, reason, fix }) => {
    const section = SECTIONS.get(code)
    expect(section).toContain(`\n${severity}${silenceable ? '' : ', cannot be silenced'}\n`)
    expect(section).toContain(`\n${reason}\n`)
    expect(section).toContain(`\nFix: ${fix}.\n`)
  })

  it.each(RULES)('shows a stack that breaks $code', ({ code, severity }) => {
    const found = lint(exampleOf(code)).filter((issue) => issue.code === code)
    expect(found.map((issue) => issue.severity)).toContain(severity)
  })

  it.each(RULES.filter(({ silenceable }) => silenceable))('lets the stack silence $code', ({ code }) => {
    const example = exampleOf(code)
    const silence = { ...(example.silence as object | undefined), [code]: 'known' }
    const codes = lint({ ...example, silence }).map((issue) => issue.code)
    expect(codes).not.toContain(code)
    expect(codes).not.toContain('unused-silence')
  })

  it.each(RULES.filter(({ silenceable }) => !silenceable))(
    'does not let the stack silence $code',
    ({ code }) => {
      const codes = lint({ ...exampleOf(code), silence: { [code]: 'known' } }).map((issue) => issue.code)
      expect(codes).toContain(code)
      expect(codes).toContain('bad-silence')
    },
  )
})

describe('the registry', () => {
  it('has kebab-case codes, each once', () => {
    const codes = RULES.map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) expect(code).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  })

  it.each(RULES)('explains $code in sentences', ({ reason, fix }) => {
    expect(reason).toMatch(/^[`A-Z$].*[.?!]$/s)
    expect(fix).toMatch(/^(?:[a-z`]|see ).*[^.]$/s)
  })
})
