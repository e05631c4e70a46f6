import { z } from '../../zod.ts'
import { clusterSchema, networkSchema, secretSchema, volumeSchema } from './cluster.ts'
import { externalSchema } from './external.ts'
import { batchSchema, periodicSchema, serviceSchema, systemSchema } from './job.ts'
import { scalingSchema } from './scaling.ts'
import { logsSchema } from './task.ts'
import { environmentSchema, nameSchema, secretNameSchema } from './values.ts'
import { brokerSchema, workerSchema } from './worker.ts'

/** stack.yml as people write it. Nothing is defaulted here: normalize() does that once. */
export const stackSchema = z
  .strictObject({
    name: nameSchema.describe('Name of the stack.'),
    cluster: clusterSchema.optional().describe('What must be known of the Nomad cluster.'),
    logs: logsSchema.optional().describe('Log rotation of every task that has no own.'),
    environments: z
      .record(nameSchema, environmentSchema)
      .optional()
      .describe('Shared environment blocks, used by `env_from`.'),
    secrets: z
      .record(secretNameSchema, z.union([z.null(), secretSchema]).describe('{path, key}, or nothing.'))
      .optional()
      .describe('Secrets by name; the values live in Nomad variables.'),
    networks: z
      .record(nameSchema, z.union([z.null(), networkSchema]).describe('{internal}, or nothing.'))
      .optional()
      .describe('Who may talk to whom: jobs that share a network.'),
    volumes: z.record(nameSchema, volumeSchema).optional(),
    broker: brokerSchema.optional(),
    scaling: scalingSchema.optional(),
    routes: z
      .record(z.string().min(1), z.string().min(1))
      .optional()
      .describe('Task name pattern to queue; "*" stands for any text, the most specific pattern wins.'),
    external: z
      .record(nameSchema, externalSchema)
      .optional()
      .describe('Services that run elsewhere: watched by Consul, never rendered.'),
    services: z.record(nameSchema, serviceSchema).optional(),
    workers: z.record(nameSchema, workerSchema).optional(),
    batch: z.record(nameSchema, batchSchema).optional(),
    periodic: z.record(nameSchema, periodicSchema).optional(),
    system: z.record(nameSchema, systemSchema).optional(),
    silence: z
      .record(z.string(), z.string().min(1))
      .optional()
      .describe('Lint codes silenced everywhere: code to the reason.'),
  })
  .describe('A Drover stack: services and queue workers on Nomad.')

export type WrittenStack = z.infer<typeof stackSchema>
