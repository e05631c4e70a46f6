import { compact } from '../../core/compact.ts'
import type { AllocationFacts, JobFacts, NomadReading } from '../../core/health/reading.ts'
import { planSchema } from '../../core/up/nomad-answers.ts'
import { notPlaced } from '../../core/up/read-change.ts'
import { z } from '../../core/zod.ts'
import type { NomadHttp } from '../nomad/client.ts'
import { startedAt, trouble } from '../nomad/task-states.ts'

const PER_PAGE = 1000
const NS_PER_MS = 1e6

/**
 * Reads how the jobs of a namespace are: three lists, page by page. Times are milliseconds since 1970. Throws
 * NomadError. Nomad has the first list since 1.8.
 */
export async function readNomad(
  http: NomadHttp,
  namespace: string,
  signal: AbortSignal,
): Promise<NomadReading> {
  const all = <T>(path: string, params: Readonly<Record<string, string | boolean>>, schema: z.ZodType<T>) =>
    readPages(http, path, { namespace, ...params }, schema, signal)
  const [jobs, allocations, blocked] = await Promise.all([
    all('/v1/jobs/statuses', { include_children: true }, jobSchema),
    all('/v1/allocations', { task_states: true }, allocationSchema),
    all('/v1/evaluations', { status: 'blocked' }, evaluationSchema),
  ])
  return { jobs, allocations, unplaced: new Map(blocked) }
}

async function readPages<T>(
  http: NomadHttp,
  path: string,
  params: Readonly<Record<string, string | boolean>>,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T[]> {
  const items: T[] = []
  let next: string | undefined
  do {
    const reply = await http.call({
      path,
      params: { ...params, per_page: PER_PAGE, ...(next === undefined ? {} : { next_token: next }) },
      schema: z.array(schema),
      signal,
    })
    items.push(...reply.data)
    next = reply.next
  } while (next !== undefined)
  return items
}

const jobSchema = z
  .object({
    ID: z.string(),
    ParentID: z.string().nullish(),
    Stop: z.boolean(),
    GroupCountSum: z.number(),
    Version: z.number(),
    SubmitTime: z.number(),
    LatestDeployment: z.object({ JobVersion: z.number() }).nullish(),
  })
  .transform(
    (job): JobFacts => ({
      id: job.ID,
      ...(job.ParentID ? { parent: job.ParentID } : {}),
      isStopped: job.Stop,
      count: job.GroupCountSum,
      version: job.Version,
      ...(job.LatestDeployment ? { deployedVersion: job.LatestDeployment.JobVersion } : {}),
      submittedAt: Math.floor(job.SubmitTime / NS_PER_MS),
    }),
  )

const taskSchema = z.object({
  State: z.enum(['pending', 'running', 'dead']),
  Failed: z.boolean().nullish(),
  Restarts: z.number().nullish(),
  StartedAt: z.string().nullish(),
  Events: z
    .array(
      z.object({
        Type: z.string(),
        Time: z.number(),
        DisplayMessage: z.string().nullish(),
        FailsTask: z.boolean().nullish(),
        ExitCode: z.number().nullish(),
        Signal: z.number().nullish(),
      }),
    )
    .nullish(),
})

const allocationSchema = z
  .object({
    ID: z.string(),
    JobID: z.string(),
    JobVersion: z.number(),
    TaskGroup: z.string(),
    DesiredStatus: z.enum(['run', 'stop', 'evict']),
    ClientStatus: z.enum(['pending', 'running', 'complete', 'failed', 'lost', 'unknown']),
    NextAllocation: z.string().nullish(),
    CreateTime: z.number(),
    ModifyTime: z.number(),
    DeploymentStatus: z.object({ Healthy: z.boolean().nullish() }).nullish(),
    TaskStates: z.record(z.string(), taskSchema).nullish(),
  })
  .transform((one): AllocationFacts => {
    const tasks = one.TaskStates ?? {}
    // The main task of a job that Drover rendered has the group's name.
    const main = tasks[one.TaskGroup]
    return compact({
      id: one.ID,
      job: one.JobID,
      jobVersion: one.JobVersion,
      desiredStatus: one.DesiredStatus,
      clientStatus: one.ClientStatus,
      isReplaced: Boolean(one.NextAllocation),
      createdAt: Math.floor(one.CreateTime / NS_PER_MS),
      changedAt: Math.floor(one.ModifyTime / NS_PER_MS),
      isHealthy: one.DeploymentStatus?.Healthy ?? undefined,
      task: main && compact({ state: main.State, restarts: main.Restarts ?? 0, startedAt: startedAt(main) }),
      missing: Object.values(tasks).flatMap((task) => missingOf(task) ?? [])[0],
      trouble: troubleOf(one.ClientStatus, one.TaskGroup, tasks),
    })
  })

type Task = z.infer<typeof taskSchema>

/** What a task that has not started waits for. */
function missingOf({ State, Events }: Task): AllocationFacts['missing'] {
  const last = (Events ?? []).at(-1)
  if (State !== 'pending' || last?.Type !== 'Template') return undefined
  const words = last.DisplayMessage ?? ''
  return words.startsWith('Missing:') ? { words, since: Math.floor(last.Time / NS_PER_MS) } : undefined
}

/** Waiting is no trouble; and why a task ended tells more than that it is not started again. */
function troubleOf(
  clientStatus: string,
  group: string,
  tasks: Readonly<Record<string, Task>>,
): string | undefined {
  const states = Object.entries(tasks)
  if (states.some(([, task]) => missingOf(task) !== undefined)) return undefined
  return trouble(clientStatus, tasks[group], tasks)
}

const evaluationSchema = z
  .object({ JobID: z.string(), FailedTGAllocs: planSchema.shape.FailedTGAllocs })
  .transform((one): [string, string] => [one.JobID, notPlaced(one).join('; ')])
