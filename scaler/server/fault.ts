import { closest } from '../../src/core/closest.ts'
import { formatIssue, type Issue } from '../../src/core/issue.ts'
import { DroverError, type DroverErrorOptions, ERROR_CODES, type ErrorCode } from '../../src/errors.ts'

/** What an answer says of an error. */
export interface Fault {
  readonly status: number
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly issues?: readonly Issue[]
}

/** A DroverError that is answered with another status than its code's. */
export function fault(
  status: number,
  code: ErrorCode,
  message: string,
  options?: DroverErrorOptions,
): DroverError {
  return Object.assign(new DroverError(code, message, options), { faultStatus: status })
}

/** 404 for a group, naming the one that was probably meant. */
export function noGroup(name: string, names: readonly string[]): DroverError {
  const near = closest(name, names)
  const list = names.slice(0, 20).join(', ') + (names.length > 20 ? ', ...' : '')
  const hint =
    near !== undefined
      ? `Did you mean ${near}?`
      : names.length > 0
        ? `There is: ${list}.`
        : 'There is no group yet.'
  return fault(404, 'USAGE', `there is no group ${name}`, { hint })
}

/** What is told of anything that was thrown; a bug's own words stay in the log. */
export function faultOf(error: unknown): Fault {
  if (error instanceof DroverError && error.code !== 'INTERNAL') {
    const { code, message, hint, issues } = error
    const status = 'faultStatus' in error ? Number(error.faultStatus) : ERROR_CODES[code].http
    return {
      status,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(issues.length === 0 ? {} : { issues }),
    }
  }
  return httpFault(error) ?? { status: 500, code: 'INTERNAL', message: 'a bug in Drover; its log says more' }
}

export function faultBody({ code, message, hint, issues }: Fault): object {
  return { error: { code, message, hint, issues: issues?.map(formatIssue) } }
}

/** What fastify itself refuses. */
function httpFault(error: unknown): Fault | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  const status = Number(error.statusCode)
  if (!(status >= 400 && status < 500)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  return { status, code: 'USAGE', message: WORDS[code] ?? WORDS[status] ?? error.message }
}

const WORDS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: 'the body is empty, but said to be JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'the body is not as long as Content-Length says',
  400: 'the request is not well formed; a body must be JSON',
  413: 'the body is too large; 64 kB are the most',
  414: 'the name of the group is too long',
  415: 'the body must be JSON: send Content-Type: application/json',
}
