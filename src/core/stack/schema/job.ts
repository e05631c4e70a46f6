import { durationSchema } from '../../unit-schemas.ts'
import { z } from '../../zod.ts'
import { extraTaskSchema, restartSchema, taskShape } from './task.ts'
import { commandSchema, nameSchema } from './values.ts'

export const CONDITIONS = ['healthy', 'started', 'completed'] as const

const portNumber = z.int().min(1).max(65535)

export const portSchema = z
  .union([
    portNumber.describe('Port inside the task; Nomad picks one on the node.'),
    z
      .strictObject({
        container: portNumber.describe('Port inside the task.'),
        publish: z
          .union([
            portNumber,
            z
              .string()
              .regex(/^(?:(?:\d{1,3}\.){3}\d{1,3}|[a-z][a-z0-9_-]*):\d{1,5}$/, {
                error: 'must be a port, ADDRESS:PORT or HOST_NETWORK:PORT',
                abort: true,
              })
              .refine(
                (text) => portNumber.safeParse(Number(text.split(':').at(-1))).success,
                'must be a port from 1 to 65535',
              ),
          ])
          .optional()
          .describe('Fixed port on the node: 8000, "127.0.0.1:6382" (loopback only) or "HOST_NETWORK:PORT".'),
      })
      .describe('{container, publish}'),
  ])
  .describe('A port that the task listens on.')

const checkTiming = {
  name: z.string().min(1).optional(),
  port: nameSchema.optional().describe('A name from `ports`. Default: the only one.'),
  interval: durationSchema.optional().describe('Default: 30s.'),
  timeout: durationSchema.optional().describe('Default: 10s.'),
  retries: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('Failures in a row that make it critical. Default: 3.'),
  grace: durationSchema
    .optional()
    .describe('Time after the start in which failures do not restart the task. Default: 30s.'),
  on_unhealthy: z
    .enum(['restart', 'report'])
    .optional()
    .describe(
      'restart the task when critical, or only report it. Default: restart; report in workers, which are never cut short.',
    ),
}

export const checkSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('http'),
      path: z.string().startsWith('/', 'must start with "/"'),
      method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS']).optional().describe('Default: GET.'),
      protocol: z.enum(['http', 'https']).optional().describe('Default: http.'),
      headers: z
        .record(
          z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'must be a name such as X-Probe'),
          z.array(z.string()),
        )
        .optional(),
      ...checkTiming,
    }),
    z.strictObject({ type: z.literal('tcp'), ...checkTiming }),
    z.strictObject({
      type: z.literal('grpc'),
      grpc_service: z.string().optional(),
      tls: z.boolean().optional(),
      ...checkTiming,
    }),
    z.strictObject({ type: z.literal('script'), command: commandSchema, ...checkTiming }),
  ])
  .describe('A health check that Consul shows.')

export const dependenciesSchema = z
  .union([z.array(nameSchema), z.record(nameSchema, z.enum(CONDITIONS))])
  .describe('Names (each healthy), or name to healthy, started or completed.')

export const updateSchema = z.strictObject({
  max_parallel: z.int().min(0).optional().describe('Allocations replaced at once. Default: 1.'),
  canary: z.int().min(0).optional().describe('New allocations tried beside the old ones. Default: 0.'),
  auto_promote: z.boolean().optional(),
  auto_revert: z.boolean().optional().describe('Default: true.'),
  min_healthy_time: durationSchema.optional().describe('Default: 10s.'),
  healthy_deadline: durationSchema.optional().describe('Default: long enough for the checks, at least 5m.'),
  progress_deadline: durationSchema.optional().describe('Default: twice healthy_deadline, at least 10m.'),
})

const constraintShape = {
  attribute: z.string().min(1).describe('For example "${attr.kernel.name}" or "${meta.zone}".'),
  operator: z.string().min(1).optional().describe('Default: "=".'),
  value: z.string().optional(),
}

/** What every job has, whatever its kind. */
export const jobShape = {
  ...taskShape,
  description: z.string().max(1000).optional().describe("Shown in Nomad's UI."),
  profiles: z
    .array(nameSchema)
    .optional()
    .describe('Rendered only with one of these profiles. Default: always.'),
  depends_on: dependenciesSchema.optional(),
  networks: z
    .array(nameSchema)
    .optional()
    .describe('Names from the top-level `networks`. Default: the network `default`.'),
  priority: z.int().min(1).max(100).optional().describe('Default: 50.'),
  datacenters: z.array(z.string().min(1)).min(1).optional(),
  node_pool: z.string().min(1).optional(),
  constraints: z.array(z.strictObject(constraintShape)).optional(),
  affinities: z
    .array(
      z.strictObject({
        ...constraintShape,
        weight: z
          .union([z.int().min(-100).max(-1), z.int().min(1).max(100)], {
            error: 'must be a whole number from -100 to 100, and not 0',
          })
          .optional()
          .describe('Negative keeps away. Default: 50.'),
      }),
    )
    .optional(),
  spread: z
    .array(
      z.strictObject({
        attribute: z.string().min(1).describe('For example "${node.datacenter}" or "${meta.zone}".'),
        weight: z.int().min(1).max(100).optional().describe('Default: 50.'),
        targets: z.record(z.string(), z.int().min(0).max(100)).optional().describe('Value to percent.'),
      }),
    )
    .optional(),
  meta: z.record(z.string().min(1), z.string()).optional().describe('Metadata of the job.'),
  labels: z.record(z.string().min(1), z.string()).optional().describe('Labels of the container.'),
  tags: z.array(z.string().min(1)).optional().describe('Tags of the service in Consul.'),
  init: z
    .record(nameSchema, extraTaskSchema)
    .optional()
    .describe('Tasks that must end well before the main task starts.'),
  sidecars: z.record(nameSchema, extraTaskSchema).optional().describe('Tasks that run beside the main task.'),
  restart: restartSchema.optional(),
  silence: z
    .record(z.string(), z.string().min(1))
    .optional()
    .describe('Lint codes that do not apply here: code to the reason.'),
  'x-nomad': z
    .record(z.string(), z.unknown())
    .optional()
    .describe("A patch on the final job, in the job spec's own names; null removes."),
}

/** What a job has that others can dial or watch. */
export const servedShape = {
  ports: z.record(nameSchema, portSchema).optional(),
  checks: z.array(checkSchema).optional(),
  shutdown_delay: durationSchema
    .optional()
    .describe('Between leaving Consul and the stop signal. Default: 5s with ports, else none.'),
}

export const serviceSchema = z.strictObject({
  ...jobShape,
  ...servedShape,
  count: z.int().min(0).optional().describe('Allocations. Default: 1.'),
  update: updateSchema.optional(),
})

export const systemSchema = z.strictObject({ ...jobShape, ...servedShape, update: updateSchema.optional() })

export const batchSchema = z.strictObject({ ...jobShape })

export const periodicSchema = z.strictObject({
  ...jobShape,
  cron: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe('When it runs: one or several cron lines.'),
  time_zone: z.string().min(1).optional().describe('Default: UTC.'),
  overlap: z.boolean().optional().describe('May start while the last run is not done. Default: false.'),
})
