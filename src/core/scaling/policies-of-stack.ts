import { compact } from '../compact.ts'
import { costPerHour } from '../cost.ts'
import { isWanted } from '../plan/plan-jobs.ts'
import type { Schedule } from '../stack/scaling.ts'
import type { Job, Stack, WorkerFacts } from '../stack/stack.ts'
import { parseDurationMs } from '../units.ts'
import type { BoundsWindow, ScalingPolicy, StrategySetting } from './policy.ts'
import { strategyOf } from './strategies/index.ts'

/** How each worker group of a stack is scaled, in the order of the stack. The stack has been checked. */
export function policiesOfStack(stack: Stack, profiles: readonly string[] = []): ScalingPolicy[] {
  return stack.jobs.flatMap((job) =>
    job.worker && isWanted(job, profiles) ? [policyOf(stack, job, job.worker)] : [],
  )
}

function policyOf(
  stack: Stack,
  job: Job,
  { queues, concurrency, scale, jobType }: WorkerFacts,
): ScalingPolicy {
  const schedules = windowsFor(stack.scaling.schedules, job.name)
  return compact({
    group: { namespace: stack.cluster.namespace, job: job.name, group: job.name },
    origin: 'stack',
    jobType,
    queues,
    concurrency,
    min: scale.min,
    max: scale.max,
    keepAliveMs: scale.keepAliveMs,
    startUpMs: scale.startUpMs,
    strategies: readStrategies(scale.strategies),
    up: scale.up,
    down: scale.down,
    targetAgeMs: targetAge(scale.strategies),
    costPerHour: costPerHour(stack, job),
    schedules: schedules.length > 0 ? schedules : undefined,
  })
}

/** Strategies with their options read; those without options, and none at all, have every default. */
export function readStrategies(written: Readonly<Record<string, unknown>>): StrategySetting[] {
  return Object.entries(written).map(([name, options]) => ({
    name,
    options: strategyOf(name)?.read(options ?? {}),
  }))
}

/** The time within which a task should start, where the latency strategy is told one. */
export function targetAge({ latency }: Readonly<Record<string, unknown>>): number | undefined {
  const target = (latency as { readonly target?: string } | undefined)?.target
  return target === undefined ? undefined : parseDurationMs(target)
}

/** The windows in which a worker has other bounds. */
function windowsFor(schedules: Readonly<Record<string, Schedule>>, worker: string): BoundsWindow[] {
  return Object.entries(schedules).flatMap(([name, schedule]): BoundsWindow[] => {
    const min = own(schedule.min, worker)
    const max = own(schedule.max, worker)
    if (!schedule.enabled || (min === undefined && max === undefined)) return []
    // Its times are the other's, also where that one's bounds are switched off.
    const times = schedule.otherwise === undefined ? schedule : own(schedules, schedule.otherwise)
    if (times === undefined) return []
    const { timeZone, weekdays, fromMinutes, toMinutes } = times
    const isOutside = schedule.otherwise !== undefined
    return [compact({ name, timeZone, weekdays, fromMinutes, toMinutes, isOutside, min, max })]
  })
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
