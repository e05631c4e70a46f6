import { z } from '../zod.ts'
import { ageSchema, countSchema, timeSchema } from './values.ts'

const lineSchema = z
  .object({
    name: z.string(),
    kind: z.string(),
    state: z.enum(['healthy', 'idle', 'starting', 'waiting', 'degraded', 'down', 'unknown']),
    why: z.string().optional(),
    desired: countSchema.optional().describe('Allocations that should run.'),
    running: countSchema.optional(),
    restarts: countSchema.optional(),
    changedAt: timeSchema.optional(),
    checks: z.object({ passing: countSchema, all: countSchema }).describe("Consul's."),
  })
  .meta({ title: 'HealthLine' })

const costSchema = z
  .object({
    since: timeSchema,
    currency: z.string().optional(),
    groups: z.array(
      z.object({
        name: z.string(),
        perHour: z.number().optional().describe('Now; absent without prices.'),
        spent: z.number().describe('Since then, as far as it was recorded.'),
        recordedMs: ageSchema.describe('How much of that time was recorded.'),
      }),
    ),
    perHour: z.number().optional().describe('Of all groups, now.'),
    spent: z.number(),
    others: z
      .object({ perHour: z.number() })
      .optional()
      .describe('What the jobs of the stack reserve that are no worker groups.'),
  })
  .describe('Of what is reserved, in the currency of the prices of the stack.')

export const platformAnswer = z.object({
  stack: z.string().optional(),
  jobs: z.array(z.object({ name: z.string(), kind: z.string() })),
  edges: z
    .array(
      z.object({
        from: z.string(),
        to: z.string(),
        why: z.enum(['healthy', 'started', 'completed', 'address']),
        waits: z.boolean(),
      }),
    )
    .describe('Who needs whom, and what for: a state of the other, or only its address.'),
  health: z
    .object({
      at: timeSchema,
      lines: z.array(lineSchema),
      unseen: z.array(z.object({ source: z.enum(['Nomad', 'Consul']), cause: z.string() })),
    })
    .optional()
    .describe('Absent where the scaler does not look.'),
  cost: costSchema,
})
