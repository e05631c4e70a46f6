/** A place in a text file; line and column start at 1. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A path into a document: keys of maps and indexes of lists, outermost first. */
export type DocumentPath = readonly (string | number)[]

/** One problem found in something that a person wrote. */
export interface Issue {
  /** `error` stops the command; `warning` is printed and can be silenced by its code. */
  readonly severity: 'error' | 'warning'
  /** Stable kebab-case name, documented in docs/lint.md when it can be silenced. */
  readonly code: string
  readonly path: DocumentPath
  /** What is wrong, naming the value. */
  readonly message: string
  /** How to mend it. */
  readonly fix?: string
  /** Where the problem stands; absent until the document's positions are looked up. */
  readonly position?: Position
}

/** Turns a path into the dotted form that people read: `services.redis.ports[0]`. */
export function formatPath(path: DocumentPath): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/^[A-Za-z_][\w-]*$/.test(part)) text += text === '' ? part : `.${part}`
    else text += `[${JSON.stringify(part)}]`
  }
  return text
}

/** `file:line:column path: message (fix)`, one line. */
export function formatIssue(issue: Issue): string {
  const { position } = issue
  const where = position ? `${position.file}:${position.line}:${position.column} ` : ''
  const path = formatPath(issue.path)
  const fix = issue.fix ? ` (${issue.fix})` : ''
  return `${where}${path}${path ? ': ' : ''}${issue.message}${fix}`
}
