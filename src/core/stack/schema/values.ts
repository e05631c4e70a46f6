import { z } from '../../zod.ts'

/** A name of a service, worker, volume, network or secret: what Nomad, Consul and Docker all accept. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 lower-case letters, digits, "-" and "_", starting and ending with a letter or digit',
  )
  .describe('Lower-case letters, digits, "-" and "_".')

/** Past this many a count is a slip of the keyboard. */
export const MAX_COUNT = 100_000

/** A number of allocations, at least so many. */
export function countSchema(least: 0 | 1): z.ZodInt {
  return z.int().min(least).max(MAX_COUNT)
}

/** A name of an environment variable. */
export const variableNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and "_", not starting with a digit')

/** A name of a secret: also the key in the Nomad variable, hence the narrow alphabet. */
export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'must be letters, digits and "_", not starting with a digit')

export const secretReferenceSchema = z
  .strictObject({ secret: secretNameSchema.describe('A name from `secrets`.') })
  .describe('The value of a secret, read from a Nomad variable when the task starts.')

/** In a file the value of a secret can be quoted as the file's format needs it. */
export const fileSecretSchema = z
  .strictObject({
    secret: secretNameSchema.describe('A name from `secrets`.'),
    quote: z
      .literal('json')
      .optional()
      .describe('Write it in double quotes, with escapes as in JSON. Default: as it is.'),
  })
  .describe('The value of a secret, read from a Nomad variable when the task starts.')

export const serviceReferenceSchema = z
  .strictObject({
    service: nameSchema.describe('A service, worker or system job of this stack.'),
    port: nameSchema.optional().describe('A name from its `ports`. Default: its only port.'),
    part: z
      .enum(['address', 'host', 'port'])
      .optional()
      .describe('`address` is host:port. Default: address.'),
    wait: z
      .boolean()
      .optional()
      .describe(
        'false: start without it, with its Consul name instead, and restart once it is there. Default: true.',
      ),
  })
  .describe(
    'Where a service can be reached, looked up in Consul when the task starts; the task waits for it.',
  )

const literalSchema = z.union([z.string(), z.number(), z.boolean()])

export const partSchema = z.union([literalSchema, secretReferenceSchema, serviceReferenceSchema])

/**
 * A value made of literals, secrets and service addresses. A list is joined without a separator:
 * `["redis://:", {secret: redis_password}, "@", {service: redis}, "/0"]`.
 */
export const valueSchema = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    secretReferenceSchema,
    serviceReferenceSchema,
    z.array(partSchema).min(1),
  ])
  .describe(
    'A text, number or boolean, {secret: NAME}, {service: NAME, port: NAME}, or a list of these that is joined.',
  )

export const environmentSchema = z
  .record(variableNameSchema, valueSchema)
  .describe('Environment variables: name to value.')

/** A program and its arguments; a plain text is split like a shell does, without running one. */
export const commandSchema = z
  .union([z.string().min(1), z.array(z.union([literalSchema, z.array(partSchema).min(1)])).min(1)])
  .describe('A text that is split like a shell does (no shell runs), or a list of arguments.')

export type WrittenPart = z.infer<typeof partSchema>
export type WrittenValue = z.infer<typeof valueSchema>
export type WrittenCommand = z.infer<typeof commandSchema>
export type WrittenFilePart = z.infer<typeof fileSecretSchema> | z.infer<typeof serviceReferenceSchema>
