import { parseCeleryEvents } from '../../core/queues/celery-event.ts'
import { createCeleryLedger, LISTEN_MS } from '../../core/queues/celery-ledger.ts'
import { celerySample, type FirstSeen, splitUnacked } from '../../core/queues/celery-sample.ts'
import {
  CELERY_QUEUES_SCRIPT,
  CELERY_UNACKED_SCRIPT,
  type CeleryRow,
  type CeleryUnacked,
} from '../../core/queues/celery-script.ts'
import { redisCause } from '../../core/queues/redis-cause.ts'
import type { QueueReading, SourceCause, Unacked, WorkersReading } from '../../core/scaling/sample.ts'
import { z } from '../../core/zod.ts'
import type { RedisReply } from '../redis.ts'
import { createRedisSource, REDIS_OPTIONS, type RedisPlan, type RedisReader } from './redis-source.ts'
import { scriptSha } from './scripts.ts'
import { defineSource, type SourceSetting } from './source.ts'
import { trackKeys } from './track-keys.ts'

const OPTIONS = z.strictObject({
  ...REDIS_OPTIONS,
  keyPrefix: z.string().default('').describe('global_keyprefix of the broker transport options.'),
  prioritySteps: z.array(z.int().min(0).max(255)).min(1).default([0, 3, 6, 9]).describe('priority_steps.'),
  separator: z.string().min(1).default('\u0006\u0016').describe('sep: between a queue and a priority step.'),
  unackedKey: z.string().min(1).default('unacked').describe('unacked_key.'),
  eventExchange: z.string().min(1).default('celeryev').describe('event_exchange.'),
  fanoutPrefix: z.string().default('/{db}.').describe('fanout_prefix; empty when it is switched off.'),
  lookAt: z.int().min(0).default(500).describe('Up to so many unacknowledged messages are told apart.'),
  lookAtBytes: z.int().min(0).default(4_000_000).describe('The same, by the size of the messages.'),
})

type Options = z.infer<typeof OPTIONS>

/** Queues per call: Redis serves nobody else while a script runs. */
const CHUNK = 100
const SHA_QUEUES = scriptSha(CELERY_QUEUES_SCRIPT)
const SHA_UNACKED = scriptSha(CELERY_UNACKED_SCRIPT)
const NOT_LISTENING: SourceCause = {
  code: 'no-data',
  message: 'Celery workers are known by their heartbeats, and nobody has listened for them long enough',
}

/** Queues of Celery on Redis. */
export default defineSource({
  options: OPTIONS,
  open: (options, setting) => createRedisSource('celery', celeryReader(options, setting), setting, options),
})

function celeryReader(options: Options, { clock, redis }: SourceSetting): RedisReader {
  const ledger = createCeleryLedger(clock.now())
  const seen: FirstSeen = new Map()
  let heardSince: number | undefined
  const { keyPrefix } = options
  const database = redis?.target.database ?? 0
  return {
    scripts: [CELERY_QUEUES_SCRIPT, CELERY_UNACKED_SCRIPT],
    plan(queues, at): RedisPlan {
      const chunks = Array.from({ length: Math.ceil(queues.length / CHUNK) }, (_, index) =>
        queues.slice(index * CHUNK, (index + 1) * CHUNK),
      )
      return {
        commands: [
          {
            args: [
              'evalsha',
              SHA_UNACKED,
              1,
              keyPrefix + options.unackedKey,
              options.lookAt,
              options.lookAtBytes,
            ],
          },
          ...chunks.map((some) => ({
            args: [
              'evalsha',
              SHA_QUEUES,
              some.length,
              ...some.map((queue) => keyPrefix + queue),
              options.separator,
              ...options.prioritySteps,
            ] as const,
          })),
        ],
        read([first = { error: 'no answer' }, ...replies]) {
          const readings = new Map<string, QueueReading>()
          const unacked =
            'value' in first ? splitUnacked(first.value as CeleryUnacked, queues, ledger, at) : undefined
          for (const [index, some] of chunks.entries()) {
            const rows = rowsOf(replies[index])
            for (const [place, queue] of some.entries())
              readings.set(queue, readQueue(queue, rows(place), unacked, first))
          }
          const isHeard = heardSince !== undefined && at - heardSince >= LISTEN_MS
          const heard = ledger.workers(at)
          const workers: WorkersReading =
            isHeard || (heardSince !== undefined && heard.length > 0)
              ? { ok: true, workers: heard }
              : { ok: false, cause: NOT_LISTENING }
          return { queues: readings, workers, durations: ledger.durations() }

          function readQueue(
            queue: string,
            row: CeleryRow | string,
            split: ReadonlyMap<string, Unacked> | undefined,
            unackedReply: RedisReply,
          ): QueueReading {
            // What is taken is part of the demand: without it the waiting ones alone would mislead.
            if (split === undefined)
              return { ok: false, cause: redisCause('error' in unackedReply ? unackedReply.error : '') }
            if (typeof row === 'string') return { ok: false, cause: redisCause(row) }
            return { ok: true, sample: celerySample(queue, row, split.get(queue), ledger, seen, at) }
          }
        },
      }
    },
    push(watch) {
      const channels = `${keyPrefix}${options.fanoutPrefix.replace('{db}', String(database))}${options.eventExchange}/*`
      const known = new Set(watch.queues)
      return trackKeys(watch, {
        keys: watch.queues.map((queue) => keyPrefix + queue),
        queueOf: (key) => queueOfKey(key, keyPrefix, options.separator),
        patterns: [channels],
        onUp(at) {
          heardSince = at
          ledger.startOver(at)
        },
        onDown() {
          heardSince = undefined
        },
        onMessage(text, at) {
          const changed = new Set<string>()
          for (const event of parseCeleryEvents(text, fromBase64)) {
            const queue = ledger.apply(event, at)
            if (queue !== undefined && known.has(queue)) changed.add(queue)
            if (event.type !== 'task-sent' && event.type !== 'worker-heartbeat')
              watch.listener({ kind: 'worker', worker: event.hostname })
          }
          if (changed.size > 0) watch.listener({ kind: 'changed', queues: [...changed] })
        },
      })
    },
  }
}

function rowsOf(reply: RedisReply = { error: 'no answer' }): (place: number) => CeleryRow | string {
  if ('error' in reply) return () => reply.error
  const rows = reply.value as readonly (CeleryRow | string)[]
  return (place) => rows[place] ?? 'the answer of Redis lacks this queue'
}

function queueOfKey(key: string, prefix: string, separator: string): string {
  const name = key.slice(prefix.length)
  const step = name.indexOf(separator)
  return step < 0 ? name : name.slice(0, step)
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8')
}
