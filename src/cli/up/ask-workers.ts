import { REDIS_VARIABLES, redisTarget } from '../../adapters/redis.ts'
import type { CauseCode, WorkersReading } from '../../core/scaling/sample.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { openBrokerSource } from '../broker-source.ts'
import type { Context } from '../context.ts'

/** What the workers of these queues do now. Throws USAGE for an address of Redis that is none. */
export async function askWorkers(
  { broker }: Stack,
  queues: readonly string[],
  context: Context,
): Promise<WorkersReading> {
  if (broker === undefined) return unknown('no-data', 'the stack names no broker')
  const redis = redisTarget(context.env, undefined, broker.database)
  if (redis === undefined)
    return unknown('no-data', `${REDIS_VARIABLES.url} does not say where the queues are`)
  const source = openBrokerSource(broker, redis, context)
  try {
    return (await source.readOnce(queues)).workers
  } finally {
    await source.close()
  }
}

function unknown(code: CauseCode, message: string): WorkersReading {
  return { ok: false, cause: { code, message } }
}
