import { DroverError } from '../../errors.ts'
import type { QueueSource } from '../../ports.ts'
import bullmq from './bullmq.ts'
import celery from './celery.ts'
import prometheus from './prometheus.ts'
import redisList from './redis-list.ts'
import redisStream from './redis-stream.ts'
import type { SourceKind, SourceSetting } from './source.ts'

/** Every kind of queue source. A new one is a file and a line here. */
export const QUEUE_SOURCES = {
  bullmq,
  celery,
  'redis-list': redisList,
  'redis-stream': redisStream,
  prometheus,
} as const

export type SourceName = keyof typeof QUEUE_SOURCES

/** Opens a source; its options are as written, unchecked. Throws CONFIG_INVALID, with every wrong option, and USAGE. */
export function openQueueSource(name: SourceName, options: unknown, setting: SourceSetting): QueueSource {
  const kind = QUEUE_SOURCES[name] as unknown as SourceKind
  const parsed = kind.options.safeParse(options)
  if (parsed.success) return kind.open(parsed.data, setting)
  throw new DroverError('CONFIG_INVALID', `the options of the queue source ${name} are wrong`, {
    issues: parsed.error.issues.map((issue) => ({
      severity: 'error',
      code: 'source-options',
      path: issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
      message: issue.message,
    })),
  })
}
