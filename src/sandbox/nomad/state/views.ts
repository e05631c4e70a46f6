import type { Allocation, Job, TaskGroup } from './types.ts'

/** An allocation as lists tell it. */
export function allocationStub(allocation: Allocation): unknown {
  const { Job: job, DesiredTransition, AllocModifyIndex: _, PreviousAllocation: __, ...rest } = allocation
  return {
    ...rest,
    DesiredTransition: transition(DesiredTransition),
    JobType: job.Type,
    JobVersion: job.Version,
    PreemptedAllocations: null,
    PreemptedByAllocation: '',
    RescheduleTracker: null,
  }
}

/** An allocation with the job at the version that it runs. */
export function allocationBody(allocation: Allocation): unknown {
  return { ...body(allocation), Job: allocation.Job }
}

/** An allocation as the event stream tells it: without its job. */
export function allocationEvent(allocation: Allocation): unknown {
  return { Allocation: body(allocation) }
}

function body({ Job: job, ...allocation }: Allocation): Record<string, unknown> {
  const group = job.TaskGroups.find(({ Name }) => Name === allocation.TaskGroup)
  const whole = {
    ...withoutEmpty(allocation),
    DesiredTransition: transition(allocation.DesiredTransition),
    Resources: total(group),
    TaskResources: Object.fromEntries((group?.Tasks ?? []).map(({ Name, Resources }) => [Name, Resources])),
  }
  return whole
}

function transition({ Migrate }: Allocation['DesiredTransition']): unknown {
  return {
    ForceReschedule: null,
    Migrate: Migrate ?? null,
    MigrateDisablePlacement: null,
    NoShutdownDelay: null,
    Reschedule: null,
  }
}

function withoutEmpty(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== '' && one !== null))
}

function total(group: TaskGroup | undefined): unknown {
  const sum = (name: string): number =>
    (group?.Tasks ?? []).reduce((all, { Resources }) => all + Number(Resources[name] ?? 0), 0)
  return { CPU: sum('CPU'), MemoryMB: sum('MemoryMB'), MemoryMaxMB: sum('MemoryMaxMB'), DiskMB: 300 }
}

export function jobStub(job: Job, allocations: Iterable<Allocation>, withMeta: boolean): unknown {
  const { ID, Name, Namespace, Type, Priority, Status, StatusDescription, Stop, SubmitTime } = job
  const { CreateIndex, ModifyIndex, JobModifyIndex } = job
  const stub = {
    CreateIndex,
    Datacenters: job.Datacenters,
    ID,
    JobModifyIndex,
    JobSummary: jobSummary(job, allocations),
    ModifyIndex,
    Multiregion: null,
    Name,
    Namespace,
    NodePool: job.NodePool,
    ParameterizedJob: false,
    ParentID: '',
    Periodic: false,
    Priority,
    Status,
    StatusDescription,
    Stop,
    SubmitTime,
    Type,
  }
  return withMeta ? { ...stub, Meta: job.Meta } : stub
}

const SUMMARY_FIELD = {
  pending: 'Starting',
  running: 'Running',
  complete: 'Complete',
  failed: 'Failed',
  lost: 'Lost',
} as const

export function jobSummary(job: Job, allocations: Iterable<Allocation>): unknown {
  const empty = { Complete: 0, Failed: 0, Lost: 0, Queued: 0, Running: 0, Starting: 0, Unknown: 0 }
  const summary = Object.fromEntries(job.TaskGroups.map(({ Name }) => [Name, { ...empty }]))
  for (const { TaskGroup: group, ClientStatus } of allocations) {
    const counts = summary[group]
    if (counts) counts[SUMMARY_FIELD[ClientStatus]] += 1
  }
  return {
    Children: { Dead: 0, Pending: 0, Running: 0 },
    CreateIndex: job.CreateIndex,
    JobID: job.ID,
    ModifyIndex: job.ModifyIndex,
    Namespace: job.Namespace,
    Summary: summary,
  }
}
