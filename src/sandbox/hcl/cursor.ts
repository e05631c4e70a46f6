import { HclError, HclNotEmulated, type Place } from './syntax.ts'

/** Where a reader is in a text. */
export interface Cursor {
  readonly text: string
  at: number
}

export function placeOf({ text, at }: Cursor): Place {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  return { line, column: at - before.lastIndexOf('\n') }
}

/** Takes what the sticky pattern fits here; undefined, and nothing taken, when it does not. */
export function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0]
  if (found !== undefined) cursor.at += found.length
  return found
}

/** Takes it, or throws HclError. */
export function expect(cursor: Cursor, pattern: RegExp, what: string): string {
  return take(cursor, pattern) ?? fail(cursor, `Invalid syntax; expected ${what}.`)
}

export function fail(cursor: Cursor, words: string): never {
  throw new HclError(words, placeOf(cursor))
}

const BLANK = /(?:[ \t]|\/\*[\s\S]*?\*\/)*/y
const COMMENT = /(?:#|\/\/)[^\n]*/y
const BLANK_OR_NEWLINE = /(?:[ \t\r\n]|\/\*[\s\S]*?\*\/|(?:#|\/\/)[^\n]*)*/y
export const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy
/** After a value: it is only a part of one. */
const OPERATOR = /[-+*/%<>=!&|?.[]/y
const NEWLINE = /\r?\n/y

/** Blanks of this line, and a comment at its end. */
export function skipBlank(cursor: Cursor): void {
  take(cursor, BLANK)
  take(cursor, COMMENT)
}

export function skipLines(cursor: Cursor): void {
  take(cursor, BLANK_OR_NEWLINE)
}

/** The end of an argument or a block: of the line, of the text, or of the block that it stands in. */
export function endLine(cursor: Cursor, after: string): void {
  skipBlank(cursor)
  if (cursor.at === cursor.text.length || cursor.text[cursor.at] === '}') return
  if (take(cursor, OPERATOR) !== undefined) throw new HclNotEmulated('an expression', placeOf(cursor))
  if (take(cursor, NEWLINE) === undefined) fail(cursor, `Missing newline after ${after}.`)
}
