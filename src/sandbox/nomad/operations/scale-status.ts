import { isTerminal } from '../state/status.ts'
import type { JobRecord } from '../state/store.ts'

/** GET job/:id/scale. Its JobModifyIndex is the job's ModifyIndex, which compare-and-set does not take: Nomad's own. */
export function scaleStatus({ job, considered, scalingEvents, deployment }: JobRecord): unknown {
  const groups = Object.fromEntries(
    job.TaskGroups.map(({ Name, Count }) => {
      const own = [...considered.values()].filter((one) => one.TaskGroup === Name && !isTerminal(one))
      const isOf = deployment ? own.filter(({ DeploymentID }) => DeploymentID === deployment.ID) : []
      const health = (healthy: boolean): number =>
        isOf.filter(({ DeploymentStatus }) => DeploymentStatus?.Healthy === healthy).length
      const group = {
        Desired: Count,
        Events: scalingEvents.get(Name) ?? null,
        Healthy: health(true),
        Placed: own.length,
        Running: own.filter(({ ClientStatus }) => ClientStatus === 'running').length,
        Unhealthy: health(false),
      }
      return [Name, group]
    }),
  )
  return {
    JobCreateIndex: job.CreateIndex,
    JobID: job.ID,
    JobModifyIndex: job.ModifyIndex,
    JobStopped: job.Stop,
    Namespace: job.Namespace,
    TaskGroups: groups,
  }
}
