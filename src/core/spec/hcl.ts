import { DroverError } from '../../errors.ts'
import type { FreeBody, FreeValue } from './blocks/rules.ts'

/** Lists longer than this many characters are written one element a line. */
const LINE_WIDTH = 100

/**
 * Any value as HCL that parses back to it. Lines are not indented: layout() does that.
 * Throws STACK_INVALID for text that HCL cannot hold (see textProblem) and for numbers that are not finite.
 */
export function hclLiteral(value: FreeValue): string {
  if (typeof value === 'string') return hclString(value)
  if (typeof value === 'number') return hclNumber(value)
  if (typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return hclList(value)
  return hclMap(value as FreeBody)
}

/**
 * A quoted string. Nomad's runtime variables need no exception: `${NOMAD_ALLOC_ID}` is escaped like all else,
 * which gives the same job, since Nomad fills them in when the task starts and not when it parses.
 */
export function hclString(text: string): string {
  const escaped = escapeTemplates(checked(text)).replace(/["\\]/g, '\\$&')
  return `"${isPlain(text) ? escaped : escaped.replace(UNPRINTABLE, escapeCharacter)}"`
}

/** A heredoc; only for text that fitsHeredoc(). */
export function hclHeredoc(text: string, marker = freeMarker(text)): string {
  return `<<${marker}\n${escapeTemplates(checked(text))}${marker}`
}

/** Text in the form that reads best: a heredoc when it has lines and a heredoc can hold it, else quoted. */
export function hclText(text: string): string {
  return fitsHeredoc(text) ? hclHeredoc(text) : hclString(text)
}

/** Whether a heredoc holds exactly this text: it ends in a newline and has nothing that must be escaped. */
export function fitsHeredoc(text: string): boolean {
  return text.endsWith('\n') && text.search(UNPRINTABLE_IN_HEREDOC) === -1
}

/** A number without exponent, which Nomad reads as the same number and the same text. */
export function hclNumber(value: number): string {
  if (!Number.isFinite(value))
    throw new DroverError('STACK_INVALID', `${value} is not a number that HCL can hold`)
  const text = String(value)
  if (!text.includes('e')) return text
  if (Number.isInteger(value)) return BigInt(value).toString()
  const [mantissa = '', exponent = '0'] = text.split('e')
  const digits = mantissa.replace('-', '').replace('.', '')
  return `${value < 0 ? '-' : ''}0.${'0'.repeat(-Number(exponent) - 1)}${digits}`
}

/** Whether HCL takes a key without quotes. */
export function isIdentifier(key: string): boolean {
  return /^[A-Za-z_][\w-]*$/.test(key)
}

/** Why HCL cannot hold this text, or undefined. */
export function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'holds a NUL character'
  if (/\p{Surrogate}/u.test(text)) return 'is not valid Unicode (half of a surrogate pair)'
  return undefined
}

/**
 * The text as Nomad stores it: HCL composes accents (Unicode NFC), so the API form must do the same.
 * Throws STACK_INVALID for text that HCL cannot hold.
 */
export function checked(text: string): string {
  if (isPlain(text)) return text
  const problem = textProblem(text)
  if (problem !== undefined)
    throw new DroverError('STACK_INVALID', `${JSON.stringify(text.slice(0, 40))} ${problem}`)
  return text.normalize('NFC')
}

/** Most text is printable ASCII and needs none of the slow Unicode patterns. */
function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text)
}

// Everything but printable characters and the plain space; the invisible ones would deceive a reviewer.
const UNPRINTABLE = /[\p{C}\p{Z}]/gu
const UNPRINTABLE_IN_HEREDOC = /(?![\n\t ])[\p{C}\p{Z}]/u
const SHORT_ESCAPES: Record<string, string> = { ' ': ' ', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  return (
    SHORT_ESCAPES[character] ?? (code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`)
  )
}

function escapeTemplates(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{')
}

function freeMarker(text: string): string {
  let marker = 'EOT'
  for (let n = 2; text.includes(marker); n++) marker = `EOT${n}`
  return marker
}

function hclList(values: readonly FreeValue[]): string {
  const items = values.map(hclLiteral)
  const line = `[${items.join(', ')}]`
  if (line.length <= LINE_WIDTH && !line.includes('\n')) return line
  return `[\n${items.map((item) => `${item},\n`).join('')}]`
}

// In front of the first key `for` would begin an expression; the others are values.
const KEYWORDS = new Set(['for', 'true', 'false', 'null'])

function hclKey(key: string): string {
  return isIdentifier(key) && !KEYWORDS.has(key) ? key : hclString(key)
}

function hclMap(map: FreeBody): string {
  const entries = Object.entries(map).flatMap(([key, value]) =>
    value === undefined ? [] : [`${hclKey(key)} = ${hclLiteral(value)}\n`],
  )
  return entries.length === 0 ? '{}' : `{\n${entries.join('')}}`
}
