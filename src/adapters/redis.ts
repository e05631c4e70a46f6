import { readFileSync } from 'node:fs'
import { Cluster, Redis } from 'ioredis'
import { redisCause } from '../core/queues/redis-cause.ts'
import { parseRedisUrl, type RedisTarget } from '../core/queues/redis-url.ts'
import type { SourceCause } from '../core/scaling/sample.ts'
import { DroverError } from '../errors.ts'

/** A command for a pipeline; `slot` says where it goes in a cluster. */
export interface RedisCommand {
  readonly args: readonly [name: string, ...args: (string | number)[]]
  readonly slot?: number
}

export type RedisReply = { readonly value: unknown } | { readonly error: string }

/** One connection to one Redis (to each node, when it is a cluster), kept up for as long as it is wanted. */
export interface RedisLink {
  readonly client: Redis | Cluster
  /** Why there is no connection; absent while there is one. */
  cause(): SourceCause | undefined
  /** Sends all at once and waits for all answers. Throws an Error whose message `redisCause` understands. */
  run(commands: readonly RedisCommand[], timeoutMs: number): Promise<RedisReply[]>
  /** Told when the connection came up or was lost; returns what ends that. */
  onChange(listener: (isUp: boolean) => void): () => void
  /** Drops the connection and makes a new one: after silence, or when the other side is not the right one. */
  restart(): void
  close(): void
}

const RETRY_MIN_MS = 50
const RETRY_MAX_MS = 1000
/** Of the time for all, how much one node of a cluster may take. */
const NODE_SHARE = 0.8

/** Keeps a connection; tries again for ever, at most a second apart. `name` is shown in CLIENT LIST. */
export function openRedis(target: RedisTarget, name: string, ca?: string): RedisLink {
  const client = createClient(target, name, ca)
  const listeners = new Set<(isUp: boolean) => void>()
  let failure: SourceCause | undefined = { code: 'connecting', message: 'not connected yet' }
  let isClosed = false
  const tell = (isUp: boolean) => {
    for (const listener of listeners) listener(isUp)
  }
  client.on('error', (error: Error) => {
    failure = redisCause(`${error.message} ${lastNodeError(error)}`.trim())
  })
  client.on('ready', () => {
    failure = undefined
    tell(true)
  })
  client.on('close', () => {
    failure ??= { code: 'unreachable', message: 'the connection to Redis was lost' }
    tell(false)
  })
  return {
    client,
    cause: () => (client.status === 'ready' ? undefined : failure),
    run: (commands, timeoutMs) => within(timeoutMs, client, commands, () => failure),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    restart() {
      if (!isClosed) client.disconnect(true)
    },
    close() {
      isClosed = true
      failure = { code: 'closed', message: 'the source was closed' }
      client.disconnect()
    },
  }
}

/** The variables that say where Redis is; `_FILE` ones name a file that holds the value. */
export const REDIS_VARIABLES = {
  url: 'DROVER_REDIS_URL',
  username: 'DROVER_REDIS_USERNAME',
  password: 'DROVER_REDIS_PASSWORD',
  ca: 'DROVER_REDIS_CA_FILE',
} as const

/**
 * Where Redis is: the URL given, or else that of the environment, and the credentials of the environment. A URL that
 * was typed or written holds no password, since others can read it there. Throws USAGE.
 * @param database the one that is meant where the address names none
 */
export function redisTarget(
  env: Readonly<Record<string, string | undefined>>,
  url?: string,
  database?: number,
): { target: RedisTarget; ca?: string } | undefined {
  const text = url ?? variable(env, REDIS_VARIABLES.url)
  if (text === undefined) return undefined
  const parsed = parseRedisUrl(text, database)
  if (url !== undefined && parsed.password !== undefined)
    throw new DroverError('USAGE', 'a password in an address on the command line can be read by others', {
      hint: `Put the address into ${REDIS_VARIABLES.url}, or the password into ${REDIS_VARIABLES.password} or ${REDIS_VARIABLES.password}_FILE.`,
    })
  const username = parsed.username ?? variable(env, REDIS_VARIABLES.username)
  const password = parsed.password ?? variable(env, REDIS_VARIABLES.password)
  const ca = env[REDIS_VARIABLES.ca]
  const target = { ...parsed, ...(username ? { username } : {}), ...(password ? { password } : {}) }
  return { target, ...(ca ? { ca: readSecret(ca) } : {}) }
}

function variable(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const file = env[`${name}_FILE`]
  return env[name] || (file ? readSecret(file) : undefined) || undefined
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new DroverError('USAGE', `cannot read ${file}`, { cause })
  }
}

