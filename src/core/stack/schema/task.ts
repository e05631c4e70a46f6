import { durationSchema, modeSchema, sizeSchema } from '../../unit-schemas.ts'
import { LEAST_MEMORY_MB, sizeToMb } from '../../units.ts'
import { z } from '../../zod.ts'
import {
  commandSchema,
  environmentSchema,
  fileSecretSchema,
  nameSchema,
  serviceReferenceSchema,
} from './values.ts'

export const DRIVERS = ['docker', 'exec', 'raw_exec', 'podman'] as const

const memorySchema = sizeSchema.refine(
  (text) => sizeToMb(text) >= LEAST_MEMORY_MB,
  `must be at least ${LEAST_MEMORY_MB}MB, or Nomad refuses the task`,
)

export const resourcesSchema = z
  .strictObject({
    cpu: z
      .number()
      .positive()
      .optional()
      .describe('Cores, fractions allowed. Default: 0.1. Nomad reserves `cpu_reservation` of them.'),
    cpu_reservation: z
      .number()
      .positive()
      .optional()
      .describe('Cores set aside by the scheduler. Default: `cpu`.'),
    cpu_hard_limit: z
      .boolean()
      .optional()
      .describe(
        'Never more than `cpu`, even on an idle node; the whole of `cpu` is then reserved. Default: false.',
      ),
    cores: z
      .int()
      .positive()
      .optional()
      .describe('Whole cores pinned for this task alone, instead of `cpu`.'),
    memory: memorySchema.optional().describe('Limit, for example "2GB". Default: 300MB.'),
    memory_reservation: memorySchema
      .optional()
      .describe('Set aside by the scheduler; above it memory is shared up to `memory`. Default: `memory`.'),
  })
  .describe('What the task may use.')

export const logsSchema = z
  .strictObject({
    files: z.int().min(1).max(100).optional().describe('Files kept of each stream. Default: 3.'),
    file_size: sizeSchema.optional().describe('Size at which a file is rotated. Default: 10MB.'),
  })
  .describe('Log rotation.')

export const mountSchema = z
  .union([
    z
      .strictObject({
        volume: nameSchema.describe('A name from the top-level `volumes`.'),
        to: z.string().startsWith('/', 'must be an absolute path').describe('Path inside the task.'),
        read_only: z.boolean().optional().describe('Default: false.'),
      })
      .describe('{volume: NAME, to: PATH}'),
    z
      .strictObject({
        host: z.string().startsWith('/', 'must be an absolute path').describe('Path on the node.'),
        to: z.string().startsWith('/', 'must be an absolute path').describe('Path inside the task.'),
        read_only: z.boolean().optional().describe('Default: false.'),
      })
      .describe('{host: PATH, to: PATH}'),
  ])
  .describe('A named volume or a path of the node.')

export const fileSchema = z
  .strictObject({
    content: z.string().optional().describe('The text of the file.'),
    source: z.string().min(1).optional().describe('A file to embed, relative to the stack file.'),
    values: z
      .record(
        z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be capital letters, digits and "_"'),
        z.union([fileSecretSchema, serviceReferenceSchema]),
      )
      .optional()
      .describe('Replaces each `@NAME@` in the text by a secret or a service address.'),
    mode: modeSchema.optional().describe('Octal permissions. Default: "0644".'),
    on_change: z
      .enum(['restart', 'signal', 'none'])
      .optional()
      .describe(
        'What happens when a value changes; with signal the folder of the file is mounted whole. Default: restart; none in workers, whose tasks are never cut short.',
      ),
    signal: z
      .string()
      .regex(/^SIG[A-Z0-9]+$/, 'must be a signal name such as SIGHUP')
      .optional()
      .describe('Default: SIGHUP.'),
  })
  .describe('A configuration file embedded in the job. Either `content` or `source`.')

export const restartSchema = z
  .union([
    z.enum(['always', 'never']),
    z
      .strictObject({
        attempts: z.int().min(0).describe('Restarts in `interval` before `mode` applies.'),
        interval: durationSchema.describe('At least 5s.'),
        delay: durationSchema.describe('Wait before a restart.'),
        mode: z
          .enum(['delay', 'fail'])
          .describe('delay: go on after the interval; fail: give the allocation up.'),
      })
      .describe('{attempts, interval, delay, mode}'),
  ])
  .describe("always, never, or Nomad's own numbers. Default: always; never in batch jobs.")

/** What every task has, whatever the kind of its job. */
export const taskShape = {
  driver: z.enum(DRIVERS).optional().describe('Default: docker.'),
  image: z.string().min(1).optional().describe('Image with tag (docker, podman).'),
  entrypoint: commandSchema.optional(),
  command: commandSchema.optional(),
  user: z.string().min(1).optional(),
  work_dir: z.string().min(1).optional(),
  hostname: z.string().min(1).optional(),
  env_from: z
    .array(nameSchema)
    .optional()
    .describe('Names from the top-level `environments`; later ones win.'),
  env: environmentSchema.optional(),
  files: z
    .record(z.string().startsWith('/', 'must be an absolute path inside the task'), fileSchema)
    .optional(),
  volumes: z.array(mountSchema).optional(),
  tmpfs: z
    .record(
      z.string().startsWith('/', 'must be an absolute path inside the task'),
      z.strictObject({
        size: sizeSchema.optional().describe("Counts into the task's memory."),
        mode: modeSchema.optional().describe('Octal, for example "1770".'),
      }),
    )
    .optional()
    .describe('Memory-backed directories: path to size and mode.'),
  read_only: z.boolean().optional().describe('Read-only root file system. Default: false.'),
  security_opt: z.array(z.string().min(1)).optional(),
  cap_add: z.array(z.string().min(1)).optional(),
  cap_drop: z.array(z.string().min(1)).optional(),
  ulimits: z
    .record(
      z.string().min(1),
      z.union([z.int().min(-1), z.strictObject({ soft: z.int().min(-1), hard: z.int().min(-1) })]),
    )
    .optional()
    .describe('Name to a number, or to {soft, hard}.'),
  resources: resourcesSchema.optional(),
  logs: logsSchema.optional(),
  kill_timeout: durationSchema
    .optional()
    .describe('Time between the stop signal and the kill. Default: 30s.'),
  kill_signal: z
    .string()
    .regex(/^SIG[A-Z0-9]+$/, 'must be a signal name such as SIGTERM')
    .optional(),
  config: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("More keys of the driver's own config block; each is checked against the driver's schema."),
}

export const extraTaskSchema = z.strictObject({ ...taskShape, restart: restartSchema.optional() })
