import { durationSchema } from '../unit-schemas.ts'
import { z } from '../zod.ts'
import { orderedCountSchema } from './values.ts'

/** One line: it is shown in logs and tables. */
function lineSchema(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters')
}

const asker = {
  by: lineSchema(100).optional().describe('Who asks, for the log and the history. Default: "api".'),
  reason: lineSchema(500).optional(),
}

/** The body of an order; none at all is an empty one. */
const body = <S extends z.ZodRawShape>(shape: S) =>
  z.preprocess((value) => value ?? {}, z.strictObject({ ...shape, ...asker }))

export const pauseBody = body({
  for: durationSchema
    .refine((text) => /[1-9]/.test(text), 'must be longer than nothing')
    .optional()
    .describe('How long, such as "30m". Default: until it is resumed.'),
})

export const resumeBody = body({})

export const boundsBody = z.preprocess(
  (value) => value ?? {},
  z
    .strictObject({
      min: orderedCountSchema.optional(),
      max: orderedCountSchema.optional(),
      clear: z.literal(true).optional().describe("Back to the policy's own bounds."),
      ...asker,
    })
    .refine(
      ({ min, max, clear }) => (clear === true) === (min === undefined && max === undefined),
      'needs min, max or both, or else clear: true',
    )
    .refine(
      ({ min, max }) => min === undefined || max === undefined || min <= max,
      'min must not be above max',
    ),
)

export const scaleBody = body({ count: orderedCountSchema })

export const retireBody = body({
  allocation: z
    .string()
    .regex(/^[0-9a-f]{4}[0-9a-f-]{0,32}$/, 'must be the id of an allocation, or at least its first 4 digits'),
})
