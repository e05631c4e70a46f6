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
import { type CeleryBroker, callCelery } from './celery-control.ts'
import type { RedisLink } from './redis.ts'

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
}

export interface WorkerCommandsOptions {
  readonly broker: CeleryBroker
  /** How long a worker has to obey and say so. */
  readonly timeoutMs: number
  readonly registryPrefix?: string
}

const POLL_MS = 20
/** For what a cordoned Celery worker took from, so that it can be told to take from it again. */
const QUEUES_KEPT_MS = 7 * 24 * 60 * 60 * 1000

const heartbeatSchema = z.object({
  node: z.string(),
  busy: z.number(),
  state: z.enum(['taking', 'cordoned', 'draining']),
  acknowledged: z.string().optional(),
})

const queuesSchema = z.array(z.object({ name: z.string() }))
const okSchema = z.object({ ok: z.unknown() })

/** Commands to workers through the Redis of their queues. A connection that fails throws. */
export function createWorkerCommands({
  broker,
  timeoutMs,
  registryPrefix = REGISTRY_PREFIX,
}: WorkerCommandsOptions): WorkerCommands {
  return {
    async ask(word, want) {
      if (word.includes('@')) return [await askCelery(broker, { node: word }, word, want, timeoutMs)]
      const kit = await findKitWorkers(broker.link, registryPrefix, word)
      if (kit.length > 0)
        return Promise.all(kit.map((id) => askKitWorker(broker.link, registryPrefix, id, want, timeoutMs)))
      const nodes = await callCelery(broker, {
        method: 'ping',
        to: { pattern: `*@${word}*` },
        timeoutMs,
        ...(word.length === 36 ? { limit: 1 } : {}),
      })
      if (nodes.size === 0)
        return [{ worker: word, state: 'unknown', cause: 'no worker answers to this name' }]
      return Promise.all(
        [...nodes.keys()].sort().map((node) => askCelery(broker, { node }, node, want, timeoutMs)),
      )
    },
  }
}

/** Ids of workers made with drover/worker, by the start of the id or by the host. */
async function findKitWorkers(link: RedisLink, prefix: string, word: string): Promise<string[]> {
  const [ids] = await values(link, [['ZRANGE', workersKey(prefix), 0, -1]])
  const known = z.array(z.string()).parse(ids ?? [])
  const byId = known.filter((id) => id.startsWith(word))
  if (byId.length > 0) return byId.sort()
  const texts = await values(
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
  await values(link, [
    ['SET', controlKey(id, prefix), text, 'PX', CONTROL_KEPT_MS],
    ['PUBLISH', controlKey(id, prefix), text],
  ])
  for (;;) {
    const [value] = await values(link, [['GET', heartbeatKey(id, prefix)]])
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

/** Takes every queue away from a Celery node, or gives back those that were taken, and looks whether it is so. */
async function askCelery(
  broker: CeleryBroker,
  to: { readonly node: string },
  node: string,
  want: Want,
  timeoutMs: number,
): Promise<WorkerAnswer> {
  const unknown = (cause: string): WorkerAnswer => ({ worker: node, kind: 'celery', state: 'unknown', cause })
  const key = `{${REGISTRY_PREFIX}}:celery:${node}`
  const active = async (): Promise<string[] | undefined> => {
    const answer = (await callCelery(broker, { method: 'active_queues', to, timeoutMs })).get(node)
    // A node that takes from no queue answers null.
    return answer === undefined ? undefined : queuesSchema.parse(answer ?? []).map(({ name }) => name)
  }
  const before = await active()
  if (!before) return unknown(`it did not answer within ${timeoutMs / 1000} s`)
  const [saved] = await values(broker.link, [['GET', key]])
  const known = typeof saved === 'string' ? z.array(z.string()).parse(JSON.parse(saved)) : []
  const queues = want === 'cordoned' ? before : known.filter((queue) => !before.includes(queue))
  if (want === 'cordoned' && before.length > 0)
    await values(broker.link, [
      ['SET', key, JSON.stringify([...new Set([...known, ...before])]), 'PX', QUEUES_KEPT_MS],
    ])
  if (want === 'taking' && before.length === 0 && queues.length === 0)
    return unknown('it takes from no queue, and was not cordoned by Drover: start it again')
  const method = want === 'cordoned' ? 'cancel_consumer' : 'add_consumer'
  for (const queue of queues) {
    const answer = (await callCelery(broker, { method, arguments: { queue }, to, timeoutMs })).get(node)
    if (!okSchema.safeParse(answer).success)
      return unknown(
        `it did not confirm ${method} of ${queue}${answer === undefined ? '' : `: ${JSON.stringify(answer)}`}`,
      )
  }
  const after = queues.length === 0 ? before : await active()
  if (!after) return unknown('it did not say what it takes from now')
  const isDone = want === 'cordoned' ? after.length === 0 : queues.every((queue) => after.includes(queue))
  if (!isDone) return unknown(`it still takes from ${after.join(', ') || 'nothing'}`)
  if (want === 'taking') await values(broker.link, [['DEL', key]])
  const running = (await callCelery(broker, { method: 'active', to, timeoutMs })).get(node)
  return {
    worker: node,
    kind: 'celery',
    state: want,
    ...(Array.isArray(running) ? { busy: running.length } : {}),
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

async function values(link: RedisLink, commands: [string, ...(string | number)[]][]): Promise<unknown[]> {
  if (commands.length === 0) return []
  const replies = await link.run(
    commands.map((args) => ({ args })),
    5000,
  )
  return replies.map((reply) => {
    if ('error' in reply) throw new Error(reply.error)
    return reply.value
  })
}
