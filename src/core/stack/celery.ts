import type { Broker, Celery, Value } from './stack.ts'

/** Kombu's own, in force where nothing else is said. */
export const DEFAULT_VISIBILITY_MS = 3_600_000

/**
 * The command of a Celery worker. Its node name carries the allocation, so that a heartbeat can be matched
 * to what Nomad runs; gossip and mingle are off because they only delay the start on a Redis broker. Settings that
 * have no option follow `--`, with their types: unlike an option, a setting that an older Celery does not know
 * (prefetch is off from 5.6 on) does no harm there.
 */
export function celeryCommand(
  group: string,
  queues: readonly string[],
  concurrency: number,
  celery: Celery,
  broker?: Broker,
): Value[] {
  const seconds = (ms: number): string => String(Math.ceil(ms / 1000))
  const words = [
    'celery',
    '-A',
    celery.app,
    'worker',
    `--loglevel=${celery.logLevel}`,
    `--concurrency=${concurrency}`,
    `--queues=${queues.join(',')}`,
    `--prefetch-multiplier=${celery.prefetchMultiplier}`,
    `--hostname=${group}@\${NOMAD_ALLOC_ID}`,
    '--without-gossip',
    '--without-mingle',
  ]
  if (celery.maxTasksPerChild !== undefined) words.push(`--max-tasks-per-child=${celery.maxTasksPerChild}`)
  if (celery.timeLimitMs !== undefined) words.push(`--time-limit=${seconds(celery.timeLimitMs)}`)
  if (celery.softTimeLimitMs !== undefined) words.push(`--soft-time-limit=${seconds(celery.softTimeLimitMs)}`)
  const settings = celerySettings(celery, broker)
  const end = celery.arguments.indexOf('--')
  const [own, more] =
    end < 0 ? [celery.arguments, []] : [celery.arguments.slice(0, end), celery.arguments.slice(end + 1)]
  const rest = [...settings, ...more]
  return [...words, ...own, ...(rest.length > 0 ? ['--', ...rest] : [])].map((word) => [word])
}

function celerySettings(celery: Celery, broker: Broker | undefined): string[] {
  const settings: string[] = []
  // More than one task a slot is asked for: then let it be reserved.
  if (celery.prefetchMultiplier === 1) settings.push('worker_disable_prefetch=(bool)1')
  if (celery.acksLate) settings.push('task_acks_late=(bool)1')
  const options = broker?.software === 'celery' ? transportOptions(broker) : undefined
  if (options) settings.push(`broker_transport_options=(json)${JSON.stringify(options)}`)
  return settings
}

/**
 * They take the place of the application's own, so none are written while the stack says nothing of its own about
 * them, and everything that it says is.
 */
function transportOptions({
  visibilityTimeoutMs,
  prefix,
  transportOptions = {},
}: Broker): Readonly<Record<string, unknown>> | undefined {
  if (visibilityTimeoutMs === DEFAULT_VISIBILITY_MS && Object.keys(transportOptions).length === 0)
    return undefined
  return {
    visibility_timeout: Math.ceil(visibilityTimeoutMs / 1000),
    ...(prefix === '' ? {} : { global_keyprefix: prefix }),
    ...transportOptions,
  }
}
