import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import axios, { type AxiosInstance } from 'axios'
import type { z } from '../src/core/zod.ts'
import { DroverError } from '../src/errors.ts'
import { consulRefusal } from './refusal.ts'
import type { ConsulSettings } from './settings.ts'

/** An answer of Consul's is never larger: 1,000 services are about 1 MB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024
const MAX_REQUEST_BYTES = 1024 * 1024
const TIMEOUT_MS = 5000
const CONNECTIONS = 16

export interface ConsulRequest<T> {
  readonly method?: 'GET' | 'PUT' | 'DELETE'
  /** From `/v1/` on; names in it encoded. */
  readonly path: string
  readonly params?: Readonly<Record<string, string | number>>
  readonly body?: unknown
  /** What it is for, after "to": `register the service redis`. */
  readonly what: string
  /** The ACL permission that it takes: `service:write on "redis"`. */
  readonly needs: string
  /** What is made of the answer; without it the answer does not matter. */
  readonly schema?: z.ZodType<T>
  /** This status is an answer too, and gives undefined. */
  readonly accept?: number
}

export interface ConsulHttp {
  /** Throws UNAVAILABLE when Consul cannot answer now, REJECTED when it says no, naming the missing permission. */
  ask<T>(request: ConsulRequest<T>): Promise<T | undefined>
  close(): void
}

/** Consul's HTTP API. Redirects are not followed, so that the token goes nowhere else. */
export function createConsulHttp(settings: ConsulSettings): ConsulHttp {
  const { client, close } = connect(settings)
  return {
    close,
    async ask({ method = 'GET', path, params, body, what, needs, schema, accept }) {
      try {
        const { data, status } = await client.request<unknown>({
          method,
          url: path,
          ...(params === undefined ? {} : { params }),
          ...(body === undefined ? {} : { data: body }),
          validateStatus: (code) => (code >= 200 && code < 300) || code === accept,
        })
        if (schema === undefined || status === accept) return undefined
        const parsed = schema.safeParse(data)
        if (parsed.success) return parsed.data
        throw new DroverError(
          'REJECTED',
          `Consul's answer to ${path} cannot be read: ${parsed.error.message}`,
        )
      } catch (error) {
        throw consulRefusal(error, { what, needs, address: settings.address })
      }
    },
  }
}

function connect(settings: ConsulSettings): { client: AxiosInstance; close(): void } {
  const { address, token, namespace, partition, ca, cert, key, verify, serverName } = settings
  const socketPath = address.startsWith('unix://') ? address.slice('unix://'.length) : undefined
  const pool = { keepAlive: true, maxSockets: CONNECTIONS, maxFreeSockets: CONNECTIONS }
  const tls = Object.fromEntries(
    Object.entries({ ca, cert, key, servername: serverName }).filter(([, value]) => value !== undefined),
  )
  const httpAgent = new HttpAgent(pool)
  const httpsAgent = new HttpsAgent({ ...pool, ...tls, rejectUnauthorized: verify })
  const client = axios.create({
    baseURL: socketPath === undefined ? address : 'http://localhost',
    ...(socketPath === undefined ? {} : { socketPath }),
    httpAgent,
    httpsAgent,
    timeout: TIMEOUT_MS,
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    maxBodyLength: MAX_REQUEST_BYTES,
    proxy: false,
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { 'X-Consul-Token': token }),
    },
    params: {
      ...(namespace === undefined ? {} : { ns: namespace }),
      ...(partition === undefined ? {} : { partition }),
    },
  })
  return {
    client,
    close() {
      httpAgent.destroy()
      httpsAgent.destroy()
    },
  }
}
