import { redisCause } from '../../core/queues/redis-cause.ts'
import type { SourceCause } from '../../core/scaling/sample.ts'
import type { RedisCommand, RedisReply } from '../redis.ts'

/** What every sweep asks first: which server answers, and whether it has the say. */
export const SERVER_COMMANDS: readonly RedisCommand[] = [{ args: ['role'] }, { args: ['info', 'server'] }]

/** Errors that speak of the whole server, whatever was asked. */
const WHOLE_SERVER = new Set(['auth', 'loading', 'readonly', 'busy', 'unreachable', 'timeout'])

/**
 * A server that may be trusted with its identity, or the cause why not. A user without the right to ask these is
 * trusted unasked.
 */
export function checkServer(
  replies: readonly RedisReply[],
): { readonly runId?: string } | { readonly cause: SourceCause } {
  for (const reply of replies) {
    if (!('error' in reply)) continue
    const cause = redisCause(reply.error)
    if (WHOLE_SERVER.has(cause.code)) return { cause }
  }
  const [role, info] = replies.map((reply) => ('value' in reply ? reply.value : undefined))
  if (Array.isArray(role) && role[0] === 'slave')
    return {
      cause: {
        code: 'readonly',
        message: `this Redis is a replica of ${role[1]}:${role[2]}; its data may be old`,
      },
    }
  const [, runId] = (typeof info === 'string' && /^run_id:(\w+)/m.exec(info)) || []
  return runId === undefined ? {} : { runId }
}