function createClient(target: RedisTarget, name: string, ca?: string): Redis | Cluster {
  const tls = target.tls ? { tls: ca === undefined ? {} : { ca } } : {}
  const login = {
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
  }
  const options = {
    ...login,
    ...tls,
    db: target.database,
    connectionName: name,
    disableClientInfo: true,
    // Replies of a server that is loading, or that refuses the password, say so; a ready check would hide it.
    enableReadyCheck: false,
    // A question is not kept for later: by then it is another question.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    keepAlive: 5000,
    protocol: 2 as const,
    retryStrategy: backoff,
  }
  const [first = { host: '127.0.0.1', port: 6379 }] = target.hosts
  if (target.path !== undefined) return new Redis({ ...options, path: target.path })
  if (target.mode === 'cluster')
    return new Cluster([...target.hosts], {
      redisOptions: options,
      enableReadyCheck: false,
      enableOfflineQueue: false,
      clusterRetryStrategy: backoff,
      slotsRefreshTimeout: 2000,
      slotsRefreshInterval: 5000,
      ...(target.tls ? { dnsLookup: (address, done) => done(null, address) } : {}),
    })
  if (target.mode === 'sentinel')
    return new Redis({
      ...options,
      sentinels: [...target.hosts],
      name: target.master ?? '',
      sentinelRetryStrategy: backoff,
      ...(target.tls ? { enableTLSForSentinelMode: true } : {}),
    })
  return new Redis({ ...options, host: first.host, port: first.port })
}

function backoff(times: number): number {
  return Math.min(RETRY_MIN_MS * 2 ** Math.min(times - 1, 10), RETRY_MAX_MS)
}

async function within(
  timeoutMs: number,
  client: Redis | Cluster,
  commands: readonly RedisCommand[],
  failure: () => SourceCause | undefined,
): Promise<RedisReply[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out after ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([
      whenReady(client, failure).then(() => send(client, commands, timeoutMs)),
      late,
    ])
  } finally {
    clearTimeout(timer)
  }
}

/** A connection that is being made for the first time is waited for; one that failed is not. */
function whenReady(client: Redis | Cluster, failure: () => SourceCause | undefined): Promise<void> {
  if (client.status === 'ready') return Promise.resolve()
  const why = failure()
  if (why !== undefined && why.code !== 'connecting') return Promise.reject(new CauseError(why))
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => () => {
      client.off('ready', onReady)
      client.off('close', onClose)
      then()
    }
    const onReady = settle(resolve)
    const onClose = settle(() =>
      reject(new CauseError(failure() ?? { code: 'unreachable', message: 'Redis is not reachable' })),
    )
    client.once('ready', onReady)
    client.once('close', onClose)
  })
}

/** An error whose cause is known already. */
export class CauseError extends Error {
  readonly known: SourceCause
  constructor(known: SourceCause) {
    super(known.message)
    this.known = known
  }
}

async function send(
  client: Redis | Cluster,
  commands: readonly RedisCommand[],
  timeoutMs: number,
): Promise<RedisReply[]> {
  if (!(client instanceof Cluster)) return sendPipeline(client, commands)
  const replies: RedisReply[] = new Array(commands.length)
  const bySlot = new Map<number, number[]>()
  for (const [index, { slot = -1 }] of commands.entries()) {
    const group = bySlot.get(slot)
    if (group === undefined) bySlot.set(slot, [index])
    else group.push(index)
  }
  await Promise.all(
    [...bySlot.values()].map(async (indexes) => {
      const sent = indexes.flatMap((index) => commands[index] ?? [])
      // A node that is away is the trouble of its own slots.
      const answers = await sendInTime(client, sent, timeoutMs * NODE_SHARE)
      for (const [at, index] of indexes.entries()) replies[index] = answers[at] ?? { error: 'no answer' }
    }),
  )
  return replies
}

async function sendInTime(
  client: Cluster,
  commands: readonly RedisCommand[],
  timeoutMs: number,
): Promise<RedisReply[]> {
  const all = (error: string) => commands.map(() => ({ error }))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<RedisReply[]>((resolve) => {
    timer = setTimeout(() => resolve(all(`timed out after ${timeoutMs} ms`)), timeoutMs)
  })
  const answers = sendPipeline(client, commands).catch((error: Error) => all(error.message))
  try {
    return await Promise.race([answers, late])
  } finally {
    clearTimeout(timer)
  }
}

async function sendPipeline(
  client: Redis | Cluster,
  commands: readonly RedisCommand[],
): Promise<RedisReply[]> {
  const pipeline = client.pipeline()
  for (const { args } of commands) pipeline.call(...args)
  const replies = (await pipeline.exec()) ?? []
  return replies.map(([error, value]) => (error ? { error: error.message } : { value }))
}

/** A cluster's error keeps why each node failed apart. */
function lastNodeError(error: Error): string {
  const last = (error as Error & { lastNodeError?: Error }).lastNodeError
  return last === undefined ? '' : last.message
}
