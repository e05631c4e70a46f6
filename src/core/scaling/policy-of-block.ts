import { compact } from '../compact.ts'
import type { DocumentPath, Issue } from '../issue.ts'
import { countSchema } from '../stack/schema/values.ts'
import { scaleSchema } from '../stack/schema/worker.ts'
import { parseDurationMs } from '../units.ts'
import { z } from '../zod.ts'
import { zodIssues } from '../zod-issues.ts'
import { type GroupRef, groupName } from './group-ref.ts'
import { readStrategies, targetAge } from './policies-of-stack.ts'
import type { Pace, ScalingPolicy } from './policy.ts'

/** A task group with a `scaling` block, as Nomad has it. */
export interface ScalingBlock {
  readonly group: GroupRef
  readonly jobType: string
  readonly min: number
  readonly max: number
  /** The body of its `policy` block. */
  readonly policy: unknown
}

export type BlockPolicy =
  | { readonly ok: true; readonly policy: ScalingPolicy }
  | { readonly ok: false; readonly issues: readonly Issue[] }

const { keep_alive, start_up, strategies, up, down } = scaleSchema.shape
const blockSchema = z.strictObject({
  queues: z.array(z.string().min(1)).min(1),
  concurrency: countSchema(1).optional(),
  keep_alive,
  start_up,
  strategies,
  up,
  down,
  cost_per_hour: z.number().min(0).optional(),
})

/**
 * The policy in a job that Drover did not render: a `drover` entry in the `policy` of its `scaling` block, with the
 * options of `scale` in the stack file. Undefined when there is none. The issues' paths begin at the entry.
 */
export function policyOfBlock(block: ScalingBlock): BlockPolicy | undefined {
  const entry = droverEntry(block.policy)
  if (entry === undefined) return undefined
  const { group, jobType, min, max } = block
  const issues: Issue[] = []
  const issue = (path: DocumentPath, message: string, fix: string): void => {
    issues.push({ severity: 'error', code: 'scaling-block', path: [groupName(group), ...path], message, fix })
  }
  if (jobType !== 'batch' && jobType !== 'service')
    issue(['type'], `is ${jobType}, which has no count to change`, 'make it a batch or service job')
  for (const [name, value] of [['min', min] as const, ['max', max] as const])
    if (!countSchema(0).safeParse(value).success)
      issue(['scaling', name], `${value} is not a whole number from 0 to 100000`, 'change it')
  if (min > max) issue(['scaling', 'min'], `min ${min} is above max ${max}`, 'make the bounds fit')
  const value = unwrap(entry)
  const read = blockSchema.safeParse(value)
  if (!read.success)
    issues.push(
      ...zodIssues(read.error.issues, {
        value,
        schema: blockSchema,
        base: [groupName(group), 'scaling', 'policy', 'drover'],
      }),
    )
  if (!read.success || issues.length > 0) return { ok: false, issues }
  const written = read.data
  const chosen =
    Object.keys(written.strategies ?? {}).length > 0 ? (written.strategies ?? {}) : { backlog: {} }
  return {
    ok: true,
    policy: compact({
      group,
      origin: 'nomad',
      jobType: jobType === 'batch' ? 'batch' : 'service',
      queues: written.queues,
      concurrency: written.concurrency ?? 1,
      min,
      max,
      keepAliveMs: parseDurationMs(written.keep_alive ?? '5m'),
      startUpMs: parseDurationMs(written.start_up ?? '30s'),
      strategies: readStrategies(chosen),
      up: paceOf(written.up),
      down: paceOf(written.down),
      targetAgeMs: targetAge(chosen),
      costPerHour: written.cost_per_hour,
    }),
  }
}

function paceOf(written: z.infer<typeof up> = {}): Pace {
  return compact({
    maxPerMinute: written.max_per_minute,
    cooldownMs: parseDurationMs(written.cooldown ?? '0s'),
    stabilizationMs: parseDurationMs(written.stabilization ?? '0s'),
  })
}

function droverEntry(policy: unknown): unknown {
  const body = unwrap(policy)
  return isObject(body) && Object.hasOwn(body, 'drover') ? body.drover : undefined
}

/** Nomad keeps every nested block as a list, since it may stand there several times; one of it is meant as it is. */
function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 && isObject(value[0]) ? unwrap(value[0]) : value
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
