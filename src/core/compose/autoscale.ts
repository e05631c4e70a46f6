import { closest } from '../closest.ts'
import { type Document, locateIssues } from '../document.ts'
import { type DocumentPath, formatPath, type Issue, type Position } from '../issue.ts'
import { quote } from '../quote-value.ts'
import { keysOf } from '../schema-at.ts'
import { zodIssues } from '../zod-issues.ts'
import { type Autoscale, autoscaleSchema } from './autoscale-schema.ts'
import { commentText, type EntryComments } from './comment.ts'

/** One key of the file, for an account of what became of it. */
export interface AutoscaleKey {
  readonly key: string
  readonly path: DocumentPath
  readonly position: Position
  readonly comment?: string
  /** False: Drover does not know the key, so it has no effect. */
  readonly known: boolean
}

export interface ReadAutoscale {
  /** Absent when something in the file is wrong. */
  readonly autoscale?: Autoscale
  readonly issues: readonly Issue[]
  readonly keys: readonly AutoscaleKey[]
}

export type AutoscaleDocument = Document & { commentsAt?(path: DocumentPath): EntryComments | undefined }

/** Reads an `autoscale.yml`. Unknown keys are warnings; everything else that does not fit is an error. */
export function parseAutoscale(document: AutoscaleDocument): ReadAutoscale {
  const { value } = document
  const read = autoscaleSchema.safeParse(value)
  const keys = leaves(document, value, [], true)
  const errors = read.success ? [] : zodIssues(read.error.issues, { value, schema: autoscaleSchema })
  const issues = locateIssues(
    [...errors, ...keys.filter(({ known }) => !known).map((key) => unknown(key, value))],
    document,
  )
  return { ...(read.success ? { autoscale: read.data } : {}), issues, keys }
}

/** A list is one setting. An unknown map counts once. */
function leaves(
  document: AutoscaleDocument,
  value: unknown,
  path: DocumentPath,
  known: boolean,
): AutoscaleKey[] {
  if (
    known &&
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0
  ) {
    const named = keysOf(autoscaleSchema, path, document.value)
    // Where the schema names no keys, they are the author's: names of workers.
    const isKnown = (key: string) => named.length === 0 || named.includes(key)
    return Object.entries(value).flatMap(([key, child]) =>
      leaves(document, child, [...path, key], isKnown(key)),
    )
  }
  const position = document.locate(path, 'key')
  if (!position || path.length === 0) return []
  const comment = commentText(document.commentsAt?.(path))
  return [{ key: formatPath(path), path, position, ...(comment === undefined ? {} : { comment }), known }]
}

function unknown({ path }: AutoscaleKey, value: unknown): Issue {
  const key = String(path.at(-1))
  const near = closest(key, keysOf(autoscaleSchema, path.slice(0, -1), value))
  return {
    severity: 'warning',
    code: 'unknown-key',
    path,
    message: `unknown key ${quote(key)}, which has no effect`,
    ...(near === undefined ? {} : { fix: `did you mean "${near}"?` }),
  }
}
