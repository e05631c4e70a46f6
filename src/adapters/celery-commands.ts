import { z } from '../core/zod.ts'
import { REGISTRY_PREFIX } from '../worker-protocol.ts'
import { type CeleryBroker, callCelery } from './celery-control.ts'
import { valuesOf } from './redis-values.ts'
import type { Want, WorkerAnswer } from './worker-commands.ts'

/** For what a cordoned Celery worker took from, so that it can be told to take from it again. */
const QUEUES_KEPT_MS = 7 * 24 * 60 * 60 * 1000
/** A task reaches its process within milliseconds of being received; what waits for longer is not on its way. */
const ON_ITS_WAY_MS = 1000
const POLL_MS = 10

const queuesSchema = z.array(z.object({ name: z.string() }))
const okSchema = z.object({ ok: z.unknown() })
const tasksSchema = z.array(z.unknown())

/** Names of the nodes of an allocation, by its id or the start of it, or of a host. */
export async function celeryNodesOf(
  broker: CeleryBroker,
  word: string,
  timeoutMs: number,
): Promise<string[]> {
  const nodes = await callCelery(broker, {
    method: 'ping',
    to: { pattern: `*@${word}*` },
    timeoutMs,
    ...(word.length === UUID_LENGTH ? { limit: 1 } : {}),
  })
  return [...nodes.keys()].sort()
}

const UUID_LENGTH = 36

/** Takes every queue away from a Celery node, or gives back those that were taken, and looks whether it is so. */
export async function askCelery(
  broker: CeleryBroker,
  node: string,
  want: Want,
  timeoutMs: number,
): Promise<WorkerAnswer> {
  const to = { node }
  const unknown = (cause: string): WorkerAnswer => ({ worker: node, kind: 'celery', state: 'unknown', cause })
  const key = `{${REGISTRY_PREFIX}}:celery:${node}`
  const active = async (): Promise<string[] | undefined> => {
    const answer = (await callCelery(broker, { method: 'active_queues', to, timeoutMs })).get(node)
    // A node that takes from no queue answers null.
    return answer === undefined ? undefined : queuesSchema.parse(answer ?? []).map(({ name }) => name)
  }
  const before = await active()
  if (!before) return unknown(`it did not answer within ${timeoutMs / 1000} s`)
  const [saved] = await valuesOf(broker.link, [['GET', key]])
  const known = typeof saved === 'string' ? z.array(z.string()).parse(JSON.parse(saved)) : []
  const queues = want === 'cordoned' ? before : known.filter((queue) => !before.includes(queue))
  if (want === 'cordoned' && before.length > 0)
    await valuesOf(broker.link, [
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
  if (want === 'taking') await valuesOf(broker.link, [['DEL', key]])
  const running = (await callCelery(broker, { method: 'active', to, timeoutMs })).get(node)
  return {
    worker: node,
    kind: 'celery',
    state: want,
    ...(Array.isArray(running) ? { busy: running.length } : {}),
  }
}

/**
 * Cordons a Celery node, and waits until no task is on its way to one of its processes: then SIGTERM does no harm.
 * Told to leave between handing a task to a process and hearing that it was begun, Celery's prefork pool forgets it
 * (5.7: `Consumer.on_close` has `AsynPool.flush` discard what is not accepted): the task runs, its end is not
 * acknowledged, and with acks_late it is given to another worker. A task that was begun is finished as always.
 */
export async function settleCelery(
  broker: CeleryBroker,
  node: string,
  timeoutMs: number,
): Promise<WorkerAnswer> {
  const answer = await askCelery(broker, node, 'cordoned', timeoutMs)
  if (answer.state !== 'cordoned') return answer
  const end = Date.now() + ON_ITS_WAY_MS
  for (;;) {
    const received = (await callCelery(broker, { method: 'reserved', to: { node }, timeoutMs })).get(node)
    if (received === undefined)
      return {
        worker: node,
        kind: 'celery',
        state: 'unknown',
        cause: 'it did not say which tasks it has received',
      }
    if (tasksSchema.parse(received ?? []).length === 0 || Date.now() >= end) return answer
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
