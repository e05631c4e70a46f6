import { NomadError } from '../nomad-error.ts'
import type { Server } from '../server.ts'
import { jobDigest } from '../state/job-digest.ts'
import { findJob, type JobRecord } from '../state/store.ts'
import type { Job, VersionTag } from '../state/types.ts'
import { nanoseconds } from '../time.ts'
import { putVersion, type Registered } from './register.ts'

/** Names a version of a job, which is then neither dropped nor collected as garbage. */
export function tagVersion(
  { store, clock }: Server,
  namespace: string,
  id: string,
  name: string,
  call: { readonly Version?: number; readonly Description?: string },
): VersionTag & { Index: number } {
  const record = findJob(store, namespace, id)
  const number = call.Version ?? record?.job.Version ?? 0
  const version = record?.versions.find(({ Version }) => Version === number)
  if (!record || !version) throw new NomadError(500, `job "${id}" version ${number} not found`)
  if (record.versions.some(({ Version, VersionTag: tag }) => tag?.Name === name && Version !== number))
    throw new NomadError(500, `tag "${name}" already exists on a different version of job "${id}"`)
  const tag = { Name: name, Description: call.Description ?? '', TaggedTime: nanoseconds(clock.now()) }
  return { ...tag, Index: retag(store, record, version, tag) }
}

export function untagVersion(
  { store }: Server,
  namespace: string,
  id: string,
  name: string,
): { Index: number } {
  const record = findJob(store, namespace, id)
  const version = record?.versions.find(({ VersionTag: tag }) => tag?.Name === name)
  if (!record || !version) throw new NomadError(500, `tag "${name}" not found on job "${id}"`)
  return { Index: retag(store, record, version, null) }
}

function retag(store: Server['store'], record: JobRecord, version: Job, tag: VersionTag | null): number {
  return store.write('JobVersionTagUpdated', (entry) => {
    const changed = { ...version, VersionTag: tag, ModifyIndex: entry.index }
    if (version.Version === record.job.Version) record.job = changed
    record.versions = record.versions.map((one) => (one.Version === version.Version ? changed : one))
    entry.touch('jobs', record)
    return entry.index
  })
}

/** Registers an earlier version again, as the newest. */
export function revert(
  server: Server,
  namespace: string,
  id: string,
  call: {
    readonly JobID?: string
    readonly JobVersion?: number
    readonly EnforcePriorVersion?: number | null
  },
): Registered {
  if (call.JobID === undefined || call.JobID === '') throw new NomadError(400, 'JobID must be specified')
  if (call.JobID !== id) throw new NomadError(400, 'Job ID does not match')
  const { store, scheduler } = server
  const record = findJob(store, namespace, id)
  if (!record) throw new NomadError(500, `job "${id}" not found`)
  const { Version } = record.job
  if (typeof call.EnforcePriorVersion === 'number' && call.EnforcePriorVersion !== Version)
    throw new NomadError(
      500,
      `Current job has version ${Version}; enforcing version ${call.EnforcePriorVersion}`,
    )
  const number = call.JobVersion ?? 0
  if (number === Version) throw new NomadError(500, "can't revert to current version")
  const version = record.versions.find((one) => one.Version === number)
  if (!version)
    throw new NomadError(500, `job "${id}" in namespace "${namespace}" at version ${number} not found`)
  const again = { ...version, Stop: false, VersionTag: null }
  if (!record.job.Stop && jobDigest(again) === jobDigest(record.job))
    return store.write('AllocationUpdateDesiredStatus', (entry) => {
      const { ID } = scheduler.evaluate(entry, record, 'job-register')
      const { index } = entry
      return { EvalID: ID, EvalCreateIndex: index, JobModifyIndex: record.job.ModifyIndex, Index: index }
    })
  return putVersion(server, again, record, false, 'job-register')
}
