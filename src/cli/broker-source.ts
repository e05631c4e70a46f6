import { brokerOptions } from '../adapters/queues/broker-options.ts'
import { openQueueSource } from '../adapters/queues/index.ts'
import type { redisTarget } from '../adapters/redis.ts'
import type { SourceReading } from '../core/scaling/sample.ts'
import type { Broker } from '../core/stack/stack.ts'
import type { QueueSource } from '../ports.ts'
import type { Context } from './context.ts'
import { pause } from './pause.ts'

/** Celery's workers tell of themselves every two seconds, and nobody else tells of them. */
const LISTEN_MS = { celery: [2500, 3000], bullmq: [] } as const

export interface BrokerSource extends QueueSource {
  /** One reading, with the workers of these queues: takes up to six seconds where they must be listened to. */
  readOnce(queues: readonly string[]): Promise<SourceReading>
}

/** The queues of a stack's broker, as its application has set it up. Throws CONFIG_INVALID. */
export function openBrokerSource(
  broker: Broker,
  redis: NonNullable<ReturnType<typeof redisTarget>>,
  context: Context,
): BrokerSource {
  const { software } = broker
  const { env, now, signal } = context
  const source = openQueueSource(software, brokerOptions(broker), { clock: { now }, env, redis })
  return {
    ...source,
    /** Listens in steps, for as long as the workers are not known; not at all to a Redis that cannot be read. */
    async readOnce(queues) {
      let reading = await source.sweep(queues)
      const steps = source.state().polls.status === 'ready' ? LISTEN_MS[software] : []
      if (steps.length > 0) source.watch(queues, () => undefined)
      for (const ms of steps) {
        if (reading.workers.ok || signal.aborted) break
        await pause(ms, signal)
        reading = await source.sweep(queues)
      }
      return reading
    },
  }
}
