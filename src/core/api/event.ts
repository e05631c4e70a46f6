import { z } from '../zod.ts'
import { decisionSchema } from './decision.ts'
import { alertSchema, policySchema } from './report.ts'
import {
  causeSchema,
  clusterStateSchema,
  readingSchema,
  sourceStateSchema,
  workersReadingSchema,
} from './sample.ts'
import { ageSchema, groupRefSchema, timeSchema } from './values.ts'

/** What a decision was made from. */
export const inputsSchema = z
  .object({
    policy: policySchema,
    samples: z.record(z.string(), readingSchema),
    workers: workersReadingSchema,
    group: z.unknown().describe('The group as Nomad has it, and what the scaler remembers of it.'),
  })
  .meta({ title: 'DecisionInputs' })

export const actionAnswerSchema = z
  .discriminatedUnion('ok', [
    z.object({
      ok: z.literal(true),
      jobModifyIndex: z.number().optional(),
      evaluation: z.string().optional(),
      attempts: z.number(),
    }),
    z.object({
      ok: z.literal(false),
      refusal: z.enum([
        'deployment-active',
        'stale-index',
        'job-stopped',
        'job-missing',
        'group-missing',
        'allocation-missing',
        'task-not-running',
        'worker-not-ready',
        'out-of-bounds',
        'forbidden',
        'rate-limited',
        'no-leader',
        'invalid',
        'server-error',
        'unreachable',
        'timeout',
        'dry-run',
      ]),
      message: z.string(),
      status: z.number().optional(),
      mayBeDone: z.boolean(),
      attempts: z.number(),
    }),
  ])
  .meta({ title: 'ActionAnswer' })

const told = { id: z.number(), at: timeSchema, message: z.string().describe('One line for people.') }

export const EVENT_KINDS = [
  'decision',
  'action',
  'observed',
  'source',
  'cluster',
  'leader',
  'order',
  'alert',
  'config',
] as const

/** What happened; decisions carry their inputs in answers about one group, not in the stream. */
export const eventSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('decision'),
      ...told,
      group: groupRefSchema,
      decision: decisionSchema,
      isNews: z.boolean(),
      isFollower: z.literal(true).optional().describe('Of a daemon that does not lead: nothing comes of it.'),
      inputs: inputsSchema.optional(),
    }),
    z.object({
      kind: z.literal('action'),
      ...told,
      group: groupRefSchema,
      decision: decisionSchema,
      answer: actionAnswerSchema,
      tookMs: ageSchema,
    }),
    z.object({ kind: z.literal('observed'), ...told, group: groupRefSchema, what: z.string() }),
    z.object({
      kind: z.literal('source'),
      ...told,
      source: z.string(),
      state: sourceStateSchema,
      cause: causeSchema.optional(),
    }),
    z.object({ kind: z.literal('cluster'), ...told, state: clusterStateSchema }),
    z.object({ kind: z.literal('leader'), ...told, isLeader: z.boolean() }),
    z.object({ kind: z.literal('order'), ...told, group: groupRefSchema, order: z.string(), by: z.string() }),
    z.object({ kind: z.literal('alert'), ...told, alert: alertSchema }),
    z.object({ kind: z.literal('config'), ...told, ok: z.boolean() }),
  ])
  .meta({ title: 'Event' })
