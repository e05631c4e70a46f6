import { indexOf, isClientTerminal, isServerTerminal, isTerminal } from '../state/status.ts'
import type { Allocation, Deployment, Job, TaskGroup } from '../state/types.ts'
import { type NameIndex, nameIndex } from './names.ts'
import { rescheduleAt } from './reschedule.ts'
import { type DesiredUpdates, NO_UPDATES } from './updates.ts'

export interface GroupInput {
  readonly job: Job
  /** undefined: the job has no such group any more. */
  readonly group: TaskGroup | undefined
  readonly allocations: readonly Allocation[]
  readonly deployment: Deployment | undefined
  /** Milliseconds since 1970. */
  readonly now: number
  /** When the predecessors of an allocation were replaced, milliseconds since 1970. */
  readonly attempts: (allocation: Allocation) => readonly number[]
  /** Whether an allocation has to be replaced to run the job's present version. */
  readonly isDestructive: (allocation: Allocation) => boolean
}

export interface GroupPlan {
  readonly place: readonly Placement[]
  readonly stop: readonly { readonly allocation: Allocation; readonly why: string }[]
  readonly inPlace: readonly Allocation[]
  readonly later: readonly { readonly allocation: Allocation; readonly at: number }[]
  /** More have to be replaced than may be at once. */
  readonly isUnfinished: boolean
  readonly updates: DesiredUpdates
}

export interface Placement {
  readonly index: number
  /** The one that it stands in for. */
  readonly previous?: Allocation
  readonly isReschedule?: true
}

const NOT_NEEDED = 'alloc not needed due to job update'
const MIGRATED = 'alloc is being migrated'
const UPDATED = 'alloc is being updated due to job update'
const RESCHEDULED = 'alloc was rescheduled because it failed'

/** What has to happen to one group so that it becomes what the job says. Changes nothing. */
export function reconcileGroup(input: GroupInput): GroupPlan {
  const { job, group, deployment } = input
  const isBatch = job.Type === 'batch'
  const all = input.allocations.filter((one) => isBatch || !isServerTerminal(one))
  if (group === undefined || job.Stop || group.Count === 0) return stopAll(all)

  const isOld = (one: Allocation): boolean => isBatch && one.Job.Version < job.Version && isTerminal(one)
  const looked = all.filter((one) => !isOld(one) && !isServerTerminal(one))
  const migrate = looked.filter((one) => one.DesiredTransition.Migrate && !isClientTerminal(one))
  const rest = looked.filter((one) => !migrate.includes(one))
  const { counted, now, later } = failed(rest, group, input)

  const names = nameIndex([...counted, ...migrate, ...now], group.Count)
  const surplus = chooseSurplus(counted, migrate, group.Count, names)
  const kept = counted.filter((one) => !surplus.has(one))
  const moving = migrate.filter((one) => !surplus.has(one))
  const outdated = kept.filter((one) => !isTerminal(one) && one.Job.JobModifyIndex !== job.JobModifyIndex)
  const destructive = outdated.filter(input.isDestructive).sort(byName)
  const inPlace = outdated.filter((one) => !destructive.includes(one))

  const missing = group.Count - kept.length - moving.length - now.length
  const fresh = missing > 0 ? names.next(missing) : []
  const allowed = updateLimit(group, deployment, kept, destructive.length + moving.length)
  const replaced = destructive.slice(0, Math.max(0, allowed - now.length - fresh.length))

  const standIns = [...moving, ...replaced].map((previous) => ({ index: indexOf(previous), previous }))
  const again = now.map((previous) => ({ index: indexOf(previous), previous, isReschedule: true as const }))
  const ignored = all.length - looked.length + kept.length - inPlace.length - replaced.length
  return {
    place: [...again, ...fresh.map((index) => ({ index })), ...standIns],
    stop: [
      ...[...surplus].map((allocation) => ({ allocation, why: NOT_NEEDED })),
      ...now.map((allocation) => ({ allocation, why: RESCHEDULED })),
      ...moving.map((allocation) => ({ allocation, why: MIGRATED })),
      ...replaced.map((allocation) => ({ allocation, why: UPDATED })),
    ],
    inPlace,
    later,
    isUnfinished: replaced.length < destructive.length,
    updates: {
      ...NO_UPDATES,
      Place: again.length + fresh.length,
      Stop: surplus.size + now.length,
      Migrate: moving.length,
      InPlaceUpdate: inPlace.length,
      DestructiveUpdate: replaced.length,
      Ignore: ignored,
    },
  }
}

function stopAll(all: readonly Allocation[]): GroupPlan {
  const stop = all
    .filter((one) => !isServerTerminal(one))
    .map((allocation) => ({ allocation, why: NOT_NEEDED }))
  const updates = { ...NO_UPDATES, Stop: all.length }
  return { place: [], stop, inPlace: [], later: [], isUnfinished: false, updates }
}

/** Parts those that failed into replaced now and replaced later; what is not replaced counts like one that runs. */
function failed(
  allocations: readonly Allocation[],
  group: TaskGroup,
  { now, attempts, deployment, job }: GroupInput,
): { counted: Allocation[]; now: Allocation[]; later: { allocation: Allocation; at: number }[] } {
  const parts = {
    counted: [] as Allocation[],
    now: [] as Allocation[],
    later: [] as { allocation: Allocation; at: number }[],
  }
  for (const allocation of allocations) {
    if (allocation.NextAllocation !== '' && isTerminal(allocation)) continue
    // A service is to run: one that is complete is as good as none. Of a batch job it has done its work.
    if (
      job.Type !== 'batch' &&
      (allocation.ClientStatus === 'complete' || allocation.ClientStatus === 'lost')
    )
      continue
    const at = rescheduleAt(allocation, group.ReschedulePolicy, attempts(allocation), deployment)
    if (at !== undefined && at <= now) parts.now.push(allocation)
    else parts.counted.push(allocation)
    if (at !== undefined && at > now) parts.later.push({ allocation, at })
  }
  return parts
}

/** Those that the count has no place for: migrating ones first, then from the highest index down, busy or not. */
function chooseSurplus(
  counted: readonly Allocation[],
  migrate: readonly Allocation[],
  count: number,
  names: NameIndex,
): Set<Allocation> {
  const surplus = new Set<Allocation>()
  const wanted = counted.length + migrate.length - count
  if (wanted <= 0) return surplus
  for (const one of [...migrate].sort(byName).reverse()) if (surplus.size < wanted) surplus.add(one)
  const live = counted.filter((one) => !isTerminal(one))
  const highest = names.highest(wanted - surplus.size)
  for (const one of live) if (highest.has(indexOf(one)) && surplus.size < wanted) surplus.add(one)
  for (const one of live) if (surplus.size < wanted) surplus.add(one)
  return surplus
}

/** How many may be replaced at once: all, unless the group has an `update` block. */
function updateLimit(
  group: TaskGroup,
  deployment: Deployment | undefined,
  kept: readonly Allocation[],
  waiting: number,
): number {
  const parallel = group.Update?.MaxParallel ?? 0
  if (parallel === 0 || waiting === 0) return Number.POSITIVE_INFINITY
  if (deployment?.Status === 'failed') return 0
  const own = deployment ? kept.filter(({ DeploymentID }) => DeploymentID === deployment.ID) : []
  if (own.some(({ DeploymentStatus }) => DeploymentStatus?.Healthy === false)) return 0
  return parallel - own.filter(({ DeploymentStatus }) => DeploymentStatus === null).length
}

function byName(a: Allocation, b: Allocation): number {
  return indexOf(a) - indexOf(b)
}
