import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Readable } from 'node:stream'
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios'
import type { z } from '../../core/zod.ts'
import { answerFailure, connectionFailure, type FailedCall, isHtml, NomadError, notNomad } from './failure.ts'
import { type Environment, type NomadSettings, nomadSettings } from './settings.ts'

/** Nomad's HTTP API. All of it throws NomadError, which `classify` explains. */
export interface NomadHttp {
  /** For messages: holds no credentials. */
  readonly address: string
  /** Of calls that name none. */
  readonly namespace: string
  call<T>(request: NomadRequest<T>): Promise<NomadReply<T>>
  /** Opens an answer that goes on; rejects when the answer's head has not come after `timeoutMs`. */
  stream(request: Omit<NomadRequest<unknown>, 'schema'>): Promise<Readable>
  /** Closes idle connections. */
  close(): void
}

export interface NomadRequest<T> {
  /** Default: GET. */
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** From `/v1/`. */
  readonly path: string
  readonly params?: Readonly<Record<string, string | number | boolean | readonly string[]>>
  readonly body?: unknown
  /** What of the answer is needed. */
  readonly schema: z.ZodType<T>
  /** Until the whole answer is there, ms. Default: 10 s. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Set for a PUT or POST that only asks. */
  readonly isRead?: true
}

export interface NomadReply<T> {
  readonly data: T
  /** X-Nomad-Index; 0 when the answer has none. */
  readonly index: number
  /** Where the next page of a list starts; absent on the last. */
  readonly next?: string
}

const TIMEOUT_MS = 10_000
const MAX_SOCKETS = 16
const MAX_ANSWER_BYTES = 64 * 2 ** 20

/** Throws USAGE when the variables of the environment are wrong; whether Nomad answers shows with the first call. */
export function nomadClient(env: Environment): NomadHttp {
  const settings = nomadSettings(env)
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS, ...settings.tls }),
  }
  const http = axios.create({
    baseURL: settings.baseUrl,
    ...(settings.socketPath === undefined ? {} : { socketPath: settings.socketPath }),
    ...agents,
    proxy: false,
    maxRedirects: 0,
    maxBodyLength: MAX_ANSWER_BYTES,
    validateStatus: () => true,
    // Nomad takes a repeated key for several values.
    paramsSerializer: { indexes: null },
    transformResponse: (data: unknown) => data,
  })

  async function send(request: Omit<NomadRequest<unknown>, 'schema'>, more: AxiosRequestConfig) {
    try {
      return await http.request({
        method: request.method ?? 'GET',
        url: request.path,
        params: withPlace(settings, request.params),
        data: request.body,
        headers: headers(settings, more.responseType === 'stream'),
        timeout: request.timeoutMs ?? TIMEOUT_MS,
        ...(request.signal ? { signal: request.signal } : {}),
        ...more,
      })
    } catch (cause) {
      if (!axios.isAxiosError(cause)) throw cause
      throw new NomadError(connectionFailure(callOf(settings, request), cause.code ?? '', cause.message))
    }
  }

  return {
    address: settings.address,
    namespace: settings.namespace,
    async call(request) {
      const response = await send(request, { responseType: 'text', maxContentLength: MAX_ANSWER_BYTES })
      const call = callOf(settings, request)
      const text = String(response.data ?? '')
      if (response.status >= 300) throw refused(call, response, text)
      const { 'x-nomad-index': index = 0, 'x-nomad-nexttoken': next } = response.headers
      return {
        data: read(call, request.schema, text),
        index: Number(index),
        ...(next ? { next: String(next) } : {}),
      }
    },
    async stream(request) {
      const response = await send(request, { responseType: 'stream', maxContentLength: -1 })
      const stream = response.data as Readable
      if (response.status < 300) return stream
      throw refused(callOf(settings, request), response, await firstWords(stream))
    },
    close() {
      agents.httpAgent.destroy()
      agents.httpsAgent.destroy()
    },
  }
}

/** Redirects are not followed: Nomad's API has none, and another server must not get the token. */
function refused(call: FailedCall, { status, headers }: AxiosResponse, text: string): NomadError {
  if (status < 400) return new NomadError(notNomad(call, `${status}, to ${String(headers.location)},`))
  return new NomadError(answerFailure(call, status, text))
}

function read<T>(call: FailedCall, schema: z.ZodType<T>, text: string): T {
  let json: unknown
  try {
    // A call that only does something may answer nothing.
    json = text.trim() === '' ? null : JSON.parse(text)
  } catch {
    throw new NomadError(notNomad(call, isHtml(text) ? 'a page of HTML' : 'an answer that is not JSON'))
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue?.path.join('.') || 'the answer'
  throw new NomadError(notNomad(call, `an answer that cannot be read (${where}: ${issue?.message})`))
}

function withPlace(settings: NomadSettings, params: NomadRequest<unknown>['params'] = {}): object {
  const region = settings.region === undefined ? {} : { region: settings.region }
  return { namespace: settings.namespace, ...region, ...params }
}

/** A stream is not compressed: that would hold lines back. */
function headers(settings: NomadSettings, isStream: boolean): Record<string, string> {
  const token = settings.token()
  return {
    'Content-Type': 'application/json',
    ...(isStream ? { 'Accept-Encoding': 'identity' } : {}),
    ...(token ? { 'X-Nomad-Token': token } : {}),
  }
}

function callOf(settings: NomadSettings, request: Omit<NomadRequest<unknown>, 'schema'>): FailedCall {
  const { method = 'GET', path, isRead } = request
  return { method, path, address: settings.address, isWrite: method !== 'GET' && !isRead }
}

async function firstWords(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    if (text.length > 4096) break
  }
  return text
}
