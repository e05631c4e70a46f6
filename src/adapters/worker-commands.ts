import { randomUUID } from 'node:crypto'
import { z } from '../core/zod.ts'
import {
  CONTROL_KEPT_MS,
  type Control,
  controlKey,
  heartbeatKey,
  REGISTRY_PREFIX,
  workersKey,
} from '../worker-protocol.ts'
import { askCelery, celeryNodesOf, settleCelery } from './celery-commands.ts'
import type { CeleryBroker } from './celery-control.ts'
import type { RedisLink } from './redis.ts'
import { valuesOf } from './redis-values.ts'

export type Want = Control['want']

/** What became of a command. Without a word from the worker it is unknown what it does: it is not idle then. */
export type WorkerAnswer =
  | {
      readonly worker: string
      readonly kind: 'bullmq' | 'celery'
      readonly state: Want
      readonly busy?: number
    }
  | {
      readonly worker: string
      readonly kind?: 'bullmq' | 'celery'
      readonly state: 'unknown'
      readonly cause: string
    }

export interface WorkerCommands {
  /** Asks every worker that the word means: an allocation or the start of its id, a Celery node, or a host. */
  ask(word: string, want: Want): Promise<WorkerAnswer[]>
  /** Has the Celery workers of an allocation stand where SIGTERM does no harm; see settleCelery. */
  settleCelery(allocation: string): Promise<WorkerAnswer[]>
}

export interface WorkerCommandsOptions {
  readonly broker: CeleryBroker
  /** How long a worker has to obey and say so. */
  readonly timeoutMs: number
  readonly registryPrefix?: string
}

const POLL_MS = 20

const heartbeatSchema = z.object({
  node: z.string(),
  busy: z.number(),
  state: z.enum(['taking', 'cordoned', 'draining']),
  acknowledged: z.string().optional(),
})

/** Commands to workers through the Redis of their queues. A connection that fails throws. */
export function createWorkerCommands({
  broker,
  timeoutMs,
  registryPrefix = REGISTRY_PREFIX,
}: WorkerCommandsOptions): WorkerCommands {
  return {
    async ask(word, want) {
      if (word.includes('@')) return [await askCelery(broker, word, want, timeoutMs)]
      const kit = await findKitWorkers(broker.link, registryPrefix, word)
      if (kit.length > 0)
        return Promise.all(kit.map((id) => askKitWorker(broker.link, registryPrefix, id, want, timeoutMs)))
      return eachCelery(word, (node) => askCelery(broker, node, want, timeoutMs))
    },
    settleCelery: (allocation) => eachCelery(allocation, (node) => settleCelery(broker, node, timeoutMs)),
  }

  async function eachCelery(
    word: string,
    ask: (node: string) => Promise<WorkerAnswer>,
  ): Promise<WorkerAnswer[]> {
    const nodes = await celeryNodesOf(broker, word, timeoutMs)
    if (nodes.length === 0)
      return [{ worker: word, state: 'unknown', cause: 'no worker answers to this name' }]
    return Promise.all(nodes.map(ask))
  }
}

/** Ids of workers made with drover/worker, by the start of the id or by the host. */
async function findKitWorkers(link: RedisLink, prefix: string, word: string): Promise<string[]> {
  const [ids] = await valuesOf(link, [['ZRANGE', workersKey(prefix), 0, -1]])
  const known = z.array(z.string()).parse(ids ?? [])
  const byId = known.filter((id) => id.startsWith(word))
  if (byId.length > 0) return byId.sort()
  const texts = await valuesOf(
    link,
    known.map((id) => ['GET', heartbeatKey(id, prefix)]),
  )
  return known.filter((_, index) => readHeartbeat(texts[index])?.node === word).sort()
}

async function askKitWorker(
  link: RedisLink,
  prefix: string,
  id: string,
  want: Want,
  timeoutMs: number,
): Promise<WorkerAnswer> {
  const control: Control = { request: randomUUID(), want }
  const text = JSON.stringify(control)
  const end = Date.now() + timeoutMs
  await valuesOf(link, [
    ['SET', controlKey(id, prefix), text, 'PX', CONTROL_KEPT_MS],
    ['PUBLISH', controlKey(id, prefix), text],
  ])
  for (;;) {
    const [value] = await valuesOf(link, [['GET', heartbeatKey(id, prefix)]])
    const heartbeat = readHeartbeat(value)
    if (heartbeat?.acknowledged === control.request) {
      if (heartbeat.state === want) return { worker: id, kind: 'bullmq', state: want, busy: heartbeat.busy }
      return { worker: id, kind: 'bullmq', state: 'unknown', cause: `it is ${heartbeat.state}` }
    }
    if (Date.now() >= end) {
      const cause = heartbeat
        ? `it did not obey within ${timeoutMs / 1000} s; it will as soon as it can`
        : 'it has not been heard of lately'
      return { worker: id, kind: 'bullmq', state: 'unknown', cause }
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

function readHeartbeat(value: unknown): z.infer<typeof heartbeatSchema> | undefined {
  if (typeof value !== 'string') return undefined
  try {
    return heartbeatSchema.safeParse(JSON.parse(value)).data
  } catch {
    return undefined
  }
}
