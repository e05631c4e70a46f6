import axios, { type AxiosInstance } from 'axios'
import { compact } from '../../core/compact.ts'
import { prometheusNumber } from '../../core/queues/prometheus-answer.ts'
import { wakeAt } from '../../core/queues/wake.ts'
import type { QueueReading, QueueSample, SourceCause } from '../../core/scaling/sample.ts'
import { z } from '../../core/zod.ts'
import { DroverError } from '../../errors.ts'
import type { Clock, ConnectionState, QueueSource, SourceListener } from '../../ports.ts'
import { defineSource, type SourceSetting } from './source.ts'

const OPTIONS = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Of Prometheus, without /api/v1.'),
  tokenVariable: z.string().min(1).optional().describe('The environment variable with a bearer token.'),
  timeoutMs: z.int().min(10).max(60_000).default(5000),
  queues: z
    .record(
      z.string(),
      z.strictObject({
        waiting: z.string().min(1),
        active: z.string().min(1).optional(),
        oldestAgeSeconds: z.string().min(1).optional(),
      }),
    )
    .describe('Queue to its instant queries, each with one number as result.'),
})

type Options = z.infer<typeof OPTIONS>

/** Anything that Prometheus knows a number of. It is only polled. */
export default defineSource({ options: OPTIONS, open: openPrometheus })

function openPrometheus(options: Options, { clock, env }: SourceSetting): QueueSource {
  const closing = new AbortController()
  const http = axios.create({
    baseURL: options.url.replace(/\/$/, ''),
    timeout: options.timeoutMs,
    signal: closing.signal,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: 1_000_000,
    // Prometheus puts its reason into the body of a 4xx.
    validateStatus: () => true,
    headers: authorization(options, env),
  })
  let polls: ConnectionState = { status: 'connecting', since: clock.now() }
  let listener: SourceListener | undefined
  const pushes: ConnectionState = { status: 'off', since: clock.now() }
  return {
    async sweep(queues) {
      const at = clock.now()
      const entries = await Promise.all(
        queues.map(async (queue): Promise<[string, QueueReading]> => [queue, await read(queue, at)]),
      )
      polls = nextState(polls, entries, clock)
      listener?.({ kind: 'state', state: { polls, pushes } })
      return {
        at,
        queues: new Map(entries),
        workers: { ok: false, cause: { code: 'no-data', message: 'Prometheus is not asked for workers' } },
      }
    },
    watch(_queues, to) {
      listener = to
      return {
        close() {
          if (listener === to) listener = undefined
        },
      }
    },
    state: () => ({ polls, pushes }),
    async close() {
      closing.abort()
    },
  }

  async function read(queue: string, at: number): Promise<QueueReading> {
    const queries = options.queues[queue]
    if (queries === undefined)
      return { ok: false, cause: { code: 'no-data', message: `no query is given for the queue ${queue}` } }
    const [waiting, active, oldest] = await Promise.all([
      ask(http, queries.waiting),
      queries.active === undefined ? undefined : ask(http, queries.active),
      queries.oldestAgeSeconds === undefined ? undefined : ask(http, queries.oldestAgeSeconds),
    ])
    if ('cause' in waiting) return { ok: false, cause: waiting.cause }
    // Demand is what waits and what runs: half of it would be taken for the whole.
    if (active !== undefined && 'cause' in active) return { ok: false, cause: active.cause }
    const sample: QueueSample = compact({
      queue,
      at,
      waiting: waiting.value,
      active: active?.value,
      oldestAgeMs: oldest !== undefined && 'value' in oldest ? oldest.value * 1000 : undefined,
    })
    return { ok: true, sample: compact({ ...sample, needsWakeAt: wakeAt(sample) }) }
  }
}

async function ask(
  http: AxiosInstance,
  query: string,
): Promise<{ readonly value: number } | { readonly cause: SourceCause }> {
  try {
    const { status, data } = await http.get<unknown>('/api/v1/query', { params: { query } })
    if (status === 401 || status === 403)
      return { cause: { code: 'auth', message: `Prometheus answers ${status}` } }
    return prometheusNumber(data)
  } catch (error) {
    // The error itself holds the request, and with it the token.
    const code = axios.isAxiosError(error) ? error.code : undefined
    if (code === 'ERR_CANCELED') return { cause: { code: 'closed', message: 'the source was closed' } }
    const isLate = code === 'ECONNABORTED' || code === 'ETIMEDOUT'
    return {
      cause: {
        code: isLate ? 'timeout' : 'unreachable',
        message: isLate
          ? 'Prometheus did not answer in time'
          : `Prometheus is not reachable (${code ?? 'unknown'})`,
      },
    }
  }
}

function authorization({ tokenVariable }: Options, env: SourceSetting['env']): Record<string, string> {
  if (tokenVariable === undefined) return {}
  const token = env[tokenVariable]
  if (!token) throw new DroverError('USAGE', `the environment variable ${tokenVariable} is not set`)
  return { authorization: `Bearer ${token}` }
}

function nextState(
  before: ConnectionState,
  entries: readonly (readonly [string, QueueReading])[],
  clock: Clock,
): ConnectionState {
  const failed = entries.map(([, reading]) => reading).find((reading) => !reading.ok)
  const isDown = failed !== undefined && ['unreachable', 'timeout', 'auth'].includes(failed.cause.code)
  const status = isDown ? 'lost' : 'ready'
  const cause = isDown ? { cause: failed.cause } : {}
  return { status, since: status === before.status ? before.since : clock.now(), ...cause }
}
