import { keySlot } from '../../core/queues/key-slot.ts'
import { redisCause } from '../../core/queues/redis-cause.ts'
import {
  STREAM_SCRIPT,
  type StreamRow,
  streamReading,
  streamWorkers,
} from '../../core/queues/stream-sample.ts'
import type { QueueReading } from '../../core/scaling/sample.ts'
import { z } from '../../core/zod.ts'
import { createRedisSource, REDIS_OPTIONS, type RedisReader } from './redis-source.ts'
import { scriptSha } from './scripts.ts'
import { defineSource } from './source.ts'
import { trackKeys } from './track-keys.ts'

const OPTIONS = z.strictObject({
  ...REDIS_OPTIONS,
  keyPrefix: z.string().default('').describe('What stands before the name of a queue in its key.'),
  group: z.string().min(1).describe('The consumer group whose lag is the backlog.'),
})

const SHA = scriptSha(STREAM_SCRIPT)

/** Redis streams: the lag of a consumer group waits, what it has taken and not acknowledged is active. */
export default defineSource({
  options: OPTIONS,
  open: (options, setting) => createRedisSource('redis-stream', streamReader(options), setting, options),
})

function streamReader({ keyPrefix, group }: z.infer<typeof OPTIONS>): RedisReader {
  return {
    scripts: [STREAM_SCRIPT],
    plan: (queues, at) => ({
      commands: queues.map((queue) => ({
        args: ['evalsha', SHA, 1, keyPrefix + queue, group] as const,
        slot: keySlot(keyPrefix + queue),
      })),
      read(replies) {
        const readings = new Map<string, QueueReading>()
        const rows = new Map<string, StreamRow>()
        for (const [index, queue] of queues.entries()) {
          const reply = replies[index] ?? { error: 'no answer' }
          const [row] = 'value' in reply ? (reply.value as readonly (StreamRow | string)[]) : [reply.error]
          if (row === undefined || typeof row === 'string') {
            readings.set(queue, { ok: false, cause: redisCause(row ?? 'no answer') })
            continue
          }
          rows.set(queue, row)
          readings.set(queue, streamReading(queue, row, at))
        }
        return { queues: readings, workers: { ok: true, workers: streamWorkers(rows, at) } }
      },
    }),
    push: (watch) =>
      trackKeys(watch, {
        keys: watch.queues.map((queue) => keyPrefix + queue),
        queueOf: (key) => key.slice(keyPrefix.length),
      }),
  }
}
