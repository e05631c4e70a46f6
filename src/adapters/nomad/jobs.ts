import { z } from '../../core/zod.ts'
import type { NomadHttp } from './client.ts'
import { classify } from './failure.ts'
import { jobPath, jobSchema, type NomadJob, place, type StoredJob, storedJobSchema } from './job-schema.ts'

export { jobPath, type NomadJob, type StoredJob } from './job-schema.ts'

export interface Registered {
  /** Empty when nothing was to be done. */
  readonly evaluation: string
  readonly jobModifyIndex: number
  /** Nomad's, one text; absent when there are none. */
  readonly warnings?: string
}

const registeredSchema = z
  .object({ EvalID: z.string(), JobModifyIndex: z.number(), Warnings: z.string().nullish() })
  .transform(
    ({ EvalID, JobModifyIndex, Warnings }): Registered => ({
      evaluation: EvalID,
      jobModifyIndex: JobModifyIndex,
      ...(Warnings ? { warnings: Warnings } : {}),
    }),
  )

/**
 * Registers a job. Counts of groups that are there already are kept unless `preserveCounts` is false.
 * `enforceIndex`: only if the job has this modify index, 0 for only if there is none. Throws NomadError.
 */
export async function registerJob(
  http: NomadHttp,
  request: {
    readonly job: NomadJob
    readonly preserveCounts?: boolean
    readonly enforceIndex?: number
    readonly timeoutMs?: number
  },
): Promise<Registered> {
  const { job, preserveCounts = true, enforceIndex, timeoutMs } = request
  const { data } = await http.call({
    method: 'PUT',
    path: '/v1/jobs',
    params: place(job.Namespace),
    body: {
      Job: job,
      PreserveCounts: preserveCounts,
      ...(enforceIndex === undefined ? {} : { EnforceIndex: true, JobModifyIndex: enforceIndex }),
    },
    schema: registeredSchema,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  return data
}

/** The job that Nomad reads out of HCL, its own defaults filled in. Throws NomadError, `invalid` with line and column. */
export async function parseJob(http: NomadHttp, hcl: string): Promise<NomadJob> {
  const body = { JobHCL: hcl, Canonicalize: true }
  return (await http.call({ method: 'POST', path: '/v1/jobs/parse', body, schema: jobSchema, isRead: true }))
    .data
}

/** The job as it is now, or undefined when Nomad has none. Throws NomadError. */
export async function readJob(
  http: NomadHttp,
  ref: { readonly namespace: string; readonly job: string },
  timeoutMs?: number,
): Promise<StoredJob | undefined> {
  try {
    const { data } = await http.call({
      path: jobPath(ref.job),
      params: place(ref.namespace),
      schema: storedJobSchema,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    })
    return data
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

export interface JobVersion {
  readonly version: number
  readonly jobModifyIndex: number
  readonly isStable: boolean
  /** Name of its tag. A version that a scale made has the tag of the version before it. */
  readonly tag?: string
  readonly job: StoredJob
}

/** The versions that Nomad keeps, newest first; none of a job that it does not have. Throws NomadError. */
export async function listVersions(
  http: NomadHttp,
  ref: { readonly namespace: string; readonly job: string },
): Promise<JobVersion[]> {
  const schema = z.object({ Versions: z.array(storedJobSchema.extend({ Stable: z.boolean() })) })
  try {
    const path = `${jobPath(ref.job)}/versions`
    const { data } = await http.call({ path, params: place(ref.namespace), schema })
    return data.Versions.map((job) => ({
      version: job.Version,
      jobModifyIndex: job.JobModifyIndex,
      isStable: job.Stable,
      ...(job.VersionTag ? { tag: job.VersionTag.Name } : {}),
      job,
    }))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return classify(error).refusal === 'job-missing'
}
