import { readFileSync } from 'node:fs'
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios'
import {
  errorAnswer,
  groupAnswer,
  groupOrderAnswer,
  groupsAnswer,
  historyAnswer,
  whyAnswer,
} from '../core/api/answers.ts'
import { healthSchema } from '../core/api/report.ts'
import type { z } from '../core/zod.ts'
import { DroverError, ERROR_CODES, type ErrorCode } from '../errors.ts'

export const SCALER_VARIABLES = {
  address: 'DROVER_ADDR',
  token: 'DROVER_TOKEN',
  tokenFile: 'DROVER_TOKEN_FILE',
} as const
export const DEFAULT_ADDRESS = 'http://127.0.0.1:7646'

type Env = Readonly<Record<string, string | undefined>>

export type ScalerHealthView = z.infer<typeof healthSchema>
export type GroupView = z.infer<typeof groupsAnswer>['groups'][number]
export type WhyView = z.infer<typeof whyAnswer>
export type EventView = z.infer<typeof historyAnswer>['events'][number]

export interface ScalerClient {
  readonly address: string
  /** For what has no method here. */
  readonly http: AxiosInstance
  health(): Promise<ScalerHealthView>
  groups(): Promise<GroupView[]>
  group(name: string): Promise<GroupView>
  /** @param at milliseconds since 1970; absent: now */
  why(name: string, at?: number): Promise<WhyView>
  pause(name: string, order: Asker & { readonly for?: string }): Promise<GroupView | undefined>
  resume(name: string, order: Asker): Promise<GroupView | undefined>
  /** What is kept of what happened, newest first; `cursor` goes on from there as Last-Event-ID. */
  history(query: {
    readonly group?: string
    readonly after?: number
    readonly limit?: number
  }): Promise<z.infer<typeof historyAnswer>>
}

export interface Asker {
  readonly by?: string
  readonly reason?: string
}

/**
 * The API of a scaler that runs. Everything that it says no to is thrown as the DroverError that it tells; UNAVAILABLE
 * when it does not answer, REJECTED when the answer is not that of a scaler.
 * @param address default: DROVER_ADDR, or this machine
 */
export function createScalerClient(env: Env, address?: string): ScalerClient {
  const base = checkAddress(address ?? (env[SCALER_VARIABLES.address] || DEFAULT_ADDRESS))
  const http = axios.create({
    baseURL: base,
    timeout: 10_000,
    proxy: false,
    maxContentLength: 256 * 1024 ** 2,
    maxRedirects: 0,
  })
  const ask = async <S extends z.ZodType>(schema: S, config: AxiosRequestConfig): Promise<z.infer<S>> => {
    const { data } = await told(base, http.request(config))
    const parsed = schema.safeParse(data)
    if (parsed.success) return parsed.data
    throw notAScaler(base, `${config.url}: ${parsed.error.issues[0]?.path.join('.')} does not fit`)
  }
  const order = async (name: string, what: string, data: object): Promise<GroupView | undefined> => {
    const headers = { authorization: `Bearer ${readToken(env)}` }
    const { group } = await ask(groupOrderAnswer, {
      method: 'POST',
      url: `${pathOf(name)}/${what}`,
      data,
      headers,
    })
    return group
  }
  return {
    address: base,
    http,
    // Not being ready is an answer, too.
    health: () =>
      ask(healthSchema, {
        url: '/health/ready',
        validateStatus: (status) => status === 200 || status === 503,
      }),
    groups: async () => (await ask(groupsAnswer, { url: '/v1/groups' })).groups,
    group: async (name) => (await ask(groupAnswer, { url: pathOf(name), params: { decisions: 0 } })).group,
    why: (name, at) => ask(whyAnswer, { url: `${pathOf(name)}/why`, params: { at } }),
    pause: (name, data) => order(name, 'pause', data),
    resume: (name, data) => order(name, 'resume', data),
    history: (params) => ask(historyAnswer, { url: '/v1/history', params }),
  }
}

/** Throws what a scaler, or the way to it, said no with as a DroverError. */
export async function told<T>(address: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (!axios.isAxiosError(cause)) throw cause
    const { response } = cause
    if (response === undefined)
      throw new DroverError(
        'UNAVAILABLE',
        `the scaler does not answer at ${address}: ${cause.message || cause.code}`,
        {
          hint: `${SCALER_VARIABLES.address} or --address says where it is; drover scaler starts one.`,
          cause,
        },
      )
    throw refusalOf(address, response.status, response.data, cause)
  }
}

/** What a scaler says no with. */
export function refusalOf(address: string, status: number, body: unknown, cause?: unknown): DroverError {
  const parsed = errorAnswer.safeParse(body)
  if (!parsed.success) return notAScaler(address, `it answered ${status}`)
  const { code, message, hint } = parsed.data.error
  return new DroverError(isErrorCode(code) ? code : 'REJECTED', message, {
    ...(hint === undefined ? {} : { hint }),
    cause,
  })
}

function pathOf(name: string): string {
  return `/v1/groups/${encodeURIComponent(name)}`
}

/** An error code of its own bug would have the user report this side's. */
function isErrorCode(code: string): code is ErrorCode {
  return code !== 'INTERNAL' && Object.hasOwn(ERROR_CODES, code)
}

function notAScaler(address: string, why: string): DroverError {
  return new DroverError('REJECTED', `what answers at ${address} is not a scaler of this version (${why})`)
}

function checkAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new DroverError('USAGE', 'the address of the scaler must be such as "http://127.0.0.1:7646"', {
      hint: `It is taken from --address or ${SCALER_VARIABLES.address}.`,
    })
  if (url.username !== '' || url.password !== '')
    throw new DroverError('USAGE', 'the address of the scaler must hold no credentials', {
      hint: `The token is taken from ${SCALER_VARIABLES.token} or ${SCALER_VARIABLES.tokenFile}.`,
    })
  return text.replace(/\/+$/, '')
}

/** Throws USAGE when there is none, since an order without it is refused. */
function readToken(env: Env): string {
  const { token: variable, tokenFile } = SCALER_VARIABLES
  const file = env[tokenFile]
  const token = (env[variable] || (file ? readTokenFile(file) : '')).trim()
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new DroverError(
    'USAGE',
    token === '' ? 'an order needs a token' : 'the token holds blanks or other characters',
    {
      hint: `Set ${variable}, or ${tokenFile} to a file that holds it; it is the one of the scaler's token_file.`,
    },
  )
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause
    throw new DroverError('USAGE', `${SCALER_VARIABLES.tokenFile}: ${file} cannot be read (${code})`, {
      cause,
    })
  }
}
