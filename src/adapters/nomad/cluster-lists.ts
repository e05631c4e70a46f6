import { z } from '../../core/zod.ts'
import type { NomadHttp } from './client.ts'
import {
  type AllocationRecord,
  allocationRecord,
  allocationSchema,
  type DeploymentRecord,
  deploymentSchema,
  isScaled,
  type JobRecord,
  jobRecordSchema,
} from './cluster-records.ts'
import { classify } from './failure.ts'
import { jobPath } from './job-schema.ts'

/** Everything of the cluster that scaling needs, and of which index of the raft log each list is. */
export interface ClusterLists {
  readonly jobs: readonly JobRecord[]
  readonly allocations: readonly AllocationRecord[]
  readonly deployments: readonly DeploymentRecord[]
  readonly jobsIndex: number
  readonly allocationsIndex: number
  readonly deploymentsIndex: number
}

const EVERYWHERE = { namespace: '*' }
const PER_PAGE = 1000
const AT_ONCE = 8

/**
 * Reads jobs, allocations and deployments of all namespaces that the token may read. Jobs that `known` has unchanged
 * are not read again. Throws NomadError.
 */
export async function readLists(
  http: NomadHttp,
  known: (namespace: string, id: string) => JobRecord | undefined,
  signal: AbortSignal,
): Promise<ClusterLists> {
  const stubs = await readPages(http, '/v1/jobs', stubSchema, signal)
  const wanted = stubs.items.filter((stub) => isScaled(stub) && !stub.Periodic && !stub.ParameterizedJob)
  const jobs = await inParallel(AT_ONCE, wanted, async (stub) => {
    const job = known(stub.Namespace, stub.ID)
    const isSame = job?.jobModifyIndex === stub.JobModifyIndex && job.submittedAt === (stub.SubmitTime ?? 0)
    return isSame && job ? job : readRecord(http, stub.Namespace, stub.ID, signal)
  })
  const found = jobs.filter((job) => job !== undefined)
  const tasks = new Map<string, string | undefined>(
    found.flatMap((job) =>
      [...job.groups].map(([group, { task }]) => [`${job.namespace}/${job.id}/${group}`, task] as const),
    ),
  )
  const allocations = await readPages(http, '/v1/allocations', allocationSchema, signal, (one) => {
    const key = `${one.Namespace}/${one.JobID}/${one.TaskGroup}`
    return tasks.has(key) ? allocationRecord(one, tasks.get(key)) : undefined
  })
  const deployments = await readPages(http, '/v1/deployments', deploymentSchema, signal, (one) =>
    one.isActive ? one : undefined,
  )
  return {
    jobs: found,
    allocations: allocations.items,
    deployments: deployments.items,
    jobsIndex: stubs.index,
    allocationsIndex: allocations.index,
    deploymentsIndex: deployments.index,
  }
}

/** The index of the last change to anything in these lists. Cheap. Throws NomadError. */
export async function readIndex(http: NomadHttp, signal: AbortSignal): Promise<number> {
  let highest = 0
  // One by one, so that of several refusals it is always the same that is told.
  for (const path of ['/v1/jobs', '/v1/allocations', '/v1/deployments']) {
    const params = { ...EVERYWHERE, per_page: 1 }
    const { index } = await http.call({ path, params, schema: z.unknown(), signal })
    highest = Math.max(highest, index)
  }
  return highest
}

const stubSchema = z.object({
  ID: z.string(),
  Namespace: z.string(),
  Type: z.string(),
  ParentID: z.string().nullish(),
  Periodic: z.boolean().nullish(),
  ParameterizedJob: z.boolean().nullish(),
  JobModifyIndex: z.number(),
  SubmitTime: z.number().nullish(),
})

async function readRecord(
  http: NomadHttp,
  namespace: string,
  id: string,
  signal: AbortSignal,
): Promise<JobRecord | undefined> {
  try {
    const path = jobPath(id)
    return (await http.call({ path, params: { namespace }, schema: jobRecordSchema, signal })).data
  } catch (error) {
    // It went away since the list.
    if (classify(error).refusal === 'job-missing') return undefined
    throw error
  }
}

/** Page by page, so that what is not kept of a page is gone before the next. The index is the first page's. */
async function readPages<T, R = T>(
  http: NomadHttp,
  path: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
  keep: (item: T) => R | undefined = (item) => item as unknown as R,
): Promise<{ items: R[]; index: number }> {
  const items: R[] = []
  const page = z.array(schema)
  const read = (next?: string) =>
    http.call({
      path,
      params: { ...EVERYWHERE, per_page: PER_PAGE, ...(next ? { next_token: next } : {}) },
      schema: page,
      signal,
    })
  let reply = await read()
  const { index } = reply
  for (;;) {
    for (const item of reply.data) {
      const kept = keep(item)
      if (kept !== undefined) items.push(kept)
    }
    if (reply.next === undefined) return { items, index }
    reply = await read(reply.next)
  }
}

async function inParallel<T, R>(
  width: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next
      next += 1
      results[at] = await work(items[at] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}
