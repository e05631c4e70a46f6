import { alertSchema } from '../core/stack/schema/scaling.ts'
import { durationSchema, sizeSchema } from '../core/unit-schemas.ts'
import { z } from '../core/zod.ts'
import { LISTEN_FORM, parseListen } from './listen.ts'

const pathSchema = z.string().min(1, 'must not be empty')
const urlSchema = z
  .string()
  .regex(/^https?:\/\/[^/\s]+/, 'must be an address such as "http://127.0.0.1:4646"')
  .refine(
    (text) => !hasPassword(text),
    'must hold no credentials; they belong into a file or the environment',
  )
const redisUrlSchema = z
  .string()
  .min(1, 'must not be empty')
  .refine((text) => !hasPassword(text), {
    error: 'must hold no password; others may read this file',
    params: { code: 'secret-in-file', fix: 'put it into a file of its own, and name that in password_file' },
  })

/** The scaler's configuration file as people write it. Every key may be left out. */
export const configSchema = z.strictObject({
  listen: z
    .string()
    .refine((text) => parseListen(text) !== undefined, LISTEN_FORM)
    .optional()
    .describe('Where the API is served. Default: 127.0.0.1:7646.'),
  token_file: pathSchema
    .optional()
    .describe('Holds the token that the API asks for before it changes anything.'),
  interval: durationSchema
    .refine((text) => !/^0+(?:\.0+)?[a-z]+$/.test(text), 'must be longer than nothing')
    .optional()
    .describe("Between two looks at every queue. Default: the stack's."),
  nomad: z
    .strictObject({
      address: urlSchema.optional().describe('Default: NOMAD_ADDR, or http://127.0.0.1:4646.'),
      namespace: z.string().min(1, 'must not be empty').optional(),
      region: z.string().min(1, 'must not be empty').optional(),
      token_file: pathSchema.optional(),
      ca_file: pathSchema.optional(),
    })
    .optional(),
  lock: z
    .strictObject({
      enabled: z.boolean().optional().describe('false: this is the only daemon, for ever. Default: true.'),
      path: z
        .string()
        .regex(/^[A-Za-z0-9._~/-]{1,128}$/, 'must be the path of a Nomad variable: letters, digits and -._~/')
        .optional()
        .describe('The Nomad variable. Default: drover/scaler/STACK.'),
    })
    .optional(),
  redis: z
    .strictObject({
      url: redisUrlSchema.optional().describe('Default: DROVER_REDIS_URL.'),
      username: z.string().min(1, 'must not be empty').optional(),
      password_file: pathSchema.optional(),
      ca_file: pathSchema.optional(),
    })
    .optional(),
  history: z
    .strictObject({
      path: pathSchema.optional().describe('A folder. Default: in the state folder of the user or service.'),
      max_size: sizeSchema.optional().describe('Default: 256MB.'),
      keep: durationSchema.optional().describe('Default: 30d.'),
    })
    .optional(),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).optional().describe('Default: info.'),
      format: z
        .enum(['auto', 'json', 'text'])
        .optional()
        .describe('auto: text on a terminal, JSON lines elsewhere. Default: auto.'),
    })
    .optional(),
  alerts: z
    .strictObject({
      webhook_file: pathSchema.optional().describe('Holds the address. Default: DROVER_ALERT_WEBHOOK.'),
      on: z.array(alertSchema).min(1).optional().describe("Default: the stack's scaling.alerts.on, or all."),
      after: durationSchema
        .optional()
        .describe('How long something is wrong before it is told. Default: 1m.'),
      max_age: durationSchema
        .optional()
        .describe('The oldest waiting task of a group that has no target age of its own.'),
    })
    .optional(),
})

export type WrittenConfig = z.infer<typeof configSchema>

function hasPassword(text: string): boolean {
  return /^[\w+]+:(?:\/\/)?[^/?@]*:[^/?@]+@/.test(text) || /[?&](?:password|passwd)=/i.test(text)
}
