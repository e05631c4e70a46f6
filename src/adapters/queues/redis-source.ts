import { redisCause } from '../../core/queues/redis-cause.ts'
import { doubtReplaced, NOTHING_REMEMBERED } from '../../core/queues/replaced.ts'
import type {
  QueueReading,
  SourceCause,
  SourceReading,
  TaskDuration,
  WorkersReading,
} from '../../core/scaling/sample.ts'
import { z } from '../../core/zod.ts'
import { DroverError } from '../../errors.ts'
import type { Clock, ConnectionState, QueueSource, SourceListener } from '../../ports.ts'
import { CauseError, openRedis, type RedisCommand, type RedisLink, type RedisReply } from '../redis.ts'
import { loadScripts } from './scripts.ts'
import { checkServer, SERVER_COMMANDS } from './server.ts'
import type { SourceSetting } from './source.ts'

/** Options that every source on Redis takes. */
export const REDIS_OPTIONS = {
  timeoutMs: z.int().min(10).max(60_000).default(2000).describe('For one sweep, in milliseconds.'),
}

/** What a source of queues on Redis knows; the frame around it is the same for all. */
export interface RedisReader {
  /** Lua scripts that `plan` calls by their SHA-1. */
  readonly scripts: readonly string[]
  /** What to ask for these queues; `read` gets the replies in the same order. */
  plan(queues: readonly string[], at: number, link: RedisLink): RedisPlan
  /** Keeps up a push connection and tells of changes. */
  push(watch: Watch): Push
}

export interface RedisPlan {
  readonly commands: readonly RedisCommand[]
  read(replies: readonly RedisReply[]): {
    readonly queues: Map<string, QueueReading>
    readonly workers: WorkersReading
    readonly durations?: ReadonlyMap<string, TaskDuration>
  }
}

export interface Watch {
  readonly queues: readonly string[]
  readonly listener: SourceListener
  readonly polls: RedisLink
  readonly clock: Clock
  /** Opens the push connection. */
  open(name: string): RedisLink
  /** To be called whenever the state of the push connection changes. */
  onState(status: 'connecting' | 'ready' | 'lost', cause?: SourceCause): void
}

export interface Push {
  close(): void
}

/**
 * A source on Redis: one connection for polls, whatever the number of queues, and one for pushes once something is
 * watched. Throws USAGE when the setting names no Redis.
 */
export function createRedisSource(
  software: string,
  reader: RedisReader,
  { clock, redis }: SourceSetting,
  { timeoutMs }: { readonly timeoutMs: number },
): QueueSource {
  if (redis === undefined)
    throw new DroverError('USAGE', `the source ${software} needs the address of a Redis`, {
      hint: 'Set DROVER_REDIS_URL, or give --redis URL.',
    })
  const { target, ca } = redis
  const link = openRedis(target, `drover:${software}:polls`, ca)
  let memory = NOTHING_REMEMBERED
  let listener: SourceListener | undefined
  let push: Push | undefined
  let polls: ConnectionState = { status: 'connecting', since: clock.now() }
  let pushes: ConnectionState = { status: 'off', since: clock.now() }
  let isClosed = false
  let last: Promise<unknown> = Promise.resolve()

  const tellState = () => listener?.({ kind: 'state', state: { polls, pushes } })
  const setPolls = (status: ConnectionState['status'], cause?: SourceCause) => {
    if (polls.status === status && polls.cause?.code === cause?.code) return
    polls = { status, since: clock.now(), ...(cause ? { cause } : {}) }
    tellState()
  }
  link.onChange((isUp) => {
    if (isClosed) return
    if (isUp) setPolls('ready')
    else setPolls('lost', link.cause())
  })

  async function sweepNow(queues: readonly string[]): Promise<SourceReading> {
    const at = clock.now()
    if (isClosed) return unknown(queues, at, { code: 'closed', message: 'the source was closed' })
    try {
      const plan = reader.plan(queues, at, link)
      // A cluster is many servers: which one answers what is the client's business.
      const head = target.mode === 'cluster' ? [] : SERVER_COMMANDS
      const replies = await ask([...head, ...plan.commands])
      const server = checkServer(replies.slice(0, head.length))
      if ('cause' in server) {
        // Behind a name that moved with a failover another server answers now.
        if (server.cause.code === 'readonly') link.restart()
        setPolls('lost', server.cause)
        return unknown(queues, at, server.cause)
      }
      setPolls('ready')
      const { queues: fresh, workers, durations } = plan.read(replies.slice(head.length))
      const judged = doubtReplaced(memory, fresh, server.runId, at)
      memory = judged.memory
      return { at, queues: judged.readings, workers, ...(durations ? { durations } : {}) }
    } catch (error) {
      const cause = error instanceof CauseError ? error.known : redisCause(String((error as Error).message))
      if (cause.code === 'timeout') link.restart()
      if (isClosed) return unknown(queues, at, { code: 'closed', message: 'the source was closed' })
      setPolls('lost', cause)
      return unknown(queues, at, cause)
    }
  }

  /** A server that was restarted has forgotten the scripts: they are told again, once. */
  async function ask(commands: readonly RedisCommand[]): Promise<RedisReply[]> {
    const replies = await link.run(commands, timeoutMs)
    if (!replies.some((reply) => 'error' in reply && reply.error.startsWith('NOSCRIPT'))) return replies
    await loadScripts(link, reader.scripts, timeoutMs)
    return link.run(commands, timeoutMs)
  }

  return {
    sweep(queues) {
      const reading = last.then(() => sweepNow(queues))
      last = reading
      return reading
    },
    watch(queues, to) {
      push?.close()
      listener = to
      pushes = { status: 'connecting', since: clock.now() }
      const mine = reader.push({
        queues,
        listener: to,
        polls: link,
        clock,
        open: (name) => openRedis(target, `drover:${software}:${name}`, ca),
        onState(status, cause) {
          if (push !== undefined && push !== mine) return
          if (pushes.status === status && pushes.cause?.code === cause?.code) return
          // What happened while nobody listened is known only to a full reading.
          const isBack = status === 'ready'
          pushes = { status, since: clock.now(), ...(cause ? { cause } : {}) }
          tellState()
          if (isBack) to({ kind: 'missed' })
        },
      })
      push = mine
      return {
        close() {
          mine.close()
          if (push !== mine) return
          push = undefined
          listener = undefined
          pushes = { status: 'off', since: clock.now() }
        },
      }
    },
    state: () => ({ polls, pushes }),
    async close() {
      isClosed = true
      push?.close()
      link.close()
      await last
    },
  }
}

function unknown(queues: readonly string[], at: number, cause: SourceCause): SourceReading {
  return {
    at,
    queues: new Map(queues.map((queue) => [queue, { ok: false, cause }])),
    workers: { ok: false, cause },
  }
}
