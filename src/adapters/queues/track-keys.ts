import { Cluster } from 'ioredis'
import { commonPrefixes } from '../../core/queues/prefixes.ts'
import { redisCause } from '../../core/queues/redis-cause.ts'
import type { SourceCause } from '../../core/scaling/sample.ts'
import type { Push, Watch } from './redis-source.ts'

export interface TrackOptions {
  /** Keys of the watched queues; keys that begin with one of them are told as well. */
  readonly keys: readonly string[]
  queueOf(key: string): string
  /** Channels to listen to on the same connection. */
  readonly patterns?: readonly string[]
  onUp?(at: number): void
  onDown?(): void
  onMessage?(text: string, at: number): void
}

const INVALIDATE = '__redis__:invalidate'
const PING_MS = 5000
const PING_TIMEOUT_MS = 2000
const RETRY_MS = 200

/**
 * Redis tells the push connection which keys changed: the poll connection asks for it (client tracking in broadcast
 * mode), since one that listens can ask for nothing. Needs Redis 6 and no configuration.
 */
export function trackKeys(watch: Watch, options: TrackOptions): Push {
  const { polls, clock, listener } = watch
  const queues = new Set(watch.queues)
  const patterns = options.patterns ?? []
  const link = watch.open('pushes')
  let isClosed = false
  let isArming = false
  let id: number | undefined

  const down = (cause: SourceCause) => {
    if (isClosed) return
    id = undefined
    options.onDown?.()
    watch.onState('lost', cause)
  }
  const { client } = link
  client.on('messageBuffer', (channel: Buffer, keys: unknown) => {
    if (String(channel) !== INVALIDATE) return
    if (!Array.isArray(keys)) return listener({ kind: 'missed' })
    const changed = new Set(
      keys.map((key) => options.queueOf(String(key))).filter((queue) => queues.has(queue)),
    )
    if (changed.size > 0) listener({ kind: 'changed', queues: [...changed] })
  })
  client.on('pmessage', (_pattern: string, _channel: string, text: string) =>
    options.onMessage?.(text, clock.now()),
  )
  link.onChange((isUp) => {
    if (isUp) void arm()
    else down(link.cause() ?? { code: 'unreachable', message: 'the push connection was lost' })
  })
  const forget = polls.onChange((isUp) => {
    // What the poll connection asked for went with it.
    if (isUp && id !== undefined) void track(id)
  })
  const heart = setInterval(() => void beat(), PING_MS)
  heart.unref()
  return {
    close() {
      isClosed = true
      clearInterval(heart)
      forget()
      link.close()
    },
  }

  async function arm(): Promise<void> {
    if (isArming || isClosed || client instanceof Cluster) {
      if (client instanceof Cluster)
        down({ code: 'rejected', message: 'in a cluster these queues are only polled' })
      return
    }
    isArming = true
    try {
      const mine = Number(await client.client('ID'))
      await client.subscribe(INVALIDATE)
      if (patterns.length > 0) await client.psubscribe(...patterns)
      id = mine
      const failure = await track(mine)
      // Without it the events are still worth having.
      if (failure !== undefined && patterns.length === 0) return down(failure)
      options.onUp?.(clock.now())
      watch.onState('ready')
    } catch (error) {
      down(link.cause() ?? redisCause((error as Error).message))
      setTimeout(() => link.restart(), RETRY_MS).unref()
    } finally {
      isArming = false
    }
  }

  async function track(redirect: number): Promise<SourceCause | undefined> {
    const prefixes = commonPrefixes(options.keys).flatMap((prefix) => ['PREFIX', prefix])
    try {
      const replies = await polls.run(
        [
          { args: ['client', 'TRACKING', 'OFF'] },
          { args: ['client', 'TRACKING', 'ON', 'REDIRECT', redirect, 'BCAST', ...prefixes] },
        ],
        PING_TIMEOUT_MS,
      )
      for (const reply of replies) if ('error' in reply) return redisCause(reply.error)
      return undefined
    } catch (error) {
      return polls.cause() ?? redisCause((error as Error).message)
    }
  }

  async function beat(): Promise<void> {
    if (isClosed || link.cause() !== undefined) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), PING_TIMEOUT_MS)
    })
    const pong = client.ping().catch(() => 'late' as const)
    if ((await Promise.race([pong, late])) === 'late') link.restart()
    clearTimeout(timer)
  }
}
