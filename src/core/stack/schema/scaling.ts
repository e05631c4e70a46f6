import { durationSchema } from '../../unit-schemas.ts'
import { z } from '../../zod.ts'
import { countSchema, nameSchema, secretReferenceSchema } from './values.ts'

const countsSchema = z.record(nameSchema, countSchema(0))

export const scheduleSchema = z
  .strictObject({
    enabled: z.boolean().optional().describe('Default: true.'),
    time_zone: z.string().min(1).optional().describe('Default: UTC.'),
    weekdays: z.array(z.int().min(1).max(7)).min(1).optional().describe('1 is Monday. Default: all.'),
    from: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
      .optional(),
    to: z
      .string()
      .regex(/^(?:([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be HH:MM')
      .optional(),
    otherwise: nameSchema
      .optional()
      .describe('In force outside of the times of the named schedule; instead of from and to.'),
    min: countsSchema.optional().describe('Worker to the least count in this window.'),
    max: countsSchema.optional().describe('Worker to the largest count in this window.'),
  })
  .describe('Other bounds at certain times.')

export const alertSchema = z.enum([
  'backlog-over-threshold',
  'allocation-failed',
  'at-max',
  'budget-reached',
  'source-blind',
  'retirement-stuck',
  'scale-refused',
])

/** The scaler's settings for the whole stack. */
export const scalingSchema = z.strictObject({
  interval: durationSchema
    .optional()
    .describe('Between two looks at every queue; changes wake it at once. Default: 5s.'),
  schedules: z.record(nameSchema, scheduleSchema).optional(),
  forecast: z
    .strictObject({
      enabled: z.boolean().optional().describe('Default: true.'),
      look_back: durationSchema.optional().describe('Default: 24h.'),
      horizon: durationSchema.optional().describe('Default: 15m.'),
    })
    .optional()
    .describe('Scale before the backlog comes, from the pattern of the past.'),
  budget: z
    .strictObject({
      enabled: z.boolean().optional().describe('Default: true.'),
      max_per_hour: z.number().positive().describe('In the currency of `cluster.prices`.'),
    })
    .optional(),
  alerts: z
    .strictObject({
      enabled: z.boolean().optional().describe('Default: true.'),
      webhook: secretReferenceSchema.describe('The address is a secret: it holds a token.'),
      on: z.array(alertSchema).min(1),
    })
    .optional(),
})
