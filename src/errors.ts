import type { Issue } from './core/issue.ts'

/**
 * What each error code means to the outside: process exit code, HTTP status of the daemon's API, and
 * whether doing the same thing again may succeed. README.md shows the same table; a test compares them.
 */
export const ERROR_CODES = {
  INTERNAL: { exit: 1, http: 500, retry: false, meaning: 'a bug in Drover' },
  USAGE: { exit: 2, http: 400, retry: false, meaning: 'wrong flags, arguments or paths' },
  STACK_INVALID: { exit: 3, http: 422, retry: false, meaning: 'the stack or a compose file is invalid' },
  CONFIG_INVALID: { exit: 3, http: 422, retry: false, meaning: 'the configuration is invalid' },
  TEMPLATE_FAILED: { exit: 4, http: 500, retry: false, meaning: 'a template failed' },
  UNAVAILABLE: { exit: 5, http: 503, retry: true, meaning: 'Nomad, Consul or Redis is not reachable' },
  REJECTED: { exit: 6, http: 502, retry: false, meaning: 'Nomad or Consul said no' },
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** Exit code of a command that found differences (`render --check`); not an error. */
export const EXIT_DIFFERENCES = 7

export interface DroverErrorOptions {
  /** Every problem found, not just the first. */
  readonly issues?: readonly Issue[]
  /** What the user can do about it, one sentence. */
  readonly hint?: string
  readonly cause?: unknown
}

/** The one error class: everything that Drover reports on purpose. Anything else that is thrown is a bug. */
export class DroverError extends Error {
  override readonly name = 'DroverError'
  readonly code: ErrorCode
  readonly issues: readonly Issue[]
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: DroverErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.issues = options.issues ?? []
    this.hint = options.hint
  }
}
