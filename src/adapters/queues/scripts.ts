import { createHash } from 'node:crypto'
import { Cluster } from 'ioredis'
import { redisCause } from '../../core/queues/redis-cause.ts'
import { CauseError, type RedisLink } from '../redis.ts'

/** The name that Redis gives a script. */
export function scriptSha(script: string): string {
  return createHash('sha1').update(script).digest('hex')
}

/** Teaches scripts to the server, or to every master of a cluster. */
export async function loadScripts(
  link: RedisLink,
  scripts: readonly string[],
  timeoutMs: number,
): Promise<void> {
  const { client } = link
  if (client instanceof Cluster) {
    await Promise.all(
      client.nodes('master').flatMap((node) => scripts.map((script) => node.script('LOAD', script))),
    )
    return
  }
  const replies = await link.run(
    scripts.map((script) => ({ args: ['script', 'LOAD', script] as const })),
    timeoutMs,
  )
  for (const reply of replies) if ('error' in reply) throw new CauseError(redisCause(reply.error))
}
