import { compact } from '../compact.ts'
import type { WorkerState } from '../scaling/sample.ts'
import { z } from '../zod.ts'
import { runningTasks } from './running-tasks.ts'

/** A worker that was heard of within this time and has no heartbeat now is unknown; after it, it is gone. */
export const KIT_LISTED_MS = 60_000

/**
 * Heartbeats of workers made with `drover/worker`: {id, time of the last one, its text or ''}. KEYS: the sorted set of
 * workers; ARGV: since when, and what stands before an id in the key of its heartbeat.
 */
export const KIT_SCRIPT = `
local call = redis.call
local listed = call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf', 'WITHSCORES')
local rows = {}
for i = 1, #listed, 2 do
  rows[#rows + 1] = {listed[i], listed[i + 1], call('GET', ARGV[2] .. listed[i]) or ''}
end
return rows
`

export type KitRow = readonly [id: string, heardAt: string, text: string]

const heartbeatSchema = z.object({
  v: z.literal(1),
  id: z.string(),
  group: z.string().optional(),
  queues: z.array(z.string()),
  concurrency: z.number(),
  busy: z.int().min(0),
  // Only shown: what is wrong with them must not make the worker unknown.
  tasks: z
    .array(z.object({ queue: z.string(), id: z.string(), name: z.string(), since: z.number() }))
    .optional()
    .catch(undefined),
  state: z.enum(['taking', 'cordoned', 'draining']),
  idleSince: z.number().optional(),
  at: z.number(),
})

/** Their state by their own word; nothing is known of one whose heartbeat is missing or cannot be read. */
export function kitWorkers(rows: readonly KitRow[]): WorkerState[] {
  return rows.map(([id, heardAt, text]) => {
    const silent: WorkerState = { worker: id, ...allocation(id), seenAt: Number(heardAt) }
    if (text === '') return silent
    const parsed = heartbeatSchema.safeParse(parseJson(text))
    if (!parsed.success) return silent
    const { group, queues, concurrency, busy, tasks, state, idleSince, at } = parsed.data
    return compact({
      worker: id,
      ...allocation(id),
      group,
      busy,
      tasks: tasks && runningTasks(tasks),
      concurrency,
      intake: state,
      idleSince,
      queues,
      seenAt: at,
    })
  })
}

/**
 * Both lists as one. A worker's own word on itself goes further than what its jobs say, but a job that is certainly
 * its own is never left out.
 */
export function mergeWorkers(seen: readonly WorkerState[], told: readonly WorkerState[]): WorkerState[] {
  const merged = new Map(seen.map((worker) => [worker.worker, worker]))
  for (const own of told) {
    const other = merged.get(own.worker)
    const { busy: _, idleSince: __, ...rest } = own
    const busy = own.busy === undefined ? undefined : Math.max(own.busy, other?.busy ?? 0)
    merged.set(own.worker, busy === 0 ? own : compact({ ...rest, busy }))
  }
  return [...merged.values()]
}

/** The kit names a worker after its allocation, and outside of Nomad otherwise. */
function allocation(id: string): { allocation?: string } {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id) ? { allocation: id } : {}
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
