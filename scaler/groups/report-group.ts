import { compact } from '../../src/core/compact.ts'
import type { Member } from '../../src/core/scaling/census.ts'
import { takeCensus } from '../../src/core/scaling/census.ts'
import type { QueueSample, WorkerState } from '../../src/core/scaling/sample.ts'
import type { Situation } from '../../src/core/scaling/situation.ts'
import type { Brain } from '../decide/brain.ts'
import type { GroupReport, WorkerReport } from '../reports.ts'
import type { GroupRun } from './group-run.ts'

/** A group as the API shows it: what decide() knew, in numbers and words. */
export function reportGroup(run: GroupRun, situation: Situation, brain: Brain): GroupReport {
  const { policy, group, workers, now, staleAfterMs } = situation
  const census = takeCensus(group, workers, now, staleAfterMs)
  const { min, max, by } = brain.bounds(situation)
  const { staying, retiring, failed } = census
  const count = (state: Member['state']) => staying.filter((member) => member.state === state).length
  const cordoned = new Set(group.memory.cordoned.map(({ allocation }) => allocation))
  const { decision } = run
  return compact({
    group: run.ref,
    name: run.name,
    policy,
    bounds: { min, max, by },
    job: group.job,
    desired: group.count,
    live: staying.length + retiring.length,
    // A place without an allocation yet is one that starts, too.
    starting: Math.max(
      count('starting'),
      census.places - retiring.length - staying.length + count('starting'),
    ),
    busy: count('busy'),
    idle: count('idle'),
    unknown: count('unknown'),
    retiring: retiring.length,
    cordoned: staying.filter(({ allocation }) => cordoned.has(allocation.id)).length,
    ...queueTotals(run, now),
    paused: group.memory.paused,
    decision,
    explained: decision && brain.explain(decision),
    decidedSince: run.decidedSince,
    lastEvaluatedAt: run.evaluatedAt,
    lastChange: run.lastChange,
    workers: [
      ...staying.map((member) =>
        workerReport(member, situation, cordoned.has(member.allocation.id) ? 'cordoned' : member.state),
      ),
      ...retiring.map((member) => workerReport(member, situation, 'retiring')),
      ...failed.map((allocation): WorkerReport => ({ allocation, state: 'failed' })),
    ],
    alerts: [],
    costPerHour: policy.costPerHour === undefined ? undefined : policy.costPerHour * group.count,
  }) as GroupReport
}

function workerReport(member: Member, { workers }: Situation, state: WorkerReport['state']): WorkerReport {
  const { allocation, idleSince } = member
  const worker: WorkerState | undefined = workers.ok
    ? workers.workers.find((one) => one.allocation === allocation.id)
    : undefined
  return compact({ allocation, worker, state, idleSince }) as WorkerReport
}

type Totals = Pick<
  GroupReport,
  'waiting' | 'active' | 'delayed' | 'oldestAgeMs' | 'throughputPerMin' | 'sampleAgeMs'
>

/** What is not known of one queue is not known of all together. */
function queueTotals({ policy, samples }: GroupRun, now: number): Totals {
  const known: QueueSample[] = []
  for (const queue of policy.queues) {
    const reading = samples.get(queue)
    if (!reading?.ok) return {}
    known.push(reading.sample)
  }
  if (known.length === 0) return {}
  const ages = known.flatMap(({ oldestAgeMs }) => oldestAgeMs ?? [])
  return compact({
    waiting: known.reduce((sum, { waiting, due = 0 }) => sum + waiting + due, 0),
    active: total(known.map(({ active, unacked }) => active ?? unacked?.total)),
    delayed: total(known.map(({ delayed }) => delayed)),
    throughputPerMin: total(known.map(({ throughputPerMin }) => throughputPerMin)),
    oldestAgeMs: ages.length === 0 ? undefined : Math.max(...ages),
    sampleAgeMs: Math.max(0, now - Math.min(...known.map(({ at }) => at))),
  }) as Totals
}

function total(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0
  for (const value of values) {
    if (value === undefined) return undefined
    sum += value
  }
  return sum
}
