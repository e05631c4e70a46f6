import { durationSchema } from '../../unit-schemas.ts'
import { z } from '../../zod.ts'

const timing = {
  name: z.string().min(1).optional().describe('Default: the type.'),
  interval: durationSchema.optional().describe('Default: 30s.'),
  timeout: durationSchema.optional().describe('Default: 10s.'),
  retries: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('Failures in a row that make it critical. Default: 3.'),
}

export const externalCheckSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('http'),
      path: z.string().startsWith('/', 'must start with "/"'),
      method: z.enum(['GET', 'HEAD']).optional().describe('Default: GET.'),
      ...timing,
    }),
    z.strictObject({ type: z.literal('tcp'), ...timing }),
  ])
  .describe("A check that Consul's agent runs.")

const ADDRESS =
  /^(?:https?:\/\/(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?|(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]):\d{1,5})$/

export const externalSchema = z
  .strictObject({
    description: z.string().max(512).optional().describe("Shown in Consul's UI."),
    address: z
      .string()
      .regex(ADDRESS, {
        error:
          'must be HOST:PORT, or a URL such as "https://api.example.com" without a path and without credentials',
        abort: true,
      })
      .refine(hasPort, 'must be a port from 1 to 65535')
      .describe('"db.example.com:5432", or "https://api.example.com".'),
    checks: z.array(externalCheckSchema).min(1).optional().describe('Default: one of type tcp.'),
    tags: z.array(z.string().min(1)).optional().describe('Tags of the service in Consul.'),
    meta: z
      .record(
        z
          .string()
          .regex(
            /^(?!drover_|consul-|(?:stack|kind|description)$)[A-Za-z0-9_-]{1,128}$/,
            'must be letters, digits, "-" and "_", and none of the names that Drover gives itself',
          ),
        z.string().max(512),
      )
      .optional()
      .describe('Metadata in Consul: `tier`, `version`, `link_NAME` with a URL, and your own.'),
  })
  .describe('A service that runs elsewhere and that the stack needs.')

export type WrittenExternal = z.infer<typeof externalSchema>

function hasPort(address: string): boolean {
  const port = /:(\d+)$/.exec(address)?.[1]
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65535)
}
