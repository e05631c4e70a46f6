import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import type { CheckStatus } from '../state/types.ts'
import type { CheckDefinition } from './definition.ts'

export interface CheckOutcome {
  readonly status: CheckStatus
  readonly output: string
}

/** Looks once, as Consul's agent does. Never rejects. */
export type RunCheck = (check: CheckDefinition) => Promise<CheckOutcome>

/** Looks for real, but at this machine only: what lies elsewhere is taken to be well, and is left alone. */
export const runLocalCheck: RunCheck = async (check) => {
  if (!isHere(hostOf(check)))
    return { status: 'passing', output: 'not on this machine: the sandbox takes it to be well' }
  return check.kind === 'http' ? tryHttp(check) : tryTcp(check)
}

const HERE = /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/

function isHere(host: string): boolean {
  return HERE.test(host)
}

function hostOf({ kind, target }: CheckDefinition): string {
  if (kind === 'http') return URL.canParse(target) ? new URL(target).hostname : ''
  return target.slice(0, target.lastIndexOf(':'))
}

function tryTcp({ target, timeoutMs }: CheckDefinition): Promise<CheckOutcome> {
  return new Promise((resolve) => {
    const at = target.lastIndexOf(':')
    const socket = connect({
      host: target.slice(0, at),
      port: Number(target.slice(at + 1)),
      timeout: timeoutMs,
    })
    const end = (status: CheckStatus, output: string): void => {
      socket.destroy()
      resolve({ status, output })
    }
    socket.once('connect', () => end('passing', `TCP connect ${target}: Success`))
    socket.once('timeout', () => end('critical', `dial tcp ${target}: i/o timeout`))
    socket.once('error', (error) => end('critical', `dial tcp ${target}: ${wordsOf(error)}`))
  })
}

function tryHttp({ target, method, header, timeoutMs }: CheckDefinition): Promise<CheckOutcome> {
  return new Promise((resolve) => {
    const ask = target.startsWith('https:') ? httpsRequest : httpRequest
    const headers = Object.fromEntries(Object.entries(header).map(([name, values]) => [name, [...values]]))
    const failed = (words: string): void =>
      resolve({ status: 'critical', output: `${title(method)} "${target}": ${words}` })
    const request = ask(target, { method, headers, timeout: timeoutMs, agent: false }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => {
        if (body.length < MOST_OUTPUT) body += part
      })
      answer.on('error', (error) => failed(error.message))
      answer.on('end', () => {
        const { statusCode = 0, statusMessage = '' } = answer
        const output = `HTTP ${method} ${target}: ${statusCode} ${statusMessage} Output: ${body.slice(0, MOST_OUTPUT)}`
        resolve({ status: statusOf(statusCode), output })
      })
    })
    request.on('timeout', () =>
      request.destroy(
        new Error('context deadline exceeded (Client.Timeout exceeded while awaiting headers)'),
      ),
    )
    request.on('error', (error) => failed(wordsOf(error)))
    request.end()
  })
}

const MOST_OUTPUT = 4096

function statusOf(code: number): CheckStatus {
  if (code >= 200 && code < 300) return 'passing'
  return code === 429 ? 'warning' : 'critical'
}

function title(method: string): string {
  return method[0] + method.slice(1).toLowerCase()
}

function wordsOf(error: NodeJS.ErrnoException): string {
  return error.code === 'ECONNREFUSED' ? 'connect: connection refused' : error.message
}
