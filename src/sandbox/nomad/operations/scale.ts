import { NomadError } from '../nomad-error.ts'
import type { Server } from '../server.ts'
import { putJob } from '../state/put.ts'
import { type JobRecord, requireJob } from '../state/store.ts'
import type { Job, ScalingEvent, TaskGroup } from '../state/types.ts'
import { nanoseconds } from '../time.ts'
import { keepVersions, nextVersion, type Registered } from './register.ts'

export interface ScaleCall {
  readonly Count?: number | null
  readonly Target?: Readonly<Record<string, string>> | null
  readonly Message?: string
  readonly Error?: boolean
  readonly Meta?: unknown
  readonly JobModifyIndex?: number
}

const MAX_EVENTS = 20

/** Sets a group's count, or only records an event. Throws NomadError with what Nomad would say. */
export function scale(server: Server, namespace: string, id: string, call: ScaleCall): Registered {
  const { store } = server
  const name = checkCall(id, call)
  const record = requireJob(store, namespace, id, `job "${id}" not found`)
  const group = record.job.TaskGroups.find(({ Name }) => Name === name)
  if (!group) throw new NomadError(400, `task group "${name}" specified for scaling does not exist in job`)
  const count = call.Count ?? undefined
  if (count === undefined) return recordOnly(server, record, group, call)
  checkCount(record, group, count, call.JobModifyIndex ?? 0)
  return setCount(server, record, group, count, call)
}

function checkCall(id: string, { Target, Count, Error: isError }: ScaleCall): string {
  const name = Target?.Group
  if (name === undefined || name === '')
    throw new NomadError(400, 'missing task group name for scaling action')
  if (Target?.Job !== undefined && Target.Job !== id)
    throw new NomadError(400, 'job ID in payload did not match URL')
  if (typeof Count !== 'number') return name
  if (isError) throw new NomadError(400, 'scaling action should not contain count if error is true')
  if (Count < 0) throw new NomadError(400, "scaling action count can't be negative")
  return name
}

function checkCount(record: JobRecord, group: TaskGroup, count: number, index: number): void {
  if (record.deployment?.Status === 'running')
    throw new NomadError(400, 'job scaling blocked due to active deployment')
  const { Scaling } = group
  if (Scaling && count < Scaling.Min)
    throw new NomadError(400, `group count was less than scaling policy minimum: ${count} < ${Scaling.Min}`)
  if (Scaling && count > Scaling.Max)
    throw new NomadError(
      400,
      `group count was greater than scaling policy maximum: ${count} > ${Scaling.Max}`,
    )
  const { JobModifyIndex } = record.job
  if (index !== 0 && index !== JobModifyIndex)
    throw new NomadError(
      500,
      `Enforcing job modify index ${index}: job exists with conflicting job modify index: ${JobModifyIndex}`,
    )
}

function setCount(
  { store, scheduler, clock }: Server,
  record: JobRecord,
  group: TaskGroup,
  count: number,
  call: ScaleCall,
): Registered {
  const JobModifyIndex = store.write('JobRegistered', (entry) => {
    const scaled = nextVersion(withCount(record.job, group.Name, count), record.job, entry, clock.now())
    putJob(entry, record, scaled)
    record.versions = keepVersions(record.versions)
    return entry.index
  })
  const evaluation = store.write('EvaluationUpdated', (entry) =>
    scheduler.evaluate(entry, record, 'job-scaling'),
  )
  const Index = addEvent(store, record, group, call, evaluation.ID, clock.now())
  return { EvalID: evaluation.ID, EvalCreateIndex: evaluation.CreateIndex, JobModifyIndex, Index }
}

function recordOnly(
  { store, clock }: Server,
  record: JobRecord,
  group: TaskGroup,
  call: ScaleCall,
): Registered {
  const Index = addEvent(store, record, group, call, null, clock.now())
  return { EvalID: '', EvalCreateIndex: 0, JobModifyIndex: record.job.ModifyIndex, Index }
}

function withCount(job: Job, name: string, Count: number): Job {
  // A stopped job stays stopped; a tag goes with the version that follows.
  return { ...job, TaskGroups: job.TaskGroups.map((one) => (one.Name === name ? { ...one, Count } : one)) }
}

function addEvent(
  store: Server['store'],
  record: JobRecord,
  group: TaskGroup,
  call: ScaleCall,
  EvalID: string | null,
  now: number,
): number {
  return store.write('ScalingEvent', (entry) => {
    const event: ScalingEvent = {
      Count: call.Count ?? null,
      CreateIndex: entry.index,
      Error: call.Error ?? false,
      EvalID,
      Message: call.Message ?? '',
      Meta: call.Meta ?? null,
      PreviousCount: group.Count,
      Time: nanoseconds(now),
    }
    const events = record.scalingEvents.get(group.Name) ?? []
    record.scalingEvents.set(group.Name, [event, ...events].slice(0, MAX_EVENTS))
    entry.touch('jobs', record)
    return entry.index
  })
}
