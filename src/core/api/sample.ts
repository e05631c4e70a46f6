import { z } from '../zod.ts'
import { ageSchema, countSchema, timeSchema } from './values.ts'

export const causeSchema = z
  .object({
    code: z.enum([
      'connecting',
      'unreachable',
      'timeout',
      'tls',
      'auth',
      'no-permission',
      'loading',
      'readonly',
      'memory',
      'busy',
      'cluster-down',
      'wrong-type',
      'replaced',
      'no-data',
      'rejected',
      'closed',
    ]),
    message: z.string(),
  })
  .describe('Why something is not known.')

const sampleSchema = z
  .object({
    queue: z.string(),
    at: timeSchema,
    waiting: countSchema,
    prioritized: countSchema.optional(),
    due: countSchema.optional(),
    delayed: countSchema.optional(),
    active: countSchema.optional(),
    orphaned: countSchema.optional(),
    waitingChildren: countSchema.optional(),
    unacked: z
      .object({
        total: countSchema,
        running: countSchema.optional(),
        prefetched: countSchema.optional(),
        eta: countSchema.optional(),
        orphaned: countSchema.optional(),
      })
      .optional(),
    paused: z.boolean().optional(),
    concurrencyLimit: z.number().optional(),
    rateLimitedUntil: timeSchema.optional(),
    nextDueAt: timeSchema.optional(),
    oldestAgeMs: ageSchema.optional(),
    oldestIsAtLeast: z.literal(true).optional(),
    throughputPerMin: z.number().optional(),
    completed: countSchema.optional(),
    failed: countSchema.optional(),
    needsWakeAt: timeSchema.optional(),
  })
  .meta({ title: 'QueueSample', description: 'What is not known is absent, never 0.' })

export const readingSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), sample: sampleSchema }),
  z.object({ ok: z.literal(false), cause: causeSchema }),
])

export const workerStateSchema = z
  .object({
    worker: z.string(),
    allocation: z.string().optional(),
    group: z.string().optional(),
    busy: countSchema.optional().describe('Tasks that it runs; absent when that is not known.'),
    tasks: z
      .array(z.object({ queue: z.string().optional(), name: z.string(), id: z.string(), since: timeSchema }))
      .optional()
      .describe('Some of those, at most 20; absent when none is known by name.'),
    concurrency: countSchema.optional(),
    intake: z.enum(['taking', 'cordoned', 'draining']).optional(),
    idleSince: timeSchema.optional(),
    queues: z.array(z.string()).optional(),
    seenAt: timeSchema,
  })
  .meta({ title: 'WorkerState' })

export const workersReadingSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), workers: z.array(workerStateSchema) }),
  z.object({ ok: z.literal(false), cause: causeSchema }),
])

const connectionSchema = z.object({
  status: z.enum(['off', 'connecting', 'ready', 'lost']),
  since: timeSchema,
  cause: causeSchema.optional(),
})
export const sourceStateSchema = z.object({ polls: connectionSchema, pushes: connectionSchema })

export const clusterStateSchema = z.object({
  status: z.enum(['connecting', 'ready', 'lost']),
  since: timeSchema,
  heardAt: timeSchema,
  cause: z.string().optional(),
})
