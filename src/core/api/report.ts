import { z } from '../zod.ts'
import { decisionSchema } from './decision.ts'
import { clusterStateSchema, sourceStateSchema, workerStateSchema } from './sample.ts'
import { ageSchema, countSchema, groupRefSchema, timeSchema } from './values.ts'

const paceSchema = z.object({
  maxPerMinute: z.number().optional(),
  cooldownMs: ageSchema,
  stabilizationMs: ageSchema,
})

const windowSchema = z.object({
  name: z.string(),
  timeZone: z.string(),
  weekdays: z.array(z.number()).describe('1 is Monday.'),
  fromMinutes: z.number().optional().describe('After midnight; both absent: the whole day.'),
  toMinutes: z.number().optional(),
  isOutside: z.boolean().describe('In force outside of these times instead of within them.'),
  min: countSchema.optional(),
  max: countSchema.optional(),
})

export const policySchema = z
  .object({
    group: groupRefSchema,
    origin: z.enum(['stack', 'nomad']),
    jobType: z.enum(['batch', 'service']),
    queues: z.array(z.string()),
    concurrency: z.number(),
    min: countSchema,
    max: countSchema,
    keepAliveMs: ageSchema,
    startUpMs: ageSchema,
    strategies: z.array(z.object({ name: z.string(), options: z.unknown() })),
    up: paceSchema,
    down: paceSchema,
    targetAgeMs: ageSchema.optional(),
    costPerHour: z.number().optional(),
    schedules: z.array(windowSchema).optional().describe('Other bounds at certain times.'),
  })
  .meta({ title: 'ScalingPolicy' })

const allocationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    index: z.number(),
    node: z.string(),
    clientStatus: z.enum(['pending', 'running', 'complete', 'failed', 'lost', 'unknown']),
    desiredStatus: z.enum(['run', 'stop', 'evict']),
    jobVersion: z.number(),
    createdAt: timeSchema,
    startedAt: timeSchema.optional(),
    restarts: countSchema.optional(),
    isReplaced: z.boolean().optional(),
    trouble: z.string().optional(),
  })
  .meta({ title: 'Allocation' })

export const workerReportSchema = z
  .object({
    allocation: allocationSchema.optional(),
    worker: workerStateSchema.optional(),
    state: z.enum(['starting', 'busy', 'idle', 'unknown', 'retiring', 'cordoned', 'failed']),
    idleSince: timeSchema.optional(),
  })
  .meta({ title: 'Worker' })

export const ALERT_KINDS = [
  'at-max',
  'backlog-over-threshold',
  'source-blind',
  'retirement-stuck',
  'scale-refused',
  'allocation-failed',
  'budget-reached',
] as const

export const alertSchema = z
  .object({
    kind: z.enum(ALERT_KINDS),
    group: z.string().optional(),
    message: z.string(),
    since: timeSchema,
    resolvedAt: timeSchema.optional(),
  })
  .meta({ title: 'Alert' })

/** A group as it stands. */
export const groupReportSchema = z
  .object({
    group: groupRefSchema,
    name: z.string().describe('As people name it; unique.'),
    policy: policySchema,
    bounds: z.object({ min: countSchema, max: countSchema, by: z.string() }).describe('In force now.'),
    job: z.enum(['present', 'stopped', 'missing']),
    desired: countSchema.describe("Nomad's count."),
    live: countSchema,
    starting: countSchema,
    busy: countSchema.describe('Workers known to run a task.'),
    idle: countSchema.describe('Workers known to run none.'),
    unknown: countSchema.describe('Workers of which neither is known.'),
    retiring: countSchema,
    cordoned: countSchema,
    waiting: countSchema.optional().describe('Of all queues together; absent when any is not known.'),
    active: countSchema.optional(),
    delayed: countSchema.optional(),
    oldestAgeMs: ageSchema.optional(),
    throughputPerMin: z.number().optional(),
    sampleAgeMs: ageSchema.optional(),
    paused: z
      .object({
        since: timeSchema,
        by: z.string().optional(),
        reason: z.string().optional(),
        until: timeSchema.optional(),
      })
      .optional(),
    decision: decisionSchema.optional(),
    explained: z.string().optional().describe('The decision in words.'),
    decidedSince: timeSchema.optional(),
    lastEvaluatedAt: timeSchema.optional(),
    lastChange: z.object({ at: timeSchema, from: countSchema, to: countSchema }).optional(),
    workers: z.array(workerReportSchema),
    alerts: z.array(alertSchema),
    costPerHour: z.number().optional(),
  })
  .meta({ title: 'Group' })

export const healthSchema = z
  .object({
    live: z.literal(true),
    ready: z.boolean(),
    problems: z.array(z.string()).describe('One line each; empty when ready.'),
    isLeader: z.boolean(),
    leader: z.string().optional(),
    cluster: clusterStateSchema,
    sources: z.record(z.string(), sourceStateSchema),
    dryRun: z.boolean(),
    startedAt: timeSchema,
  })
  .meta({ title: 'Health' })
