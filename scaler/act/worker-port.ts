import { openRedis } from '../../src/adapters/redis.ts'
import { createWorkerCommands, type Want, type WorkerAnswer } from '../../src/adapters/worker-commands.ts'
import type { RedisTarget } from '../../src/core/queues/redis-url.ts'
import type { WorkerCommandAnswer, WorkerPort } from '../deps.ts'

const TIMEOUT_MS = 3000

/**
 * Has workers take nothing, and take again, through the Redis of their queues.
 * @param celery its global_keyprefix, where workers are Celery's; undefined where they are made with the kit, which may
 *   be told to leave at any moment
 */
export function redisWorkers(
  redis: { readonly target: RedisTarget; readonly ca?: string },
  celery: { readonly prefix: string } | undefined,
): WorkerPort & { close(): void } {
  const link = openRedis(redis.target, 'drover:commands', redis.ca)
  const commands = createWorkerCommands({
    broker: { link, database: redis.target.database, prefix: celery?.prefix ?? '' },
    timeoutMs: TIMEOUT_MS,
  })
  async function told(want: Want, answers: Promise<WorkerAnswer[]>): Promise<WorkerCommandAnswer> {
    try {
      const [answer] = await answers
      if (answer?.state === want) return { ok: true }
      return { ok: false, message: (answer && 'cause' in answer && answer.cause) || 'no worker answered' }
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) }
    }
  }
  return {
    cordon: (_, allocation) => told('cordoned', commands.ask(allocation, 'cordoned')),
    lift: (_, allocation) => told('taking', commands.ask(allocation, 'taking')),
    ...(celery && { settle: (_, allocation) => told('cordoned', commands.settleCelery(allocation)) }),
    close: () => link.close(),
  }
}
