import { durationSchema, modeSchema, sizeSchema } from '../../unit-schemas.ts'
import { z } from '../../zod.ts'
import { nameSchema, secretNameSchema } from './values.ts'

export const clusterSchema = z.strictObject({
  region: z.string().min(1).optional(),
  namespace: z.string().min(1).optional().describe('Default: default.'),
  datacenters: z.array(z.string().min(1)).min(1).optional().describe('Default: ["*"].'),
  node_pool: z.string().min(1).optional(),
  nodes: z
    .enum(['one', 'many'])
    .optional()
    .describe('one: everything runs on one node, so local volumes may be shared. Default: many.'),
  cpu_mhz_per_core: z
    .int()
    .min(100)
    .max(20000)
    .optional()
    .describe("Turns cores into Nomad's MHz. Default: 2500."),
  memory_oversubscription: z
    .boolean()
    .optional()
    .describe('The scheduler allows memory_max above memory. Default: false: then the limit is reserved.'),
  max_kill_timeout: durationSchema
    .optional()
    .describe("The clients' max_kill_timeout. Default: 30s, Nomad's own."),
  host_networks: z
    .array(nameSchema)
    .optional()
    .describe('host_network names that the clients define, for example loopback.'),
  isolation: z
    .enum(['none', 'docker', 'intentions'])
    .optional()
    .describe(
      'How `networks` are kept apart: not at all, as docker networks, or by Consul intentions. Default: none.',
    ),
  addresses: z
    .enum(['host', 'allocation'])
    .optional()
    .describe(
      "What Consul hands out: the node's address, or the allocation's own (one node only, nothing opened). Default: host.",
    ),
  docker_volumes: z
    .boolean()
    .optional()
    .describe('The docker plugin allows host paths (volumes.enabled). Default: false.'),
  prices: z
    .strictObject({
      currency: z.string().length(3).optional().describe('Default: USD.'),
      core_hour: z.number().min(0),
      gb_hour: z.number().min(0),
    })
    .optional()
    .describe('For `drover cost` and the budget.'),
})

export const volumeSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('host'),
      source: z.string().min(1).optional().describe('host_volume of the clients. Default: the name.'),
    }),
    z.strictObject({
      type: z.literal('dynamic'),
      plugin: z.string().min(1).optional().describe('Default: mkdir.'),
      capacity: sizeSchema.optional(),
      uid: z.int().min(0).optional(),
      gid: z.int().min(0).optional(),
      mode: modeSchema.optional().describe('Default: "0700".'),
    }),
    z.strictObject({
      type: z.literal('csi'),
      source: z.string().min(1).optional().describe('Volume ID. Default: the name.'),
      access_mode: z.enum([
        'single-node-writer',
        'single-node-reader-only',
        'multi-node-reader-only',
        'multi-node-single-writer',
        'multi-node-multi-writer',
      ]),
      attachment_mode: z.enum(['file-system', 'block-device']).optional().describe('Default: file-system.'),
      mount_flags: z.array(z.string().min(1)).optional(),
      fs_type: z.string().min(1).optional(),
    }),
    z.strictObject({
      type: z.literal('docker'),
      source: z.string().min(1).optional().describe('Name of the docker volume. Default: STACK_NAME.'),
      driver: z.string().min(1).optional(),
      options: z.record(z.string(), z.string()).optional(),
    }),
  ])
  .describe('A named volume.')

export const networkSchema = z.strictObject({
  description: z.string().optional(),
  internal: z
    .boolean()
    .optional()
    .describe('docker isolation: no way out to other networks. Default: false.'),
})

export const secretSchema = z.strictObject({
  path: z
    .string()
    .regex(/^[a-zA-Z0-9\-_~/]{1,128}$/, 'must be a Nomad variable path')
    .optional()
    .describe(
      'Nomad variable that holds it. Default: nomad/jobs, which every job of the namespace may read.',
    ),
  key: secretNameSchema.optional().describe("Key in that variable. Default: the secret's name."),
  description: z.string().optional(),
})
