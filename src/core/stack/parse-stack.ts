import type { Document } from '../document.ts'
import type { Issue } from '../issue.ts'
import { zodIssues } from '../zod-issues.ts'
import { SECTIONS, type Section, stackSchema, type WrittenStack } from './schema/stack.ts'

const SECTION_NAMES = Object.keys(SECTIONS) as Section[]

/**
 * Checks the shape of a stack document: either the stack as written, or every way in which it is not one.
 * The schema changes nothing, so what fits is used as it is, and an entry that is the same object as in a
 * document that fitted is not looked at again.
 */
export function parseStack(document: Document): { written: WrittenStack } | { issues: Issue[] } {
  const { value } = document
  if (stackSchema.safeParse(withoutKnown(value)).success) {
    remember(value as WrittenStack)
    return { written: value as WrittenStack }
  }
  const result = stackSchema.safeParse(value)
  if (result.success) return { written: result.data }
  return { issues: zodIssues(result.error.issues, { value, schema: stackSchema }) }
}

/** Entries that have fitted, and the section in which they did: each section has its own schema. */
const fitting = new WeakMap<object, Section>()

function remember(written: WrittenStack): void {
  for (const section of SECTION_NAMES)
    for (const job of Object.values(written[section] ?? {})) fitting.set(job, section)
}

function withoutKnown(value: unknown): unknown {
  if (!isMap(value)) return value
  const rest: Record<string, unknown> = { ...value }
  for (const section of SECTION_NAMES) {
    const entries = rest[section]
    if (!isMap(entries)) continue
    rest[section] = Object.fromEntries(
      Object.entries(entries).filter(([, job]) => !(isMap(job) && fitting.get(job) === section)),
    )
  }
  return rest
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
