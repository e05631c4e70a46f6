import type { Capability } from '../acl.ts'
import { NomadError } from '../nomad-error.ts'
import type { Key } from './paging.ts'

/** One request, read. */
export interface Call {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | undefined>>
  /** `default` when none is named; `*` for all. */
  readonly namespace: string
  /** The body as JSON. Throws NomadError. */
  body(): Readonly<Record<string, unknown>>
}

export interface Route {
  readonly methods: readonly ('GET' | 'PUT' | 'POST' | 'DELETE')[]
  readonly path: string
  /** Any of these is enough. */
  readonly needs: readonly Capability[]
  /** The answer as JSON; undefined: an empty one. Throws NomadError. */
  readonly answer: (call: Call) => unknown
  /** Index of what is answered: the request can then wait for a change of it. */
  readonly index?: (call: Call) => number
  readonly status?: number
  /** Of a list: what it is ordered and paged by. */
  readonly page?: (item: never) => Key
}

/** JSON as Go reads it, with Go's words for what is wrong with it. */
export function readBody(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') throw new NomadError(400, 'Request body is empty')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new NomadError(400, wordsOf(text))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NomadError(400, `json: cannot unmarshal ${kindOf(value)} into Go value of type api.Request`)
  return value as Readonly<Record<string, unknown>>
}

function wordsOf(text: string): string {
  const odd = /^\s*\{\s*([^"}\s])/.exec(text)?.[1]
  if (odd !== undefined) return `invalid character '${odd}' looking for beginning of object key string`
  const first = text.trim()[0] ?? ''
  return first === '{'
    ? 'unexpected end of JSON input'
    : `invalid character '${first}' looking for beginning of value`
}

/** A whole number of the body, or undefined. Throws 400 in Go's words for anything else. */
export function wholeNumber(
  body: Readonly<Record<string, unknown>>,
  field: string,
  struct: string,
): number | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isInteger(value)) return value
  const kind = typeof value === 'number' ? `number ${value}` : kindOf(value)
  throw new NomadError(
    400,
    `json: cannot unmarshal ${kind} into Go struct field ${struct}.${field} of type int64`,
  )
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return value === null ? 'null' : typeof value
}
