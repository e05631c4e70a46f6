import { openQueueSource, type SourceName } from '../../src/adapters/queues/index.ts'
import { redisTarget } from '../../src/adapters/redis.ts'
import type { QueueSample, SourceCause, SourceReading } from '../../src/core/scaling/sample.ts'
import type { QueueSource, SourceEvent } from '../../src/ports.ts'

/** A source with the system's clock on a Redis that may want credentials. */
export function openSource(
  name: SourceName,
  url: string | undefined,
  options: object = {},
  env: Readonly<Record<string, string>> = {},
): QueueSource {
  const redis = redisTarget({ ...(url ? { DROVER_REDIS_URL: url } : {}), ...env })
  return openQueueSource(name, options, { clock: { now: Date.now }, env, redis })
}

/** The sample of a queue that must be readable. */
export function sampleOf(reading: SourceReading, queue: string): QueueSample {
  const of = reading.queues.get(queue)
  if (of === undefined) throw new Error(`nothing was said of ${queue}`)
  if (!of.ok) throw new Error(`${queue} is not known: ${of.cause.code}: ${of.cause.message}`)
  return of.sample
}

/** Why a queue is not known; absent when it is. */
export function causeOf(reading: SourceReading, queue: string): SourceCause | undefined {
  const of = reading.queues.get(queue)
  return of === undefined || of.ok ? undefined : of.cause
}

export async function readOne(source: QueueSource, queue: string): Promise<QueueSample> {
  return sampleOf(await source.sweep([queue]), queue)
}

export interface Told {
  readonly events: SourceEvent[]
  /** Resolves with the first event from now on that fits. */
  next(fits: (event: SourceEvent) => boolean, withinMs?: number): Promise<SourceEvent>
  close(): void
}

export function listen(source: QueueSource, queues: readonly string[]): Told {
  const events: SourceEvent[] = []
  const waiting = new Set<(event: SourceEvent) => void>()
  const subscription = source.watch(queues, (event) => {
    events.push(event)
    for (const take of waiting) take(event)
  })
  return {
    events,
    next: (fits, withinMs = 10_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(take)
          reject(new Error(`no such event in ${withinMs} ms; last: ${JSON.stringify(events.slice(-3))}`))
        }, withinMs)
        const take = (event: SourceEvent) => {
          if (!fits(event)) return
          clearTimeout(timer)
          waiting.delete(take)
          resolve(event)
        }
        waiting.add(take)
      }),
    close: () => subscription.close(),
  }
}

export const isReady = (event: SourceEvent): boolean =>
  event.kind === 'state' && event.state.pushes.status === 'ready'

export const isChangeOf =
  (queue: string) =>
  (event: SourceEvent): boolean =>
    event.kind === 'changed' && event.queues.includes(queue)

/** Asks again and again until it holds. */
export async function until<T>(ask: () => Promise<T | undefined | false>, withinMs = 10_000): Promise<T> {
  const end = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer as T
    if (Date.now() > end) throw new Error(`it did not come to hold in ${withinMs} ms`)
    await sleep(25)
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
