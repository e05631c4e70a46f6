import type { Cluster, Redis } from 'ioredis'
import {
  CONTROL_KEPT_MS,
  type Control,
  controlKey,
  type Heartbeat,
  heartbeatChannel,
  heartbeatKey,
  parseControl,
  workersKey,
} from '../worker-protocol.ts'

/** Changes that come closer together than this are told in one. */
const GATHER_MS = 25
/** How long a worker that is gone is listed. */
const LISTED_MS = 60 * 60 * 1000

export interface HeartbeatSender {
  /** Sends soon; resolves when Redis has it. Waits for Redis as long as it takes. */
  beat(): Promise<void>
  /** When Redis last answered, milliseconds since 1970; 0 before it has. */
  lastAt(): number
  /** Ends, and takes back what it said. */
  stop(): Promise<void>
}

export interface HeartbeatOptions {
  readonly redis: Redis | Cluster
  readonly id: string
  readonly prefix: string
  readonly everyMs: number
  read(): Heartbeat
  /** What is asked of the worker, with each answer of Redis. */
  onControl(control: Control): void
  onError(error: unknown): void
}

/** One at a time and only the newest: what a slow Redis has not taken yet is not sent any more. */
export function startHeartbeat(options: HeartbeatOptions): HeartbeatSender {
  const { redis, id, prefix, everyMs } = options
  const keys = { own: heartbeatKey(id, prefix), all: workersKey(prefix), control: controlKey(id, prefix) }
  let lastAt = 0
  let under: Promise<void> | undefined
  let next: Promise<void> | undefined
  let isStopped = false

  async function send(): Promise<void> {
    if (isStopped) return
    try {
      const heartbeat = options.read()
      const text = JSON.stringify(heartbeat)
      const answers = await redis
        .multi()
        .set(keys.own, text, 'PX', everyMs * 5)
        .zadd(keys.all, heartbeat.at, id)
        .zremrangebyscore(keys.all, 0, heartbeat.at - LISTED_MS)
        .pexpire(keys.all, LISTED_MS)
        .pexpire(keys.control, CONTROL_KEPT_MS)
        .publish(heartbeatChannel(prefix), text)
        .get(keys.control)
        .exec()
      const failed = answers?.find(([error]) => error)?.[0]
      if (failed) throw failed
      lastAt = Date.now()
      const control = parseControl(answers?.at(-1)?.[1] as string | null)
      if (control) options.onControl(control)
    } catch (error) {
      options.onError(error)
    }
  }

  function beat(): Promise<void> {
    next ??= (async () => {
      await Promise.all([under, new Promise((resolve) => setTimeout(resolve, lastAt === 0 ? 0 : GATHER_MS))])
      next = undefined
      under = send()
      await under
    })()
    return next
  }

  const timer = setInterval(() => void beat(), everyMs)
  return {
    beat,
    lastAt: () => lastAt,
    async stop() {
      clearInterval(timer)
      isStopped = true
      await under
      await redis.multi().del(keys.own).zrem(keys.all, id).exec()
    },
  }
}
