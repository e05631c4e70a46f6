import type { DocumentPath } from './issue.ts'
import type { z } from './zod.ts'

export type ZodIssue = z.core.$ZodIssue

/** What issues are about: the whole value that was checked, the schema it failed, and where both stand. */
export interface Checked {
  readonly value: unknown
  readonly schema?: z.core.$ZodType | undefined
  /** Put before every path. */
  readonly base?: DocumentPath
}

/** The value at a path; undefined when there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined
    here = (here as Record<PropertyKey, unknown>)[part]
  }
  return here
}

/** An issue's path as ours. zod allows symbols as keys; YAML has none. */
export function pathOf(issue: ZodIssue, base: DocumentPath = []): DocumentPath {
  return [...base, ...(issue.path as (string | number)[])]
}
