import { openRedis } from '../../src/adapters/redis.ts'
import { createWorkerCommands, type Want } from '../../src/adapters/worker-commands.ts'
import type { RedisTarget } from '../../src/core/queues/redis-url.ts'
import type { WorkerCommandAnswer, WorkerPort } from '../deps.ts'

const TIMEOUT_MS = 3000

/** Has workers take nothing, and take again, through the Redis of their queues. */
export function redisWorkers(
  redis: { readonly target: RedisTarget; readonly ca?: string },
  prefix: string,
): WorkerPort & { close(): void } {
  const link = openRedis(redis.target, 'drover:commands', redis.ca)
  const commands = createWorkerCommands({
    broker: { link, database: redis.target.database, prefix },
    timeoutMs: TIMEOUT_MS,
  })
  async function ask(allocation: string, want: Want): Promise<WorkerCommandAnswer> {
    try {
      const [answer] = await commands.ask(allocation, want)
      if (answer?.state === want) return { ok: true }
      return { ok: false, message: (answer && 'cause' in answer && answer.cause) || 'no worker answered' }
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) }
    }
  }
  return {
    cordon: (_, allocation) => ask(allocation, 'cordoned'),
    lift: (_, allocation) => ask(allocation, 'taking'),
    close: () => link.close(),
  }
}
