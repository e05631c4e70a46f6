import type { GroupRef } from '../../core/scaling/group-ref.ts'
import { z } from '../../core/zod.ts'
import { allocationRecord, allocationSchema, deploymentSchema, jobRecordSchema } from './cluster-records.ts'
import type { ClusterTables } from './cluster-tables.ts'

/** One line of Nomad's event stream. A sign of life has no events. */
export const eventLineSchema = z.object({
  Index: z.number().default(0),
  Events: z
    .array(z.object({ Topic: z.string(), Type: z.string(), Payload: z.unknown().optional() }))
    .nullish()
    .transform((events) => events ?? []),
})
export type EventLine = z.infer<typeof eventLineSchema>

export const TOPICS = ['Job', 'Allocation', 'Deployment'] as const

/** Up to which index of the raft log each table is known already. */
export interface KnownIndexes {
  readonly jobsIndex: number
  readonly allocationsIndex: number
  readonly deploymentsIndex: number
}

/** Enters a line of events. Returns the groups that changed, some more than once. Throws ZodError. */
export function applyEvents(
  tables: ClusterTables,
  line: EventLine,
  known: KnownIndexes,
): readonly GroupRef[] {
  return line.Events.flatMap(({ Topic, Type, Payload }) => {
    switch (Topic) {
      case 'Job':
        return line.Index <= known.jobsIndex ? [] : applyJob(tables, line.Index, Type, Payload)
      case 'Allocation':
        return line.Index <= known.allocationsIndex ? [] : applyAllocation(tables, line.Index, Payload)
      case 'Deployment':
        return line.Index <= known.deploymentsIndex ? [] : applyDeployment(tables, Payload)
      default:
        return []
    }
  })
}

const jobPayload = z.object({ Job: jobRecordSchema, Deleted: z.boolean().nullish() })
const allocationPayload = z.object({ Allocation: allocationSchema })
const deploymentPayload = z.object({ Deployment: deploymentSchema })

function applyJob(tables: ClusterTables, index: number, type: string, payload: unknown): readonly GroupRef[] {
  const { Job: job, Deleted } = jobPayload.parse(payload)
  if (job === undefined) return []
  // Purged: the payload is the job as it was, stopped or not, and says that it is deleted. Collected ones are batches.
  const isGone = type === 'JobBatchDeregistered' || Deleted === true
  if (isGone) return tables.deleteJob(job.namespace, job.id, index)
  return tables.putJob({ ...job, index })
}

function applyAllocation(tables: ClusterTables, index: number, payload: unknown): readonly GroupRef[] {
  const { Allocation: one } = allocationPayload.parse(payload)
  const ref = { namespace: one.Namespace, job: one.JobID, group: one.TaskGroup }
  // Of a job that is not kept: a child of a periodic one, a system job.
  if (tables.job(ref.namespace, ref.job) === undefined) return []
  const record = allocationRecord(one, tables.taskOf(ref))
  const isPlanned = record.plannedIndex === index && record.desiredStatus === 'run'
  return tables.putAllocation(record, isPlanned)
}

function applyDeployment(tables: ClusterTables, payload: unknown): readonly GroupRef[] {
  return tables.putDeployment(deploymentPayload.parse(payload).Deployment)
}
