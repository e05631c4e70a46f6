import { randomUUID } from 'node:crypto'
import type { SandboxClock } from '../../clock.ts'
import { putAllocation, putDeployment, putEvaluation, settleStatus } from '../state/put.ts'
import type { Entry, JobRecord, Store } from '../state/store.ts'
import type { Allocation, Deployment, Evaluation } from '../state/types.ts'
import { nanoseconds } from '../time.ts'
import { beginDeployment, countDeployment } from './deployment.ts'
import type { GroupPlan } from './reconcile.ts'

export interface PlanInput {
  readonly store: Store
  readonly clock: SandboxClock
  readonly node: { readonly ID: string; readonly Name: string }
  readonly record: JobRecord
  readonly plans: ReadonlyMap<string, GroupPlan>
  readonly evaluation: Evaluation
}

export interface PlanOutcome {
  readonly changed: readonly Allocation[]
  readonly rescheduled: readonly { readonly allocation: Allocation; readonly previous: Allocation }[]
}

/** Writes what a plan says in one raft entry; nothing when it says nothing. */
export function applyPlan(input: PlanInput): PlanOutcome {
  const { store, record, plans } = input
  const isEmpty = [...plans.values()].every(
    ({ place, stop, inPlace }) => place.length + stop.length + inPlace.length === 0,
  )
  const old = record.deployment
  const isSuperseded = old?.Status === 'running' && (old.JobVersion !== record.job.Version || record.job.Stop)
  if (isEmpty && !isSuperseded) return { changed: [], rescheduled: [] }
  return store.write('PlanResult', (entry) => {
    putEvaluation(store, entry, input.evaluation, record)
    if (old && isSuperseded) putDeployment(store, entry, record, cancelled(old, record, entry, input))
    return writePlans(entry, input)
  })
}

function cancelled(old: Deployment, { job }: JobRecord, entry: Entry, { clock }: PlanInput): Deployment {
  const why = job.Stop ? 'because job is stopped' : 'due to newer version of job'
  return {
    ...old,
    Status: 'cancelled',
    StatusDescription: `Cancelled ${why}`,
    ModifyIndex: entry.index,
    ModifyTime: nanoseconds(clock.now()),
  }
}

function writePlans(entry: Entry, input: PlanInput): PlanOutcome {
  const { store, clock, record, plans, evaluation } = input
  const now = clock.now()
  const begun = beginDeployment(record.job, plans, record.considered.values(), now, entry.index)
  const running = record.deployment?.Status === 'running' ? record.deployment : undefined
  const deployment = begun ?? running
  const changed: Allocation[] = []
  const rescheduled: { allocation: Allocation; previous: Allocation }[] = []
  const put = (allocation: Allocation): void => {
    const stamped = {
      ...allocation,
      ModifyIndex: entry.index,
      AllocModifyIndex: entry.index,
      ModifyTime: nanoseconds(now),
    }
    putAllocation(store, entry, record, stamped)
    changed.push(stamped)
  }
  for (const [name, plan] of plans) {
    const DeploymentID = deployment?.TaskGroups[name] ? deployment.ID : ''
    const successors = new Map<string, string>()
    for (const { index, previous, isReschedule } of plan.place) {
      const allocation = place(input, entry, name, index, previous, DeploymentID)
      put(allocation)
      if (previous) successors.set(previous.ID, allocation.ID)
      if (previous && isReschedule) rescheduled.push({ allocation, previous })
    }
    for (const { allocation, why } of plan.stop)
      put({
        ...allocation,
        DesiredStatus: 'stop',
        DesiredDescription: why,
        NextAllocation: successors.get(allocation.ID) ?? allocation.NextAllocation,
      })
    for (const allocation of plan.inPlace)
      put({
        ...allocation,
        Job: record.job,
        EvalID: evaluation.ID,
        DeploymentID,
        DeploymentStatus: DeploymentID === allocation.DeploymentID ? allocation.DeploymentStatus : null,
      })
  }
  if (deployment) putDeployment(store, entry, record, counted(deployment, record, entry, now))
  settleStatus(store, entry, record, 1)
  return { changed, rescheduled }
}

function counted(deployment: Deployment, record: JobRecord, entry: Entry, now: number): Deployment {
  const counts = countDeployment(deployment, record.considered.values(), now)
  return { ...counts, ModifyIndex: entry.index, ModifyTime: nanoseconds(now) }
}

function place(
  { record: { job }, node, clock, evaluation }: PlanInput,
  entry: Entry,
  group: string,
  index: number,
  previous: Allocation | undefined,
  deployment: string,
): Allocation {
  const now = nanoseconds(clock.now())
  return {
    ID: randomUUID(),
    Name: `${job.ID}.${group}[${index}]`,
    Namespace: job.Namespace,
    EvalID: evaluation.ID,
    NodeID: node.ID,
    NodeName: node.Name,
    JobID: job.ID,
    Job: job,
    TaskGroup: group,
    DesiredStatus: 'run',
    DesiredDescription: '',
    DesiredTransition: {},
    ClientStatus: 'pending',
    ClientDescription: '',
    DeploymentID: deployment,
    DeploymentStatus: null,
    PreviousAllocation: previous?.ID ?? '',
    NextAllocation: '',
    FollowupEvalID: '',
    TaskStates: null,
    CreateIndex: entry.index,
    ModifyIndex: entry.index,
    AllocModifyIndex: entry.index,
    CreateTime: now,
    ModifyTime: now,
  }
}
