import type { Document } from '../document.ts'
import type { Issue } from '../issue.ts'
import type { WrittenStack } from './schema/stack.ts'
import { SECTIONS, type Section } from './sections.ts'
import { fits, misfits } from './shape.ts'

const SECTION_NAMES = Object.keys(SECTIONS) as Section[]

/**
 * Checks the shape of a stack document: either the stack as written, or every way in which it is not one.
 * The schema changes nothing, so what fits is used as it is, and an entry that is the same object as in a
 * document that fitted is not looked at again.
 */
export function parseStack(document: Document): { written: WrittenStack } | { issues: Issue[] } {
  const { value } = document
  if (!fits(withoutKnown(value))) return { issues: misfits(value) }
  remember(value as WrittenStack)
  return { written: value as WrittenStack }
}

/** Entries that have fitted, and where they did: each section has its own schema, and names have one too. */
const fitting = new WeakMap<object, string>()

function remember(written: WrittenStack): void {
  for (const [key, part] of Object.entries(written)) if (isMap(part)) fitting.set(part, key)
  for (const section of SECTION_NAMES)
    for (const [name, job] of Object.entries(written[section] ?? {})) fitting.set(job, `${section} ${name}`)
}

function withoutKnown(value: unknown): unknown {
  if (!isMap(value)) return value
  // No part of a stack that is a map has to be there, so that leaving one out never makes the rest a misfit.
  const rest = Object.fromEntries(
    Object.entries(value).filter(([key, part]) => !(isMap(part) && fitting.get(part) === key)),
  )
  for (const section of SECTION_NAMES) {
    const entries = rest[section]
    if (!isMap(entries)) continue
    rest[section] = Object.fromEntries(
      Object.entries(entries).filter(
        ([name, job]) => !(isMap(job) && fitting.get(job) === `${section} ${name}`),
      ),
    )
  }
  return rest
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
