import { Cluster, type Redis } from 'ioredis'
import { keySlot } from '../../../core/queues/key-slot.ts'
import { redisCause } from '../../../core/queues/redis-cause.ts'
import type { SourceCause } from '../../../core/scaling/sample.ts'
import type { RedisLink } from '../../redis.ts'
import type { Push, Watch } from '../redis-source.ts'

export interface StreamTold {
  /** So many jobs were finished, by success or failure. */
  onFinished(queue: string, count: number): void
  /** From now on everything is told; before, something may have been missed. */
  onGap(): void
}

const BLOCK_MS = 5000
/** A server that says nothing for so long after BLOCK_MS is not there. */
const GRACE_MS = 2000
const COUNT = 500
const RETRY_MS = 200

/** Everything else says only that a job moved. */
const FINISHED = new Set(['completed', 'failed'])

/**
 * Reads the event streams of all queues with one blocking XREAD on one connection; in a cluster one for each slot,
 * since one command reads keys of one slot only.
 */
export function pushBullmqEvents(watch: Watch, prefix: string, told: StreamTold): Push {
  const queueOf = new Map(watch.queues.map((queue) => [`${prefix}:${queue}:events`, queue]))
  const isCluster = watch.polls.client instanceof Cluster
  const groups = new Map<number, string[]>()
  for (const key of queueOf.keys()) {
    const slot = isCluster ? keySlot(key) : 0
    groups.set(slot, [...(groups.get(slot) ?? []), key])
  }
  const up = new Set<number>()
  const readers = [...groups].map(([slot, keys]) =>
    readStreams(watch, keys, {
      onUp() {
        up.add(slot)
        if (up.size < groups.size) return
        told.onGap()
        watch.onState('ready')
      },
      onDown(cause) {
        up.delete(slot)
        watch.onState('lost', cause)
      },
      onEntries(streams) {
        for (const [key, kinds] of streams) {
          const finished = kinds.filter((kind) => FINISHED.has(kind)).length
          const queue = queueOf.get(key)
          if (queue !== undefined && finished > 0) told.onFinished(queue, finished)
        }
        const queues = [...streams.keys()].flatMap((key) => queueOf.get(key) ?? [])
        watch.listener({ kind: 'changed', queues })
      },
    }),
  )
  return { close: () => void readers.map((reader) => reader.close()) }
}

interface ReaderEvents {
  onUp(): void
  onDown(cause: SourceCause): void
  /** Stream to the kinds of its new entries, in order. */
  onEntries(streams: ReadonlyMap<string, readonly string[]>): void
}

function readStreams(watch: Watch, keys: readonly string[], events: ReaderEvents): Push {
  const link = watch.open('pushes')
  const lastIds = new Map<string, string>()
  let isClosed = false
  let isUp = false
  const down = (cause: SourceCause) => {
    isUp = false
    if (!isClosed) events.onDown(cause)
  }
  link.onChange((up) => {
    if (!up) down(link.cause() ?? { code: 'unreachable', message: 'the push connection was lost' })
  })
  void run()
  return {
    close() {
      isClosed = true
      link.close()
    },
  }

  async function run(): Promise<void> {
    while (!isClosed) {
      try {
        if (!isUp) await start()
        const reply = await blockingRead()
        if (isClosed || reply === null) continue
        const streams = new Map<string, string[]>()
        for (const [key, entries] of reply) {
          const last = entries.at(-1)
          if (last !== undefined) lastIds.set(key, last[0])
          streams.set(
            key,
            entries.map(([, fields]) => fields[fields.indexOf('event') + 1] ?? ''),
          )
        }
        events.onEntries(streams)
        // Each command names every stream: many streams are not worth a command for each change.
        if (keys.length > 100) await wait(Math.min(50, keys.length / 100))
      } catch (error) {
        if (isClosed) return
        down(link.cause() ?? redisCause((error as Error).message))
        await wait(RETRY_MS)
      }
    }
  }

  /** Ids are times, so that "from now on" is the server's time; `$` would miss what happens between two reads. */
  async function start(): Promise<void> {
    const slot = keySlot(keys[0] ?? '')
    const [reply] = await link.run([{ args: ['time'], slot }], 2000)
    if (reply === undefined || 'error' in reply) throw new Error(reply?.error ?? 'no answer')
    const [seconds, micros] = reply.value as [string, string]
    const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
    for (const key of keys) {
      const last = lastIds.get(key)
      if (last === undefined || Number(last.split('-')[0]) > now) lastIds.set(key, `${now}-0`)
    }
    isUp = true
    events.onUp()
  }

  function blockingRead(): Promise<StreamReply> {
    const ids = keys.map((key) => lastIds.get(key) ?? '0-0')
    const client = link.client as Redis
    const answer = client.xread('COUNT', COUNT, 'BLOCK', BLOCK_MS, 'STREAMS', ...keys, ...ids)
    return silenceIsLoss(link, answer as Promise<StreamReply>)
  }
}

type StreamReply = readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[] | null

async function silenceIsLoss<T>(link: RedisLink, answer: Promise<T>): Promise<T> {
  const timer = setTimeout(() => link.restart(), BLOCK_MS + GRACE_MS)
  try {
    return await answer
  } finally {
    clearTimeout(timer)
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
