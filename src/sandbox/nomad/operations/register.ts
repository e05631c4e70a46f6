import { NomadError } from '../nomad-error.ts'
import type { Server } from '../server.ts'
import { canonicalJob } from '../state/canonical-job.ts'
import { checkJob, inWords } from '../state/check-job.ts'
import { jobDigest } from '../state/job-digest.ts'
import { putJob } from '../state/put.ts'
import { type Entry, findJob, type JobRecord, jobKey } from '../state/store.ts'
import type { Job, TaskGroup } from '../state/types.ts'
import { nanoseconds } from '../time.ts'

export interface Registration {
  readonly Job?: unknown
  readonly PreserveCounts?: boolean
  readonly EnforceIndex?: boolean
  readonly JobModifyIndex?: number
}

export interface Registered {
  readonly EvalID: string
  readonly EvalCreateIndex: number
  readonly JobModifyIndex: number
  readonly Index: number
}

/** Takes a job or a new version of one. Throws NomadError with what Nomad would say. */
export function register(server: Server, request: Registration, namespace: string): Registered {
  const { store } = server
  const sent = canonicalJob(request.Job, namespace)
  const problems = checkJob(sent, store.namespaces)
  if (problems.length > 0) throw new NomadError(500, inWords(problems))
  const record = findJob(store, sent.Namespace, sent.ID)
  if (request.EnforceIndex) enforceIndex(record?.job, request.JobModifyIndex ?? 0)
  // Compared before counts are preserved, as Nomad does: a count that differs from the live one is a change.
  if (record && !record.job.Stop && jobDigest(sent) === jobDigest(record.job))
    return evaluateOnly(server, record)
  return putVersion(server, sent, record, request.PreserveCounts === true, 'job-register')
}

function enforceIndex(job: Job | undefined, index: number): void {
  const words = `Enforcing job modify index ${index}: job`
  if (index === 0 && job) throw new NomadError(500, `${words} already exists`)
  if (index !== 0 && !job) throw new NomadError(500, `${words} does not exist`)
  if (job && index !== job.JobModifyIndex)
    throw new NomadError(500, `${words} exists with conflicting job modify index: ${job.JobModifyIndex}`)
}

function evaluateOnly({ store, scheduler }: Server, record: JobRecord): Registered {
  return store.write('AllocationUpdateDesiredStatus', (entry) => {
    const { ID } = scheduler.evaluate(entry, record, 'job-register')
    const index = entry.index
    return { EvalID: ID, EvalCreateIndex: index, JobModifyIndex: record.job.ModifyIndex, Index: index }
  })
}

/** Writes the next version of a job and its evaluation in one entry. */
export function putVersion(
  { store, scheduler, clock }: Server,
  sent: Job,
  known: JobRecord | undefined,
  preserveCounts: boolean,
  triggeredBy: string,
): Registered {
  return store.write('JobRegistered', (entry) => {
    const record = known ?? newRecord(sent, entry)
    const job = nextVersion(sent, known?.job, entry, clock.now())
    store.jobs.set(jobKey(job.Namespace, job.ID), record)
    putJob(entry, record, preserveCounts && known ? withCounts(job, known.job) : job)
    record.versions = keepVersions(record.versions)
    entry.endLine()
    const { ID } = scheduler.evaluate(entry, record, triggeredBy)
    const { index } = entry
    return { EvalID: ID, EvalCreateIndex: index, JobModifyIndex: index, Index: index }
  })
}

function newRecord(job: Job, { index }: Entry): JobRecord {
  return {
    job,
    versions: [],
    scalingEvents: new Map(),
    allocations: new Map(),
    considered: new Map(),
    deployment: undefined,
    index,
  }
}

/** The job as the version after `before`, stamped. Its status is not a matter of the specification. */
export function nextVersion(job: Job, before: Job | undefined, { index }: Entry, now: number): Job {
  return {
    ...job,
    Status: before?.Status ?? 'pending',
    Stable: false,
    Version: before ? before.Version + 1 : 0,
    CreateIndex: before?.CreateIndex ?? index,
    ModifyIndex: index,
    JobModifyIndex: index,
    SubmitTime: nanoseconds(now),
    TaskGroups: job.TaskGroups.map((group) => withPolicyIndexes(group, before, index)),
  }
}

function withPolicyIndexes(group: TaskGroup, before: Job | undefined, index: number): TaskGroup {
  if (!group.Scaling) return group
  const old = before?.TaskGroups.find(({ Name }) => Name === group.Name)?.Scaling
  const Scaling = { ...group.Scaling, CreateIndex: index, ModifyIndex: index }
  return { ...group, Scaling: old ? { ...Scaling, ID: old.ID, CreateIndex: old.CreateIndex } : Scaling }
}

function withCounts(job: Job, live: Job): Job {
  const TaskGroups = job.TaskGroups.map((group) => {
    const Count = live.TaskGroups.find(({ Name }) => Name === group.Name)?.Count
    return Count === undefined ? group : { ...group, Count }
  })
  return { ...job, TaskGroups }
}

/** Six are kept; those with a tag are kept beside them. */
export function keepVersions(versions: readonly Job[]): Job[] {
  let untagged = 0
  return versions.filter(({ VersionTag }, at) => at === 0 || VersionTag !== null || ++untagged < MAX_VERSIONS)
}

const MAX_VERSIONS = 6
