import type { Refusal } from '../../ports.ts'
import { capabilityFor } from './capability.ts'

/** A call that failed, as every part of Drover sees it. */
export interface NomadFailure {
  readonly refusal: Refusal
  /** In Nomad's own words where it said any; never a token. */
  readonly message: string
  readonly status?: number
  /** True when a write may have been done all the same. */
  readonly mayBeDone: boolean
}

/** Thrown by every call of NomadHttp that does not end well. */
export class NomadError extends Error {
  override readonly name = 'NomadError'
  readonly failure: NomadFailure
  constructor(failure: NomadFailure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause })
    this.failure = failure
  }
}

/** What kind of failure it is. Throws again what is no failed call: that is a bug, and should show. */
export function classify(error: unknown): NomadFailure {
  if (error instanceof NomadError) return error.failure
  throw error
}

/** What was asked, as far as a failure needs it. */
export interface FailedCall {
  readonly method: string
  readonly path: string
  readonly address: string
  /** Whether it changes something in Nomad. */
  readonly isWrite: boolean
}

/** An answer with a status that is not 2xx. */
export function answerFailure(call: FailedCall, status: number, body: string): NomadFailure {
  const said = isHtml(body) ? 'a page of HTML' : body.trim().slice(0, MAX_WORDS)
  const found = ANSWERS.find(
    ([statuses, words]) => (statuses === 'any' || statuses === status) && words.test(said),
  )
  if (status === 401 || status === 403 || (status >= 500 && /permission denied|acl token/i.test(said)))
    return { refusal: 'forbidden', message: forbidden(call, said), status, mayBeDone: false }
  if (found) return { refusal: found[2], message: said, status, mayBeDone: false }
  if (status === 429) return { refusal: 'rate-limited', message: said, status, mayBeDone: false }
  const message = `${call.method} ${call.path} at ${call.address}: ${status} ${said}`.trim()
  // Only what is known to be refused is not done: an error on the way can hide that it went through.
  if (status >= 500) return { refusal: 'server-error', message, status, mayBeDone: call.isWrite }
  return { refusal: 'invalid', message: status === 400 ? said : message, status, mayBeDone: false }
}

const MAX_WORDS = 2000

/** Nomad's words for what is refused; its statuses alone do not tell. */
const ANSWERS: readonly (readonly [status: number | 'any', words: RegExp, refusal: Refusal])[] = [
  ['any', /job scaling blocked due to active deployment/, 'deployment-active'],
  ['any', /Enforcing job modify index/, 'stale-index'],
  ['any', /No cluster leader/i, 'no-leader'],
  [404, /^job ".*" not found|^job not found|^job versions not found/, 'job-missing'],
  ['any', /Unknown allocation|alloc(ation)? not found|alloc lookup failed/i, 'allocation-missing'],
  ['any', /Task not running|Task not found|not running on node|alloc.* is terminal/i, 'task-not-running'],
  [400, /task group ".*" specified for scaling does not exist/, 'group-missing'],
  [400, /scaling policy (maximum|minimum)/, 'out-of-bounds'],
  ['any', /errors? occurred:/, 'invalid'],
  [500, /tag ".*" already exists|version \d+ not found|invalid signal|is ambiguous/i, 'invalid'],
]

function forbidden(call: FailedCall, said: string): string {
  const capability = capabilityFor(call.method, call.path)
  const lacks = capability ? `: the token is unknown, expired or lacks ${capability}` : ''
  return `${said || 'Permission denied'}${lacks} (${call.method} ${call.path})`
}

/** A call that got no answer, by the code of the error of Node's http client or of axios. */
export function connectionFailure(call: FailedCall, code: string, words: string): NomadFailure {
  const at = `Nomad at ${call.address}`
  if (TIMEOUTS.includes(code))
    return { refusal: 'timeout', message: `${at} did not answer in time`, mayBeDone: call.isWrite }
  if (/maxContentLength/.test(words))
    return {
      refusal: 'server-error',
      message: `the answer of ${at} to ${call.path} is too long`,
      mayBeDone: call.isWrite,
    }
  if (code.startsWith('HPE_'))
    return {
      refusal: 'unreachable',
      message: `what answers at ${call.address} is not Nomad: it does not speak HTTP`,
      mayBeDone: false,
    }
  if (code === 'EPROTO' || /wrong version number/.test(words))
    return {
      refusal: 'unreachable',
      message: `what answers at ${call.address} does not speak TLS; is it http://?`,
      mayBeDone: false,
    }
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code))
    return {
      refusal: 'unreachable',
      message: `the certificate of ${at} is not accepted: ${words}`,
      mayBeDone: false,
    }
  return {
    refusal: 'unreachable',
    message: `${at} is not reachable: ${words || code}`,
    mayBeDone: call.isWrite && !NEVER_SENT.includes(code),
  }
}

const TIMEOUTS = ['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED']
const NEVER_SENT = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
]

/** An answer that is no answer of Nomad's. */
export function notNomad(call: FailedCall, what: string): NomadFailure {
  return {
    refusal: 'invalid',
    message: `what answers at ${call.address} is not Nomad: ${what} for ${call.path}`,
    mayBeDone: call.isWrite,
  }
}

export function isHtml(body: string): boolean {
  return /^\s*<(!doctype|html|\?xml)/i.test(body)
}

/** What went wrong, in words. Throws again what is no failed call. */
export function wordsOf(error: unknown): string {
  return classify(error).message
}
