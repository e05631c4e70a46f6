import type { Celery, Value } from './stack.ts'

/**
 * The command of a Celery worker. Its node name carries the allocation, so that a heartbeat can be matched
 * to what Nomad runs; gossip and mingle are off because they only delay the start on a Redis broker.
 */
export function celeryCommand(
  group: string,
  queues: readonly string[],
  concurrency: number,
  celery: Celery,
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
  return [...words, ...celery.arguments].map((word) => [word])
}
