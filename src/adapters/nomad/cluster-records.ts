import type { AllocationState } from '../../core/scaling/group.ts'
import { z } from '../../core/zod.ts'
import { mainTask } from './main-task.ts'
import { startedAt, TASK_STATES, trouble } from './task-states.ts'

/** What is kept of a job. */
export interface JobRecord {
  readonly namespace: string
  readonly id: string
  readonly type: string
  readonly isStopped: boolean
  readonly version: number
  readonly jobModifyIndex: number
  /** With the modify index, the same only for the same job. */
  readonly submittedAt: number
  /** Of the raft log, when this was so. */
  readonly index: number
  readonly groups: ReadonlyMap<string, GroupRecord>
  /** Only of jobs with a scaling block. */
  readonly meta: Readonly<Record<string, string>>
}

export interface GroupRecord {
  readonly count: number
  readonly task?: string
  readonly scaling?: { readonly min: number; readonly max: number; readonly policy: unknown }
}

/** What is kept of an allocation. */
export interface AllocationRecord extends Omit<AllocationState, 'jobVersion'> {
  readonly namespace: string
  readonly job: string
  readonly group: string
  /** Events do not tell. */
  readonly jobVersion?: number
  readonly modifyIndex: number
  /** When a plan of the scheduler last touched it. */
  readonly plannedIndex: number
}

export interface DeploymentRecord {
  readonly id: string
  readonly namespace: string
  readonly job: string
  readonly isActive: boolean
  readonly index: number
}

const text = z.string()
const nullishText = z.string().nullish()

const groupSchema = z.object({
  Name: text,
  Count: z.number().nullish(),
  Tasks: z.array(z.object({ Name: text, Lifecycle: z.unknown().optional() })).nullish(),
  Scaling: z
    .object({
      Enabled: z.boolean().nullish(),
      Min: z.number().nullish(),
      Max: z.number().nullish(),
      Policy: z.unknown().optional(),
    })
    .nullish(),
})

/** A whole job, as GET /v1/job/:id and events have it; undefined for kinds of jobs that nobody scales. */
export const jobRecordSchema = z
  .object({
    Namespace: text,
    ID: text,
    Type: text,
    ParentID: nullishText,
    Stop: z.boolean(),
    Version: z.number(),
    JobModifyIndex: z.number(),
    ModifyIndex: z.number(),
    SubmitTime: z.number().nullish(),
    Meta: z.record(text, text).nullish(),
    TaskGroups: z.array(groupSchema).nullish(),
  })
  .transform((job): JobRecord | undefined => {
    if (!isScaled(job)) return undefined
    const groups = new Map((job.TaskGroups ?? []).map((group) => [group.Name, groupRecord(group)]))
    const hasScaling = [...groups.values()].some(({ scaling }) => scaling)
    return {
      namespace: job.Namespace,
      id: job.ID,
      type: job.Type,
      isStopped: job.Stop,
      version: job.Version,
      jobModifyIndex: job.JobModifyIndex,
      submittedAt: job.SubmitTime ?? 0,
      index: job.ModifyIndex,
      groups,
      meta: hasScaling ? (job.Meta ?? {}) : {},
    }
  })

/** Children of periodic and parameterized jobs come and go; system jobs have no count. */
export function isScaled(job: {
  readonly Type: string
  readonly ParentID?: string | null | undefined
}): boolean {
  return (job.Type === 'batch' || job.Type === 'service') && !job.ParentID
}

function groupRecord({ Name, Count, Tasks, Scaling }: z.infer<typeof groupSchema>): GroupRecord {
  const task = mainTask(Name, Tasks ?? [])
  const scaling = Scaling && Scaling.Enabled !== false ? Scaling : undefined
  return {
    count: Count ?? 1,
    ...(task === undefined ? {} : { task }),
    ...(scaling ? { scaling: { min: scaling.Min ?? 0, max: scaling.Max ?? 0, policy: scaling.Policy } } : {}),
  }
}

/** An allocation in a list, or in an event, which has no version of its job. */
export const allocationSchema = z.object({
  ID: text,
  Namespace: text,
  JobID: text,
  TaskGroup: text,
  Name: text,
  NodeID: text,
  NodeName: nullishText,
  JobVersion: z.number().nullish(),
  DesiredStatus: z.enum(['run', 'stop', 'evict']),
  ClientStatus: z.enum(['pending', 'running', 'complete', 'failed', 'lost', 'unknown']),
  NextAllocation: nullishText,
  TaskStates: TASK_STATES,
  CreateTime: z.number(),
  ModifyIndex: z.number(),
  AllocModifyIndex: z.number().nullish(),
})

/** @param task the main task of its group; without it nothing is known of when it started */
export function allocationRecord(
  one: z.infer<typeof allocationSchema>,
  task: string | undefined,
): AllocationRecord {
  const state = task === undefined ? undefined : one.TaskStates?.[task]
  const started = startedAt(state)
  const why = trouble(one.ClientStatus, state, one.TaskStates ?? {})
  return {
    id: one.ID,
    namespace: one.Namespace,
    job: one.JobID,
    group: one.TaskGroup,
    name: one.Name,
    index: Number(/\[(\d+)\]$/.exec(one.Name)?.[1] ?? 0),
    node: one.NodeName || one.NodeID,
    clientStatus: one.ClientStatus,
    desiredStatus: one.DesiredStatus,
    createdAt: Math.floor(one.CreateTime / 1e6),
    modifyIndex: one.ModifyIndex,
    plannedIndex: one.AllocModifyIndex ?? 0,
    ...(one.JobVersion === undefined || one.JobVersion === null ? {} : { jobVersion: one.JobVersion }),
    ...(started === undefined ? {} : { startedAt: started }),
    ...(state?.Restarts ? { restarts: state.Restarts } : {}),
    ...(one.NextAllocation ? { isReplaced: true } : {}),
    ...(why === undefined ? {} : { trouble: why }),
  }
}

export const deploymentSchema = z
  .object({ ID: text, Namespace: text, JobID: text, Status: text, ModifyIndex: z.number() })
  .transform(
    (one): DeploymentRecord => ({
      id: one.ID,
      namespace: one.Namespace,
      job: one.JobID,
      isActive: !OVER.includes(one.Status),
      index: one.ModifyIndex,
    }),
  )

const OVER = ['successful', 'failed', 'cancelled']
