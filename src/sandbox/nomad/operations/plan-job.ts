import { NomadError } from '../nomad-error.ts'
import type { Server } from '../server.ts'
import { canonicalJob } from '../state/canonical-job.ts'
import { checkJob, inWords } from '../state/check-job.ts'
import { jobDigest } from '../state/job-digest.ts'
import { findJob } from '../state/store.ts'

/** What registering this job would do. Counts are taken as they are sent: a plan does not know PreserveCounts. */
export function planJob(
  { store, scheduler }: Server,
  namespace: string,
  id: string,
  call: { readonly Job?: unknown; readonly Diff?: boolean },
): unknown {
  const sent = canonicalJob(call.Job, namespace)
  if (sent.ID !== id) throw new NomadError(400, 'Job ID does not match')
  const problems = checkJob(sent, store.namespaces)
  if (problems.length > 0) throw new NomadError(500, inWords(problems))
  const record = findJob(store, sent.Namespace, id)
  const old = record?.job
  const isSame = old !== undefined && jobDigest(sent) === jobDigest(old)
  // A job that changes nothing keeps its version and index, so its allocations are left as they are.
  const planned = {
    ...sent,
    CreateIndex: old?.CreateIndex ?? 0,
    Version: old ? old.Version + (isSame ? 0 : 1) : 0,
    JobModifyIndex: isSame ? old.JobModifyIndex : -1,
  }
  const plans = scheduler.plan(planned, record?.allocations.values() ?? [], record)
  const updates = [...plans].map(([name, one]) => [name, one.updates] as const)
  const type = old === undefined ? 'Added' : isSame ? 'None' : 'Edited'
  return {
    Annotations: { DesiredTGUpdates: Object.fromEntries(updates), PreemptedAllocs: null },
    CreatedEvals: null,
    // The sandbox tells whether there is a difference, not which.
    Diff: call.Diff ? { Type: type, ID: id, Fields: null, Objects: null, TaskGroups: null } : null,
    FailedTGAllocs: null,
    Index: old?.ModifyIndex ?? 0,
    JobModifyIndex: old?.JobModifyIndex ?? 0,
    NextPeriodicLaunch: null,
    Warnings: '',
  }
}
