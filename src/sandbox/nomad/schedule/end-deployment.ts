import { putDeployment, putJob } from '../state/put.ts'
import { isServerTerminal } from '../state/status.ts'
import type { Entry, JobRecord, Store } from '../state/store.ts'
import type { Deployment } from '../state/types.ts'
import { nanoseconds } from '../time.ts'
import { countDeployment, isDeployed } from './deployment.ts'

/**
 * Counts the health of the running deployment, and ends it when all of it is healthy: the version is then stable, and
 * scaling is free again. Answers whether it has ended.
 */
export function finishDeployment(store: Store, entry: Entry, record: JobRecord, now: number): boolean {
  const { deployment, job } = record
  if (deployment?.Status !== 'running' || deployment.JobVersion !== job.Version) return false
  const counted = countDeployment(deployment, record.considered.values(), now)
  const changed = { ...counted, ModifyIndex: entry.index, ModifyTime: nanoseconds(now) }
  if (!isDeployed(counted) || isReplacing(record)) {
    putDeployment(store, entry, record, changed)
    return false
  }
  const StatusDescription = 'Deployment completed successfully'
  putDeployment(store, entry, record, { ...changed, Status: 'successful', StatusDescription })
  putJob(entry, record, { ...job, Stable: true, ModifyIndex: entry.index })
  return true
}

/** Allocations of an older version still have to be replaced. */
function isReplacing({ considered, job }: JobRecord): boolean {
  for (const one of considered.values())
    if (!isServerTerminal(one) && one.ClientStatus === 'running' && one.Job.Version !== job.Version)
      return true
  return false
}

/** When the first of its groups has to be further, milliseconds since 1970; undefined: whenever. */
export function progressDeadline({ TaskGroups }: Deployment): number | undefined {
  const times = Object.values(TaskGroups)
    .filter(
      ({ ProgressDeadline, HealthyAllocs, DesiredTotal }) =>
        ProgressDeadline > 0 && HealthyAllocs < DesiredTotal,
    )
    .map(({ RequireProgressBy }) => Date.parse(RequireProgressBy))
  return times.length > 0 ? Math.min(...times) : undefined
}

export function failDeployment(store: Store, entry: Entry, record: JobRecord, now: number): void {
  if (!record.deployment) return
  putDeployment(store, entry, record, {
    ...record.deployment,
    Status: 'failed',
    StatusDescription: 'Failed due to progress deadline',
    ModifyIndex: entry.index,
    ModifyTime: nanoseconds(now),
  })
}
