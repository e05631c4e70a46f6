import { strategiesSchema } from '../../scaling/strategies/schema.ts'
import { durationSchema } from '../../unit-schemas.ts'
import { z } from '../../zod.ts'
import { jobShape, servedShape } from './job.ts'
import { countSchema } from './values.ts'

/** How fast a count may change in one direction. */
const paceShape = {
  max_per_minute: countSchema(1).optional().describe('Allocations within any 60 s. Default: any number.'),
  cooldown: durationSchema
    .optional()
    .describe('Time from any change of the count to the next one in this direction. Default: 0s.'),
}

export const scaleSchema = z.strictObject({
  min: countSchema(0).optional().describe('Default: 0.'),
  max: countSchema(1).describe('Never more allocations than this.'),
  typical: countSchema(0)
    .optional()
    .describe('For `drover cost`. Default: the middle between min and max, rounded down.'),
  keep_alive: durationSchema.optional().describe('How long an idle allocation stays. Default: 5m.'),
  start_up: durationSchema.optional().describe('From placed to taking tasks. Default: 30s.'),
  strategies: strategiesSchema.optional(),
  up: z
    .strictObject({
      ...paceShape,
      stabilization: durationSchema
        .optional()
        .describe('Grow only to what was asked for throughout this last while. Default: 0s.'),
    })
    .optional()
    .describe('How fast the count may grow. Default: at once.'),
  down: z
    .strictObject({
      ...paceShape,
      stabilization: durationSchema
        .optional()
        .describe('Shrink only to the most that was asked for in this last while. Default: 0s.'),
    })
    .optional()
    .describe('How fast the count may shrink, beside `keep_alive`. Default: at once.'),
})

export const celerySchema = z
  .strictObject({
    app: z.string().min(1).describe('The Celery application, as in `celery -A APP`.'),
    log_level: z
      .enum(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'])
      .optional()
      .describe('Default: INFO.'),
    prefetch_multiplier: z
      .int()
      .min(1)
      .optional()
      .describe(
        'Tasks reserved per slot. Default: 1, and with it none before a slot is free (Celery 5.6 and newer).',
      ),
    acks_late: z
      .boolean()
      .optional()
      .describe(
        'A task is acknowledged when it is done, and runs again if its worker dies. Default: true. false: it is lost then.',
      ),
    max_tasks_per_child: z.int().min(1).optional(),
    time_limit: durationSchema.optional().describe('A task is killed after this time.'),
    soft_time_limit: durationSchema.optional().describe('A task is asked to stop after this time.'),
    arguments: z.array(z.string().min(1)).optional().describe('More arguments for `celery worker`.'),
  })
  .describe('A Celery worker: Drover writes its command, with a node name per allocation.')

export const workerSchema = z.strictObject({
  ...jobShape,
  ...servedShape,
  queues: z.array(z.string().min(1)).min(1).describe('Queues that this group consumes; no other group may.'),
  concurrency: z.int().min(1).optional().describe('Tasks that one allocation runs at once. Default: 1.'),
  scale: scaleSchema,
  celery: celerySchema.optional(),
  longest_task: durationSchema
    .optional()
    .describe('The longest time a task may take. Default: the Celery time limit.'),
  job_type: z
    .enum(['batch', 'service'])
    .optional()
    .describe(
      'batch: an idle worker leaves by exiting 0. service: only for workers that cannot. Default: batch.',
    ),
})

export const brokerSchema = z
  .strictObject({
    software: z.enum(['celery', 'bullmq']),
    service: z.string().min(1).describe('The Redis service of this stack that holds the queues.'),
    port: z.string().min(1).optional(),
    database: z.int().min(0).optional().describe('Redis database number. Default: 0.'),
    prefix: z.string().optional().describe('Key prefix of all queues.'),
    priority_steps: z
      .array(z.int().min(0).max(255))
      .min(1)
      .max(256)
      .optional()
      .describe(
        'Celery: priority_steps of the application. Default: as in transport_options, else [0, 3, 6, 9].',
      ),
    separator: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Celery: sep of the application, between a queue and a priority step. Default: as in transport_options, else that of kombu.',
      ),
    password: z.strictObject({ secret: z.string().min(1) }).optional(),
    visibility_timeout: durationSchema
      .optional()
      .describe(
        'Celery: an unacknowledged task is delivered again after this time. Default: 1h, as in kombu.',
      ),
    transport_options: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        "Celery: more of broker_transport_options. What Drover passes to workers takes the place of the application's own.",
      ),
  })
  .describe('Where the queues are.')
