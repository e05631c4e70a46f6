import { parse } from 'yaml'
import type { Issue } from '../../src/core/issue.ts'
import { checkStack } from '../../src/core/rules/index.ts'
import { normalize } from '../../src/core/stack/normalize.ts'
import { stackSchema } from '../../src/core/stack/schema/stack.ts'
import type { Stack } from '../../src/core/stack/stack.ts'

/**
 * A stack as the rules get it, from YAML or from the object that YAML would give, through the real schema and
 * normal form. Its name may be left out. Throws when it has the wrong shape.
 */
export function aStack(written: string | object, sources: ReadonlyMap<string, string> = new Map()): Stack {
  const value: unknown = typeof written === 'string' ? parse(written, { merge: true }) : written
  const { stack, issues } = normalize(stackSchema.parse({ name: 'shop', ...(value as object) }), sources)
  if (issues.length > 0)
    throw new Error(issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
  return stack
}

/** Everything that the rules say about a stack. */
export function lint(written: string | object): Issue[] {
  return checkStack(aStack(written))
}

/** `path: message` of every issue with this code; paths dotted. */
export function linesOf(code: string, written: string | object): string[] {
  return lint(written)
    .filter((issue) => issue.code === code)
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
}
