import type { DocumentPath, Issue, Position } from './issue.ts'

/**
 * Which part of an entry to point at: its key or its value. Without a choice it is the value when that is
 * a single text, number, boolean or nothing, and the key (or the list item's start) of a map or list.
 */
export type LocateAt = 'key' | 'value'

/** What one file (or several merged ones) says, and where it says it. */
export interface Document {
  /** As given by the user; for merged documents the base file. */
  readonly file: string
  readonly value: unknown
  /** Where a path stands; where its nearest ancestor stands when the file has no such path. */
  locate(path: DocumentPath, at?: LocateAt): Position | undefined
}

/** Issues about a key itself rather than about what it holds. */
const ABOUT_KEYS: ReadonlySet<string> = new Set(['unknown-key', 'duplicate-key', 'bad-key'])

/** The same issues with their positions filled in; an issue that has a position keeps it. */
export function locateIssues(issues: readonly Issue[], document: Document): Issue[] {
  return issues.map((issue) => {
    if (issue.position) return issue
    const position = document.locate(issue.path, ABOUT_KEYS.has(issue.code) ? 'key' : undefined)
    return position ? { ...issue, position } : issue
  })
}

/** How many leading parts of the path exist in the value; the whole path exists when it is `path.length`. */
export function knownDepth(value: unknown, path: DocumentPath): number {
  let here = value
  for (const [depth, part] of path.entries()) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return depth
    here = (here as Record<string | number, unknown>)[part]
  }
  return path.length
}
