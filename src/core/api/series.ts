import { z } from '../zod.ts'
import { ageSchema, countSchema, timeSchema } from './values.ts'

export const pointSchema = z
  .object({
    at: timeSchema.describe('The start of the step.'),
    desired: countSchema,
    live: countSchema,
    busy: countSchema,
    waiting: countSchema.optional(),
    active: countSchema.optional(),
    oldestAgeMs: ageSchema.optional(),
    costPerHour: z.number().optional(),
  })
  .meta({ title: 'SeriesPoint', description: 'How a group stood. What was not known is absent.' })

export const seriesAnswer = z.object({
  name: z.string(),
  from: timeSchema,
  to: timeSchema,
  stepMs: ageSchema.describe(
    'One point for so long at most; of each number its largest, of the cost the mean.',
  ),
  points: z.array(pointSchema).describe('Oldest first. Steps of which nothing was recorded have no point.'),
})

const line = z.array(countSchema.nullable()).describe('One number a step; null for what is not known.')

export const sparklinesAnswer = z.object({
  from: timeSchema,
  stepMs: ageSchema,
  groups: z.array(z.object({ name: z.string(), desired: line, waiting: line })),
})
