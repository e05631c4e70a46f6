import type { RedisLink } from './redis.ts'

const TIMEOUT_MS = 5000

/** The values of commands' replies. Throws what the connection throws, and Redis's own errors. */
export async function valuesOf(
  link: RedisLink,
  commands: readonly [string, ...(string | number)[]][],
): Promise<unknown[]> {
  if (commands.length === 0) return []
  const replies = await link.run(
    commands.map((args) => ({ args })),
    TIMEOUT_MS,
  )
  return replies.map((reply) => {
    if ('error' in reply) throw new Error(reply.error)
    return reply.value
  })
}
