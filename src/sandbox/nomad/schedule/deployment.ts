import { randomUUID } from 'node:crypto'
import type { Allocation, Deployment, DeploymentGroup, Job } from '../state/types.ts'
import { isoTime, nanoseconds } from '../time.ts'
import type { GroupPlan } from './reconcile.ts'

/**
 * The deployment that a plan begins, or undefined: of a group with an `update` block, when the version has run
 * nothing yet or carries allocations over.
 */
export function beginDeployment(
  job: Job,
  plans: ReadonlyMap<string, GroupPlan>,
  allocations: Iterable<Allocation>,
  now: number,
  index: number,
): Deployment | undefined {
  if (job.Type !== 'service' || job.Stop) return undefined
  const hasRun = new Set<string>()
  for (const one of allocations)
    if (one.Job.Version === job.Version && one.Job.CreateIndex === job.CreateIndex) hasRun.add(one.TaskGroup)
  const groups: Record<string, DeploymentGroup> = {}
  for (const group of job.TaskGroups) {
    const plan = plans.get(group.Name)
    if (!plan || !group.Update || group.Update.MaxParallel === 0 || group.Count === 0) continue
    const replaced = plan.place.filter(({ previous, isReschedule }) => previous && !isReschedule).length
    const isChange = plan.inPlace.length > 0 || replaced > 0
    const total = plan.isUnfinished ? group.Count : plan.place.length + plan.inPlace.length
    if (total === 0 || (hasRun.has(group.Name) && !isChange)) continue
    groups[group.Name] = {
      AutoPromote: false,
      AutoRevert: group.Update.AutoRevert === true,
      DesiredCanaries: 0,
      DesiredTotal: total,
      HealthyAllocs: 0,
      PlacedAllocs: 0,
      PlacedCanaries: null,
      ProgressDeadline: group.Update.ProgressDeadline,
      Promoted: false,
      RequireProgressBy: isoTime(now + group.Update.ProgressDeadline / 1e6),
      UnhealthyAllocs: 0,
    }
  }
  if (Object.keys(groups).length === 0) return undefined
  return {
    ID: randomUUID(),
    Namespace: job.Namespace,
    JobID: job.ID,
    JobVersion: job.Version,
    JobModifyIndex: job.ModifyIndex,
    JobSpecModifyIndex: job.JobModifyIndex,
    JobCreateIndex: job.CreateIndex,
    IsMultiregion: false,
    TaskGroups: groups,
    Status: 'running',
    StatusDescription: 'Deployment is running',
    EvalPriority: job.Priority,
    CreateIndex: index,
    ModifyIndex: index,
    CreateTime: nanoseconds(now),
    ModifyTime: nanoseconds(now),
  }
}

/** Counts what of a deployment is placed and healthy. One more that is healthy is progress, which moves the deadline. */
export function countDeployment(
  deployment: Deployment,
  allocations: Iterable<Allocation>,
  now: number,
): Deployment {
  const own = [...allocations].filter(({ DeploymentID }) => DeploymentID === deployment.ID)
  const groups = Object.entries(deployment.TaskGroups).map(([name, group]) => {
    const placed = own.filter(({ TaskGroup }) => TaskGroup === name)
    const healthy = placed.filter(({ DeploymentStatus }) => DeploymentStatus?.Healthy === true).length
    const unhealthy = placed.filter(({ DeploymentStatus }) => DeploymentStatus?.Healthy === false).length
    const counted = {
      ...group,
      PlacedAllocs: placed.length,
      HealthyAllocs: healthy,
      UnhealthyAllocs: unhealthy,
    }
    if (healthy > group.HealthyAllocs) counted.RequireProgressBy = isoTime(now + group.ProgressDeadline / 1e6)
    return [name, counted] as const
  })
  return { ...deployment, TaskGroups: Object.fromEntries(groups) }
}

/** Whether every allocation that it was for is healthy. */
export function isDeployed(deployment: Deployment): boolean {
  return Object.values(deployment.TaskGroups).every(
    ({ DesiredTotal, HealthyAllocs }) => HealthyAllocs >= DesiredTotal,
  )
}
