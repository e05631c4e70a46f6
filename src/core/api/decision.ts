import { z } from '../zod.ts'
import { ageSchema, countSchema, groupRefSchema, timeSchema } from './values.ts'

const reasonSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('demand'),
    waiting: countSchema,
    active: countSchema,
    busySlots: countSchema.optional(),
    oldestAgeMs: ageSchema.optional(),
  }),
  z.object({ kind: z.literal('vote'), strategy: z.string(), count: countSchema.optional(), why: z.string() }),
  z.object({
    kind: z.literal('clamp'),
    by: z.enum([
      'min',
      'max',
      'schedule',
      'budget',
      'by-hand',
      'rate',
      'cooldown',
      'stabilization',
      'unknown',
    ]),
    from: countSchema,
    to: countSchema,
  }),
  z.object({
    kind: z.literal('capacity'),
    running: countSchema,
    starting: countSchema,
    retiring: countSchema,
    gone: countSchema,
  }),
  z.object({
    kind: z.literal('victim'),
    allocation: z.string(),
    why: z.string(),
    idleForMs: ageSchema.optional(),
  }),
  z.object({
    kind: z.literal('spared'),
    allocation: z.string(),
    why: z.enum(['busy', 'unknown', 'keep-alive', 'starting']),
  }),
  z.object({ kind: z.literal('wait'), why: z.string(), untilMs: z.number().optional() }),
  z.object({ kind: z.literal('unknown'), what: z.string(), code: z.string(), message: z.string() }),
])

const decided = {
  group: groupRefSchema,
  at: timeSchema,
  reasons: z.array(reasonSchema).describe('Each step of the way, in order.'),
  need: countSchema
    .optional()
    .describe('Allocations that the work asks for, within the bounds; absent when that is not known.'),
}
const allocations = z.array(z.string()).describe("Nomad's ids.")

/** What is done about a group, and why. */
export const decisionSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('scale'),
      ...decided,
      from: countSchema,
      to: countSchema,
      cause: z.enum(['grow', 'follow', 'refill', 'bounds', 'idle-run']),
      jobModifyIndex: z.number(),
    }),
    z.object({ kind: z.literal('retire'), ...decided, allocations }),
    z.object({ kind: z.literal('cordon'), ...decided, allocations }),
    z.object({ kind: z.literal('lift'), ...decided, allocations }),
    z.object({
      kind: z.literal('hold'),
      ...decided,
      count: countSchema,
      because: z.enum([
        'steady',
        'keep-alive',
        'cooldown',
        'stabilizing',
        'rate-limit',
        'at-bound',
        'no-sample',
        'stale-sample',
        'not-ready',
        'ends-at-once',
        'deployment-active',
        'busy',
        'retiring',
        'paused',
        'job-stopped',
        'job-missing',
        'cluster-blind',
      ]),
    }),
  ])
  .meta({ title: 'Decision' })
