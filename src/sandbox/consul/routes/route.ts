import { ConsulError } from '../consul-error.ts'

/** One request, read. */
export interface Call {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | undefined>>
  /** As it came. */
  readonly text: string
  /** The body as a JSON object. Throws 400. */
  body(): Readonly<Record<string, unknown>>
}

export interface Route {
  readonly methods: readonly ('GET' | 'PUT' | 'DELETE')[]
  readonly path: string
  /** The answer as JSON, or a Reply; undefined: an empty one. Throws ConsulError. */
  readonly answer: (call: Call) => unknown
  /** Index of what is answered: the request can then wait for a change of it. */
  readonly index?: () => number
}

/** An answer with another status or type than that of most. */
export class Reply {
  readonly status: number
  readonly body: unknown
  readonly type: string

  constructor(status: number, body: unknown, type = 'application/json') {
    this.status = status
    this.body = body
    this.type = type
  }
}

/** JSON as Go reads it, with Go's words for what is wrong with it. */
export function readBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    throw new ConsulError(400, 'Bad request: Request decode failed: unexpected EOF')
  }
  throw new ConsulError(400, 'Bad request: Request decode failed: json: cannot unmarshal into Go value')
}
