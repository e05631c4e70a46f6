import { type Cursor, expect, fail, placeOf, take } from './cursor.ts'
import { HclNotEmulated } from './syntax.ts'

const PLAIN = /[^"\\\n$%]+/y
const TEMPLATE = /\$\$\{|%%\{|[$%]\{|[$%]/y
const ESCAPE = /\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y
const QUOTE = /"/y

/** A quoted string, its escapes undone. */
export function readString(cursor: Cursor): string {
  expect(cursor, QUOTE, 'a quoted string')
  let text = ''
  while (take(cursor, QUOTE) === undefined) {
    const template = take(cursor, TEMPLATE)
    if (template !== undefined) text += readTemplate(cursor, template)
    else {
      const part = take(cursor, PLAIN)
      text += part ?? unescaped(take(cursor, ESCAPE) ?? fail(cursor, 'Invalid multi-line string.'))
    }
  }
  return text
}

const SHORT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

function unescaped(sequence: string): string {
  const letter = sequence[1] ?? ''
  return SHORT[letter] ?? String.fromCodePoint(Number.parseInt(sequence.slice(2), 16))
}

const VARIABLE = /[A-Za-z_][\w.-]*\}/y

/** Nomad leaves a name in `${}` to the task's start; what computes is for a whole HCL reader. */
function readTemplate(cursor: Cursor, start: string): string {
  if (start === '$${' || start === '%%{') return start.slice(1)
  if (start.length === 1) return start
  const name = start === '${' ? take(cursor, VARIABLE) : undefined
  if (name === undefined || /^(?:var|local)\./.test(name))
    throw new HclNotEmulated('an expression in a text', placeOf(cursor))
  return start + name
}

const HEREDOC = /<<-?[\p{ID_Start}_][\p{ID_Continue}-]*\r?\n/uy
const LINE = /[^\n]*\n?/y

/** A heredoc, up to the line with its marker, whose newline is left. */
export function readHeredoc(cursor: Cursor): string {
  const place = placeOf(cursor)
  const head = expect(cursor, HEREDOC, 'the marker of a heredoc')
  const isIndented = head.startsWith('<<-')
  const marker = head.slice(isIndented ? 3 : 2).trim()
  const lines: string[] = []
  for (;;) {
    const start = cursor.at
    const line = take(cursor, LINE) ?? ''
    if (line.trim() === marker) {
      cursor.at = start + line.trimEnd().length
      const text = (isIndented ? withoutIndent(lines) : lines).join('')
      return text.replace(/\$\$\{|%%\{|[$%]\{[^}]*\}?/g, (part) => {
        if (part.length === 3 && part[0] === part[1]) return part.slice(1)
        if (/^\$\{(?!var\.|local\.)[A-Za-z_][\w.-]*\}$/.test(part)) return part
        throw new HclNotEmulated('an expression in a heredoc', place)
      })
    }
    if (line === '') fail(cursor, 'Unterminated template string.')
    lines.push(line)
  }
}

function withoutIndent(lines: readonly string[]): readonly string[] {
  const indents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0)
  const least = Math.min(...indents)
  return lines.map((line) => line.slice(Math.min(least, /^[ \t]*/.exec(line)?.[0].length ?? 0)))
}
