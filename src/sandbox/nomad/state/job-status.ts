import { isTerminal } from './status.ts'
import type { JobRecord } from './store.ts'

/** A job as GET /v1/jobs/statuses tells it, with those of its allocations that still run or are to. */
export function jobStatus({ job, allocations, deployment }: JobRecord): {
  readonly ID: string
  readonly ModifyIndex: number
} {
  const { ID, Name, Namespace, Type, NodePool, Priority, Version, Stop, Status, SubmitTime, ModifyIndex } =
    job
  return {
    ID,
    Name,
    Namespace,
    Type,
    NodePool,
    Datacenters: job.Datacenters,
    Priority,
    Version,
    Stop,
    Status,
    SubmitTime,
    ModifyIndex,
    ParentID: '',
    ChildStatuses: null,
    GroupCountSum: job.TaskGroups.reduce((sum, { Count }) => sum + Count, 0),
    Allocs: orNull(
      [...allocations.values()]
        .filter((one) => !isTerminal(one))
        .map((one) => ({
          ID: one.ID,
          Group: one.TaskGroup,
          ClientStatus: one.ClientStatus,
          NodeID: one.NodeID,
          JobVersion: one.Job.Version,
          DeploymentStatus: one.DeploymentStatus && { Canary: false, Healthy: one.DeploymentStatus.Healthy },
          HasPausedTask: false,
          FollowupEvalID: one.FollowupEvalID,
        })),
    ),
    LatestDeployment: deployment
      ? {
          ID: deployment.ID,
          IsActive: deployment.Status === 'running',
          JobVersion: deployment.JobVersion,
          Status: deployment.Status,
          StatusDescription: deployment.StatusDescription,
          AllAutoPromote: true,
          RequiresPromotion: false,
        }
      : null,
  } as { readonly ID: string; readonly ModifyIndex: number }
}

/** Lists without items are null, as Go has them. */
function orNull<T>(items: readonly T[]): readonly T[] | null {
  return items.length === 0 ? null : items
}
