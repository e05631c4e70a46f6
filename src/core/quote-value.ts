import type { DocumentPath } from './issue.ts'

const LONGEST = 60
const SECRET_NAME =
  /passw(?:or)?d|passphrase|(?:^|[^a-z])pass(?:$|[^a-z])|secret|token|credential|(?:^|[^a-z]|api|access|private|signing)keys?(?:$|[^a-z])/i
const SECRET_TEXT = /:\/\/[^\s/@]*:[^\s/@]+@|-----BEGIN /

/** A value in a message: `the text "two"`, `the number 5`, `a list`; secret-looking ones are named but not shown. */
export function nameValue(value: unknown, path: DocumentPath = []): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  if (typeof value === 'string') return isSecret(value, path) ? 'a text' : `the text ${quote(value)}`
  if (typeof value === 'number') return isSecret(value, path) ? 'a number' : `the number ${value}`
  return String(value)
}

/** `, got "two"` for a value that may be shown; nothing for a secret-looking one, a list or a map. */
export function gotValue(value: unknown, path: DocumentPath): string {
  if (value === undefined || isSecret(value, path) || (typeof value === 'object' && value !== null)) return ''
  return `, got ${typeof value === 'string' ? quote(value) : value === null ? 'nothing' : String(value)}`
}

/** A text in double quotes on one line, cut after 60 characters. */
export function quote(text: string): string {
  const quoted = JSON.stringify(text.length > LONGEST ? text.slice(0, LONGEST - 1) : text)
  return text.length > LONGEST ? `${quoted.slice(0, -1)}…"` : quoted
}

/** True when a name on the path, or the value itself, looks like a secret. */
export function isSecret(value: unknown, path: DocumentPath): boolean {
  return (
    path.some((part) => typeof part === 'string' && SECRET_NAME.test(part)) ||
    (typeof value === 'string' && SECRET_TEXT.test(value))
  )
}
