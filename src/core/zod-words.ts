import { closest } from './closest.ts'
import type { DocumentPath } from './issue.ts'
import { gotValue, isSecret, nameValue, quote } from './quote-value.ts'
import type { z } from './zod.ts'

type ZodIssue = z.core.$ZodIssue

export interface Words {
  readonly message: string
  readonly fix?: string
}

/** The stable code of each kind of issue. */
export const ISSUE_CODES: Readonly<Record<z.core.$ZodIssueCode, string>> = {
  unrecognized_keys: 'unknown-key',
  invalid_type: 'wrong-type',
  invalid_value: 'wrong-value',
  invalid_union: 'wrong-form',
  invalid_key: 'bad-key',
  invalid_element: 'bad-key',
  invalid_format: 'bad-format',
  not_multiple_of: 'out-of-range',
  too_big: 'out-of-range',
  too_small: 'out-of-range',
  custom: 'invalid',
}

/** What is wrong in plain words, for an issue whose schema has no message of its own. */
export function plainWords(issue: ZodIssue, given: unknown, path: DocumentPath): Words {
  switch (issue.code) {
    case 'invalid_type':
      return {
        message: `expected ${typeWord(issue.expected)}, got ${nameValue(given, path)}`,
        ...fixType(issue.expected, given, path),
      }
    case 'invalid_value':
      return {
        message: `must be ${oneOf(issue.values)}${gotValue(given, path)}`,
        ...fixChoice(issue.values, given),
      }
    case 'too_small':
      return { message: tooSmall(issue) + gotSize(issue.origin, given, path) }
    case 'too_big':
      return { message: tooBig(issue) + gotSize(issue.origin, given, path) }
    case 'not_multiple_of':
      return { message: `must be a multiple of ${issue.divisor}${gotValue(given, path)}` }
    case 'invalid_format':
      return { message: `must ${format(issue)}${gotValue(given, path)}` }
    default:
      return { message: `does not fit${gotValue(given, path)}` }
  }
}

/** How people call a type of value. */
export function typeWord(type: string): string {
  return TYPE_WORDS[type] ?? `a ${type}`
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'nothing',
  never: 'nothing',
}

/** `"a", "b" or "c"`. */
export function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => (typeof value === 'string' ? quote(value) : String(value)))
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`
}

function fixType(expected: string, given: unknown, path: DocumentPath): { fix?: string } {
  if (isSecret(given, path)) return {}
  if (typeof given === 'string') {
    if (
      (expected === 'number' || expected === 'int') &&
      given.trim() !== '' &&
      Number.isFinite(Number(given))
    )
      return { fix: 'remove the quotes' }
    if (expected === 'boolean' && /^(?:yes|on|true)$/i.test(given)) return { fix: 'write true' }
    if (expected === 'boolean' && /^(?:no|off|false)$/i.test(given)) return { fix: 'write false' }
  }
  if (expected === 'string' && (typeof given === 'number' || typeof given === 'boolean'))
    return { fix: `put it in quotes: "${given}"` }
  if (expected === 'array' && (typeof given === 'string' || typeof given === 'number'))
    return { fix: 'write it as a list: ["…"]' }
  return {}
}

function fixChoice(values: readonly unknown[], given: unknown): { fix?: string } {
  const near =
    typeof given === 'string'
      ? closest(
          given,
          values.filter((value) => typeof value === 'string'),
        )
      : undefined
  return near === undefined ? {} : { fix: `did you mean "${near}"?` }
}

function tooSmall({ origin, minimum, inclusive, exact }: ZodIssue & { readonly code: 'too_small' }): string {
  if (exact) return `must ${held(origin, minimum)}`
  if (origin in HELD)
    return minimum === 1
      ? 'must not be empty'
      : `must ${HELD[origin]?.[0]} at least ${minimum} ${HELD[origin]?.[1]}`
  return `must be ${inclusive === false ? 'above' : 'at least'} ${minimum}`
}

function tooBig({ origin, maximum, inclusive, exact }: ZodIssue & { readonly code: 'too_big' }): string {
  if (exact) return `must ${held(origin, maximum)}`
  if (origin in HELD) return `must ${HELD[origin]?.[0]} at most ${maximum} ${HELD[origin]?.[1]}`
  return `must be ${inclusive === false ? 'below' : 'at most'} ${maximum}`
}

/** What is counted, where it is not the number itself. */
const HELD: Readonly<Record<string, readonly [verb: string, unit: string]>> = {
  string: ['have', 'characters'],
  array: ['hold', 'items'],
  set: ['hold', 'items'],
  map: ['hold', 'entries'],
  object: ['hold', 'entries'],
}

function held(origin: string, count: number | bigint): string {
  const [verb, unit] = HELD[origin] ?? ['be', '']
  return `${verb} exactly ${count} ${unit}`.trimEnd()
}

function gotSize(origin: string, given: unknown, path: DocumentPath): string {
  if (Array.isArray(given)) return given.length === 0 ? '' : `, has ${given.length}`
  if (typeof given === 'string') return given === '' ? '' : `, has ${given.length}`
  return origin in HELD ? '' : gotValue(given, path)
}

function format(issue: ZodIssue & { readonly code: 'invalid_format' }): string {
  const {
    format: name,
    prefix,
    suffix,
    includes,
  } = issue as typeof issue & { prefix?: string; suffix?: string; includes?: string }
  if (prefix !== undefined) return `start with ${quote(prefix)}`
  if (suffix !== undefined) return `end with ${quote(suffix)}`
  if (includes !== undefined) return `contain ${quote(includes)}`
  if (name === 'regex') return `match ${issue.pattern}`
  const word = FORMAT_WORDS[name] ?? name
  return `be ${/^[aeio]/i.test(word) ? 'an' : 'a'} ${word}`
}

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  url: 'URL',
  email: 'e-mail address',
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
  cidrv4: 'IPv4 range',
  cidrv6: 'IPv6 range',
}
