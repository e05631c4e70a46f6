import { randomUUID } from 'node:crypto'
import type { SandboxClock } from '../../clock.ts'
import { tasksDigest } from '../state/job-digest.ts'
import { forgetEnded, putAllocation, putEvaluation, settleStatus } from '../state/put.ts'
import type { Entry, JobRecord, Store } from '../state/store.ts'
import type { Allocation, Evaluation, Job } from '../state/types.ts'
import { isoTime, nanoseconds } from '../time.ts'
import { applyPlan } from './apply-plan.ts'
import { failDeployment, progressDeadline } from './end-deployment.ts'
import { type GroupPlan, reconcileGroup } from './reconcile.ts'

export interface Scheduler {
  /** Adds an evaluation to a raft entry; it is worked on soon after. */
  evaluate(entry: Entry, record: JobRecord, triggeredBy: string, more?: { deployment?: string }): Evaluation
  /** The plans that would be made for a job, changing nothing. */
  plan(job: Job, allocations: Iterable<Allocation>, record: JobRecord | undefined): Map<string, GroupPlan>
  /** Evaluations that are not done. */
  pending(record: JobRecord): number
}

export interface SchedulerOptions {
  readonly store: Store
  readonly clock: SandboxClock
  readonly node: { readonly ID: string; readonly Name: string }
  /** From an evaluation to its plan, milliseconds. */
  readonly delayMs: number
  /** Allocations that a plan has placed, stopped or carried over, for the node to act on. */
  readonly onPlanned: (changed: readonly Allocation[], record: JobRecord) => void
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { store, clock } = options
  const pendingOf = new WeakMap<JobRecord, number>()
  /** When the predecessors of an allocation were replaced. */
  const attempts = new WeakMap<JobRecord, Map<string, readonly number[]>>()
  /** Failed allocations for which an evaluation waits already. */
  const awaited = new Set<string>()
  const watched = new Set<string>()

  const pending = (record: JobRecord): number => pendingOf.get(record) ?? 0
  const addPending = (record: JobRecord, by: number): void => {
    pendingOf.set(record, pending(record) + by)
  }
  const attemptsOf = (record: JobRecord): Map<string, readonly number[]> => {
    const known = attempts.get(record) ?? new Map<string, readonly number[]>()
    attempts.set(record, known)
    return known
  }

  function evaluate(
    entry: Entry,
    record: JobRecord,
    triggeredBy: string,
    more: { deployment?: string; waitUntil?: number } = {},
  ): Evaluation {
    const { job } = record
    const now = nanoseconds(clock.now())
    const evaluation: Evaluation = {
      ID: randomUUID(),
      Namespace: job.Namespace,
      Priority: job.Priority,
      Type: job.Type,
      TriggeredBy: triggeredBy,
      JobID: job.ID,
      JobModifyIndex: job.JobModifyIndex,
      ...(more.deployment === undefined ? {} : { DeploymentID: more.deployment }),
      Status: 'pending',
      ...(more.waitUntil === undefined ? {} : { WaitUntil: isoTime(more.waitUntil) }),
      CreateIndex: entry.index,
      ModifyIndex: entry.index,
      CreateTime: now,
      ModifyTime: now,
    }
    addPending(record, 1)
    putEvaluation(store, entry, evaluation, record)
    settleStatus(store, entry, record, pending(record))
    const wait = more.waitUntil === undefined ? options.delayMs : Math.max(0, more.waitUntil - clock.now())
    clock.after(wait, () => run(record, evaluation))
    return evaluation
  }

  function run(record: JobRecord, evaluation: Evaluation): void {
    const { job } = record
    const plans = plan(job, record.considered.values(), record)
    const outcome = applyPlan({ ...options, record, plans, evaluation })
    for (const { allocation, previous } of outcome.rescheduled) {
      const known = attemptsOf(record)
      known.set(allocation.ID, [...(known.get(previous.ID) ?? []), clock.now()])
      known.delete(previous.ID)
      awaited.delete(previous.ID)
    }
    addPending(record, -1)
    const total = [...plans].map(([name, { updates }]) => [name, updates] as const)
    const now = nanoseconds(clock.now())
    store.write('EvaluationUpdated', (entry) => {
      const DeploymentID = record.deployment?.ID
      const done: Evaluation = {
        ...evaluation,
        ...(DeploymentID === undefined ? {} : { DeploymentID }),
        Status: 'complete',
        PlanAnnotations: { DesiredTGUpdates: Object.fromEntries(total), PreemptedAllocs: null },
        QueuedAllocations: Object.fromEntries(total.map(([name]) => [name, 0])),
        ModifyIndex: entry.index,
        ModifyTime: now,
      }
      putEvaluation(store, entry, done, record)
      followUp(entry, record, plans)
      settleStatus(store, entry, record, pending(record))
    })
    forgetEnded(record)
    watchProgress(record)
    if (outcome.changed.length > 0) options.onPlanned(outcome.changed, record)
  }

  /** Each deployment is looked at when its deadline of progress has come. */
  function watchProgress(record: JobRecord): void {
    const { deployment } = record
    if (deployment?.Status !== 'running' || watched.has(deployment.ID)) return
    watched.add(deployment.ID)
    const look = (): void => {
      const current = record.deployment?.ID === deployment.ID ? record.deployment : undefined
      const at = current && progressDeadline(current)
      if (current?.Status !== 'running' || at === undefined) return
      if (at > clock.now()) clock.after(at - clock.now(), look)
      else
        store.write('DeploymentStatusUpdate', (entry) => {
          failDeployment(store, entry, record, clock.now())
          evaluate(entry, record, 'deployment-watcher', { deployment: deployment.ID })
        })
    }
    look()
  }

  /** Failed allocations are replaced when their time has come, by an evaluation that waits for it. */
  function followUp(entry: Entry, record: JobRecord, plans: ReadonlyMap<string, GroupPlan>): void {
    for (const { later } of plans.values())
      for (const { allocation, at } of later) {
        if (awaited.has(allocation.ID)) continue
        awaited.add(allocation.ID)
        const { ID } = evaluate(entry, record, 'alloc-failure', { waitUntil: at })
        const current = record.allocations.get(allocation.ID) ?? allocation
        putAllocation(store, entry, record, { ...current, FollowupEvalID: ID, ModifyIndex: entry.index })
      }
  }

  function plan(
    job: Job,
    allocations: Iterable<Allocation>,
    record: JobRecord | undefined,
  ): Map<string, GroupPlan> {
    const byGroup = new Map<string, Allocation[]>(job.TaskGroups.map(({ Name }) => [Name, []]))
    for (const one of allocations) {
      const list = byGroup.get(one.TaskGroup)
      if (list) list.push(one)
      else byGroup.set(one.TaskGroup, [one])
    }
    const isCurrent = record?.deployment?.JobVersion === job.Version
    return new Map(
      [...byGroup].map(([name, own]) => {
        const group = job.TaskGroups.find(({ Name }) => Name === name)
        const digest = group && own.length > 0 ? tasksDigest(job, group) : ''
        const plan = reconcileGroup({
          job,
          group,
          allocations: own,
          deployment: isCurrent ? record.deployment : undefined,
          now: clock.now(),
          attempts: ({ ID }) => (record && attemptsOf(record).get(ID)) ?? [],
          isDestructive: ({ Job: old }) => {
            const before = old.TaskGroups.find(({ Name }) => Name === name)
            return before !== undefined && tasksDigest(old, before) !== digest
          },
        })
        return [name, plan]
      }),
    )
  }

  return { evaluate, plan, pending }
}
