import { type BullmqActives, bullmqActives, bullmqSample, UNTOLD } from '../../core/queues/bullmq-sample.ts'
import {
  BULLMQ_SCRIPT,
  MAX_ACTIVE_LOOKED_AT,
  NAME_SEPARATOR,
  parseBullmqRows,
} from '../../core/queues/bullmq-script.ts'
import { type BullmqClient, bullmqClients, bullmqWorkers } from '../../core/queues/bullmq-workers.ts'
import { keySlot } from '../../core/queues/key-slot.ts'
import {
  KIT_LISTED_MS,
  KIT_SCRIPT,
  type KitRow,
  kitWorkers,
  mergeWorkers,
} from '../../core/queues/kit-workers.ts'
import { redisCause } from '../../core/queues/redis-cause.ts'
import { createMinuteWindow, type MinuteWindow } from '../../core/queues/window.ts'
import type { QueueReading, SourceCause, WorkerState, WorkersReading } from '../../core/scaling/sample.ts'
import { z } from '../../core/zod.ts'
import { heartbeatKey, REGISTRY_PREFIX, workersKey } from '../../worker-protocol.ts'
import type { RedisCommand, RedisReply } from '../redis.ts'
import { readClientLists } from './bullmq/client-lists.ts'
import { pushBullmqEvents } from './bullmq/push.ts'
import { createRedisSource, REDIS_OPTIONS, type RedisPlan, type RedisReader } from './redis-source.ts'
import { scriptSha } from './scripts.ts'
import { defineSource } from './source.ts'

const OPTIONS = z.strictObject({
  ...REDIS_OPTIONS,
  prefix: z.string().min(1).default('bull').describe('Of all keys. A cluster needs a hash tag: {bull}.'),
  registryPrefix: z.string().min(1).default(REGISTRY_PREFIX).describe('Of the keys of drover/worker.'),
  workersEveryMs: z
    .int()
    .min(0)
    .default(2000)
    .describe('How often the list of connections is read, in which the workers are.'),
})

/** Queues per call: Redis serves nobody else while a script runs. */
const CHUNK = 200
const SHA = scriptSha(BULLMQ_SCRIPT)
const SHA_KIT = scriptSha(KIT_SCRIPT)
const NO_WORKERS: SourceCause = { code: 'no-data', message: 'the workers were not asked for yet' }

/** Queues of BullMQ 5 and 6 on Redis. */
export default defineSource({
  options: OPTIONS,
  open: (options, setting) => createRedisSource('bullmq', bullmqReader(options), setting, options),
})

function bullmqReader({ prefix, registryPrefix, workersEveryMs }: z.infer<typeof OPTIONS>): RedisReader {
  const finished = new Map<string, MinuteWindow>()
  let clients: { at: number; list: readonly BullmqClient[] } | { at: number; cause: SourceCause } = {
    at: Number.NEGATIVE_INFINITY,
    cause: NO_WORKERS,
  }
  let asked: readonly string[] = []
  let chunks: readonly Chunk[] = []
  return {
    scripts: [BULLMQ_SCRIPT, KIT_SCRIPT],
    plan(queues, at, link): RedisPlan {
      const isOther = !isSame(queues, asked)
      if (isOther) chunks = chunkQueues(queues, prefix, 'slots' in link.client)
      asked = queues
      const parts = chunks
      const wantsWorkers = at - clients.at >= workersEveryMs || isOther
      const lists = wantsWorkers ? readClientLists(link) : undefined
      // After a minute's watch the events are known to be all: what is kept need not be counted.
      const isWatched =
        queues.length > 0 && queues.every((queue) => finished.get(queue)?.count(at) !== undefined)
      const minuteAgo = isWatched ? '' : at - 60_000
      const commands = parts.map(({ slot, key, names }): RedisCommand => {
        const args = ['evalsha', SHA, 1, key, at, minuteAgo, MAX_ACTIVE_LOOKED_AT, names] as const
        return slot === undefined ? { args } : { args, slot }
      })
      return {
        commands: [...commands, kitCommand(registryPrefix, at), ...(lists?.commands ?? [])],
        read(replies) {
          const readings = new Map<string, QueueReading>()
          const actives = new Map<string, BullmqActives>()
          for (const [index, { queues: some }] of parts.entries())
            readChunk(some, replies[index] ?? { error: 'no answer' }, at, finished, readings, actives)
          if (lists !== undefined) {
            const told = lists.read(replies.slice(parts.length + 1))
            clients =
              'cause' in told
                ? { at, cause: told.cause }
                : { at, list: bullmqClients(told.text, prefix, encodedNames(queues)) }
          }
          const told = readKit(replies[parts.length], queues)
          const workers: WorkersReading =
            'cause' in clients
              ? { ok: false, cause: clients.cause }
              : 'cause' in told
                ? { ok: false, cause: told.cause }
                : { ok: true, workers: mergeWorkers(bullmqWorkers(clients.list, actives, at), told.workers) }
          return { queues: readings, workers }
        },
      }
    },
    push(watch) {
      finished.clear()
      const windowOf = (queue: string) => {
        const known = finished.get(queue)
        if (known !== undefined) return known
        const fresh = createMinuteWindow(watch.clock.now())
        finished.set(queue, fresh)
        return fresh
      }
      const push = pushBullmqEvents(watch, prefix, {
        onFinished: (queue, count) => windowOf(queue).add(watch.clock.now(), count),
        onGap: () => {
          finished.clear()
          for (const queue of watch.queues) windowOf(queue)
        },
      })
      return {
        close() {
          finished.clear()
          push.close()
        },
      }
    },
  }
}

