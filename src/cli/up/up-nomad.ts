import type { NomadHttp } from '../../adapters/nomad/client.ts'
import { classify, type NomadFailure } from '../../adapters/nomad/failure.ts'
import { jobPath, type Registered, readJob, registerJob } from '../../adapters/nomad/jobs.ts'
import { tagVersion } from '../../adapters/nomad/tag-version.ts'
import {
  type LiveAllocation,
  type LiveJob,
  liveAllocationsSchema,
  type NomadPlan,
  type ParsedJob,
  parsedJobSchema,
  planSchema,
} from '../../core/up/nomad-answers.ts'
import { versionTag } from '../../core/up/version-tag.ts'

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | ({ readonly ok: false } & Pick<NomadFailure, 'refusal' | 'message'>)

export type NomadRefusal = Pick<NomadFailure, 'refusal' | 'message'>

/** What `up` asks of Nomad. Nothing here throws for an answer of Nomad's. */
export interface UpNomad {
  parse(hcl: string): Promise<Answer<ParsedJob>>
  /** Undefined for a job that Nomad does not have. */
  live(job: ParsedJob): Promise<Answer<LiveJob | undefined>>
  allocations(job: ParsedJob): Promise<Answer<readonly LiveAllocation[]>>
  plan(job: ParsedJob): Promise<Answer<NomadPlan>>
  /** Only if the job still has this modify index, or does not exist for 0. */
  register(job: ParsedJob, preserveCounts: boolean, jobModifyIndex: number): Promise<Answer<Registered>>
  /** Has Nomad keep this version, which must not be the present one, and no more than the last few. */
  keepVersion(job: ParsedJob, version: number): Promise<Answer<unknown>>
}

export function upNomad(http: NomadHttp): UpNomad {
  const params = ({ Namespace }: ParsedJob) => ({ namespace: Namespace || http.namespace })
  return {
    parse: (hcl) =>
      ask(
        http.call({
          method: 'POST',
          path: '/v1/jobs/parse',
          body: { JobHCL: hcl, Canonicalize: true },
          schema: parsedJobSchema,
          isRead: true,
        }),
      ),
    live: (job) => answer(readJob(http, { job: job.ID, ...params(job) })),
    allocations: (job) =>
      ask(
        http.call({
          path: `${jobPath(job.ID)}/allocations`,
          params: params(job),
          schema: liveAllocationsSchema,
        }),
      ),
    plan: (job) =>
      ask(
        http.call({
          method: 'PUT',
          path: `${jobPath(job.ID)}/plan`,
          params: params(job),
          body: { Job: job, Diff: true },
          schema: planSchema,
          isRead: true,
        }),
      ),
    register: (job, preserveCounts, enforceIndex) =>
      answer(registerJob(http, { job, preserveCounts, enforceIndex })),
    keepVersion(job, version) {
      const group = { ...params(job), job: job.ID, group: job.ID }
      const request = { group, version, name: versionTag(version), description: DESCRIPTION }
      return answer(tagVersion(http, request, { leftMs: () => TAG_TIMEOUT_MS, mayBeDone: () => false }))
    },
  }
}

const DESCRIPTION = 'replaced by drover up'
const TAG_TIMEOUT_MS = 5000

/** Whether nobody can tell what Nomad makes of it: it is away, and so it is for the next call. */
export function isAway({ refusal }: NomadRefusal): boolean {
  return ['unreachable', 'timeout', 'no-leader', 'rate-limited'].includes(refusal)
}

async function answer<T>(work: Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work }
  } catch (error) {
    const { refusal, message } = classify(error)
    return { ok: false, refusal, message }
  }
}

async function ask<T>(work: Promise<{ readonly data: T }>): Promise<Answer<T>> {
  const got = await answer(work)
  return got.ok ? { ok: true, value: got.value.data } : got
}
