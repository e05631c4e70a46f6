import type { Server } from '../server.ts'
import { isClientTerminal, isTerminal } from '../state/status.ts'
import type { JobRecord } from '../state/store.ts'
import { jobKey } from '../state/store.ts'

/**
 * What PUT /v1/system/gc does: batch jobs that are dead and stopped jobs go, unless a version of theirs has a tag, and
 * so do allocations that have ended and are of no use to the scheduler.
 */
export function collectGarbage({ store }: Server): void {
  store.write('JobBatchDeregistered', (entry) => {
    for (const record of [...store.jobs.values()]) {
      if (isGarbage(record)) {
        const { Namespace, ID } = record.job
        store.jobs.delete(jobKey(Namespace, ID))
        for (const id of record.allocations.keys()) store.allocations.delete(id)
        entry.touch('jobs', record)
        entry.event('Job', ID, Namespace, null, { Deleted: true, Job: record.job })
      } else if (dropEnded(store, record) > 0) entry.touch('allocations', record)
    }
  })
}

function isGarbage({ job, versions, allocations }: JobRecord): boolean {
  if (job.Status !== 'dead' || !(job.Stop || job.Type === 'batch')) return false
  if (versions.some(({ VersionTag }) => VersionTag !== null)) return false
  return [...allocations.values()].every((one) => isTerminal(one) && isClientTerminal(one))
}

function dropEnded(store: Server['store'], { job, allocations, considered }: JobRecord): number {
  let dropped = 0
  for (const [id, one] of allocations) {
    const isOver = isClientTerminal(one) && one.DesiredStatus === 'stop'
    const isOld = job.Type === 'batch' && isClientTerminal(one) && one.Job.Version < job.Version
    if (!isOver && !isOld) continue
    allocations.delete(id)
    considered.delete(id)
    store.allocations.delete(id)
    dropped += 1
  }
  return dropped
}