function kitCommand(prefix: string, at: number): RedisCommand {
  const key = workersKey(prefix)
  return {
    args: ['evalsha', SHA_KIT, 1, key, at - KIT_LISTED_MS, heartbeatKey('', prefix)],
    slot: keySlot(key),
  }
}

/** Those of the kit's workers that take from these queues, or of which that is not known. */
function readKit(
  reply: RedisReply = { error: 'no answer' },
  queues: readonly string[],
): { readonly workers: readonly WorkerState[] } | { readonly cause: SourceCause } {
  if ('error' in reply) return { cause: redisCause(reply.error) }
  const asked = new Set(queues)
  const all = kitWorkers(reply.value as readonly KitRow[])
  return { workers: all.filter((worker) => worker.queues?.some((queue) => asked.has(queue)) ?? true) }
}

function readChunk(
  queues: readonly string[],
  reply: RedisReply,
  at: number,
  finished: ReadonlyMap<string, MinuteWindow>,
  readings: Map<string, QueueReading>,
  actives: Map<string, BullmqActives>,
): void {
  const rows = 'value' in reply ? parseBullmqRows(String(reply.value)) : []
  const error = 'error' in reply ? reply.error : 'the answer of Redis lacks this queue'
  for (const [index, queue] of queues.entries()) {
    const row = rows[index] ?? error
    if (typeof row === 'string') {
      readings.set(queue, { ok: false, cause: redisCause(row) })
      actives.set(queue, UNTOLD)
      continue
    }
    const of = bullmqActives(row)
    if (row.active !== undefined) actives.set(queue, of)
    const sample = bullmqSample(queue, row, of, at, finished.get(queue)?.count(at))
    readings.set(queue, { ok: true, sample })
  }
}

interface Chunk {
  readonly slot?: number
  readonly queues: readonly string[]
  /** Of the first queue. */
  readonly key: string
  /** As the script takes them. */
  readonly names: string
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some === others || (some.length === others.length && some.every((name, at) => name === others[at]))
}

/** In a cluster, only keys of one slot go into one call. */
function chunkQueues(queues: readonly string[], prefix: string, isCluster: boolean): Chunk[] {
  const groups = new Map<number | undefined, string[]>()
  for (const queue of queues) {
    const slot = isCluster ? keySlot(`${prefix}:${queue}:wait`) : undefined
    const group = groups.get(slot)
    if (group === undefined) groups.set(slot, [queue])
    else group.push(queue)
  }
  return [...groups].flatMap(([slot, names]) =>
    Array.from({ length: Math.ceil(names.length / CHUNK) }, (_, index) => {
      const some = names.slice(index * CHUNK, (index + 1) * CHUNK)
      return {
        ...(slot === undefined ? {} : { slot }),
        queues: some,
        key: `${prefix}:${some[0]}:wait`,
        names: some.join(NAME_SEPARATOR),
      }
    }),
  )
}

function encodedNames(queues: readonly string[]): Map<string, string> {
  return new Map(queues.map((queue) => [Buffer.from(queue).toString('base64'), queue]))
}
