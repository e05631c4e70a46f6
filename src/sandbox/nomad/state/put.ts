import { isClientTerminal, isTerminal } from './status.ts'
import { type Entry, type JobRecord, jobKey, type Store } from './store.ts'
import type { Allocation, Deployment, Evaluation, Job } from './types.ts'
import { allocationEvent } from './views.ts'

/** Keeps this value of a job, and tells of it. The version of the same number is replaced. */
export function putJob(entry: Entry, record: JobRecord, job: Job): void {
  record.job = job
  record.versions = [job, ...record.versions.filter(({ Version }) => Version !== job.Version)]
  entry.touch('jobs', record)
  entry.event('Job', job.ID, job.Namespace, null, { Job: job })
}

export function putEvaluation(store: Store, entry: Entry, evaluation: Evaluation, record?: JobRecord): void {
  const { ID, JobID, Namespace, DeploymentID = '' } = evaluation
  store.evaluations.set(ID, evaluation)
  // Nomad collects them as garbage in time; here the oldest go, so that a long run does not fill the memory.
  if (store.evaluations.size > MAX_EVALUATIONS) dropOldest(store)
  entry.touch('evaluations', record)
  entry.event('Evaluation', ID, Namespace, [JobID, DeploymentID], { Evaluation: evaluation })
}

const MAX_EVALUATIONS = 20_000

function dropOldest({ evaluations }: Store): void {
  for (const [id, { Status }] of evaluations) {
    if (evaluations.size <= MAX_EVALUATIONS) break
    if (Status !== 'pending') evaluations.delete(id)
  }
}

export function putAllocation(store: Store, entry: Entry, record: JobRecord, allocation: Allocation): void {
  const { ID, JobID, Namespace, DeploymentID } = allocation
  store.allocations.set(ID, allocation)
  record.allocations.set(ID, allocation)
  if (record.considered.has(ID) || !isTerminal(allocation)) record.considered.set(ID, allocation)
  entry.touch('allocations', record)
  entry.event('Allocation', ID, Namespace, [JobID, DeploymentID], allocationEvent(allocation))
}

export function putDeployment(store: Store, entry: Entry, record: JobRecord, deployment: Deployment): void {
  store.deployments.set(deployment.ID, deployment)
  record.deployment = deployment
  entry.touch('deployments', record)
  entry.event('Deployment', deployment.ID, deployment.Namespace, [deployment.JobID], {
    Deployment: deployment,
  })
}

/** The job's status follows from what it has; a change of it is told like any other. */
export function settleStatus(store: Store, entry: Entry, record: JobRecord, pending: number): void {
  const Status = statusOf(record, pending)
  const isGone = store.jobs.get(jobKey(record.job.Namespace, record.job.ID)) !== record
  if (Status === record.job.Status || isGone) return
  putJob(entry, record, { ...record.job, Status, ModifyIndex: entry.index })
}

function statusOf({ considered }: JobRecord, pending: number): Job['Status'] {
  for (const allocation of considered.values()) if (!isTerminal(allocation)) return 'running'
  return pending > 0 ? 'pending' : 'dead'
}

/** Forgets what the scheduler need not look at any more: of older versions, and ended on both sides. */
export function forgetEnded(record: JobRecord): void {
  const isBatch = record.job.Type === 'batch'
  for (const [id, allocation] of record.considered) {
    const isOver = isBatch
      ? allocation.Job.Version < record.job.Version && isTerminal(allocation)
      : allocation.DesiredStatus === 'stop'
    if (isOver && isClientTerminal(allocation)) record.considered.delete(id)
  }
}
