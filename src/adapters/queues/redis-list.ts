import { keySlot } from '../../core/queues/key-slot.ts'
import { redisCause } from '../../core/queues/redis-cause.ts'
import { wakeAt } from '../../core/queues/wake.ts'
import type { QueueReading, QueueSample } from '../../core/scaling/sample.ts'
import { z } from '../../core/zod.ts'
import { createRedisSource, REDIS_OPTIONS } from './redis-source.ts'
import { defineSource } from './source.ts'
import { trackKeys } from './track-keys.ts'

const OPTIONS = z.strictObject({
  ...REDIS_OPTIONS,
  keyPrefix: z.string().default('').describe('What stands before the name of a queue in its key.'),
})

/** Plain lists: their length is what waits, and more is not known. */
export default defineSource({
  options: OPTIONS,
  open: (options, setting) => {
    const { keyPrefix } = options
    return createRedisSource(
      'redis-list',
      {
        scripts: [],
        plan: (queues, at) => ({
          commands: queues.map((queue) => ({
            args: ['llen', keyPrefix + queue] as const,
            slot: keySlot(keyPrefix + queue),
          })),
          read: (replies) => ({
            queues: new Map(
              queues.map((queue, index): [string, QueueReading] => {
                const reply = replies[index] ?? { error: 'no answer' }
                if ('error' in reply) return [queue, { ok: false, cause: redisCause(reply.error) }]
                const sample: QueueSample = { queue, at, waiting: Number(reply.value) }
                const needsWakeAt = wakeAt(sample)
                return [
                  queue,
                  { ok: true, sample: needsWakeAt === undefined ? sample : { ...sample, needsWakeAt } },
                ]
              }),
            ),
            workers: { ok: false, cause: { code: 'no-data', message: 'a plain list knows no workers' } },
          }),
        }),
        push: (watch) =>
          trackKeys(watch, {
            keys: watch.queues.map((queue) => keyPrefix + queue),
            queueOf: (key) => key.slice(keyPrefix.length),
          }),
      },
      setting,
      options,
    )
  },
})
