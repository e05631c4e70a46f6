import type { DocumentPath } from '../issue.ts'

/** What a stack file may hold. Keys of maps keep their order. */
export type StackValue = string | number | boolean | null | readonly StackValue[] | StackMap

export interface StackMap {
  readonly [key: string]: StackValue
}

/** A comment for the lines above the key or item at `path`; without a path, for the head of the file. */
export interface StackComment {
  readonly path: DocumentPath
  /** Lines without `#`. */
  readonly text: string
}

/** A stack file before it is text. */
export interface StackTree {
  readonly value: StackMap
  readonly comments: readonly StackComment[]
}

/**
 * A map without the keys that have nothing to say: undefined, and empty maps and lists.
 * @param keep keys whose emptiness says something
 */
export function present(
  entries: Readonly<Record<string, StackValue | undefined>>,
  keep: readonly string[] = [],
): StackMap {
  return Object.fromEntries(
    Object.entries(entries).filter(
      (entry): entry is [string, StackValue] =>
        entry[1] !== undefined && (keep.includes(entry[0]) || !isEmpty(entry[1])),
    ),
  )
}

function isEmpty(value: StackValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
