import type { Decision } from '../../src/core/scaling/decision.ts'
import { groupKey } from '../../src/core/scaling/group-ref.ts'
import type { ConnectionState } from '../../src/ports.ts'
import type { AlertReport, GroupReport, ScalerHealth } from '../reports.ts'
import { durationWords } from './duration-words.ts'
import type { Noted } from './noted.ts'

/** Something that is wrong at this moment. */
export interface Condition {
  /** What is told once until it is resolved. */
  readonly key: string
  readonly kind: AlertReport['kind']
  /** As people name it. */
  readonly group?: string
  readonly message: string
  /** How long it is wrong before it is told. */
  readonly waitMs: number
  /** Told only if this has grown meanwhile. */
  readonly growing?: number
}

export interface AlertSettings {
  /** How long something is wrong before it is told. */
  readonly afterMs: number
  /** For groups whose policy has no target age. */
  readonly maxAgeMs?: number
}

/** Restarts of one allocation after which it is not waited any longer. */
const CRASH_LOOP = 3
/** Nobody works in a worker that is asked to leave, and still it stays: so many times the usual wait. */
const STUCK_WAITS = 5

/** Everything that is wrong now, of all groups and of what they are read from. */
export function conditionsOf(
  groups: readonly GroupReport[],
  health: ScalerHealth,
  noted: Noted,
  settings: AlertSettings,
): Condition[] {
  const blind = blindness(health, settings)
  return [
    ...blind,
    ...groups.flatMap((group) => [
      ...atMax(group, settings),
      ...tooOld(group, settings),
      // One line for a source says it for all groups of it.
      ...(blind.length > 0 ? [] : unreadable(group, settings)),
      ...stuck(group, settings),
      ...refused(group, noted, settings),
      ...failing(group, settings),
      ...overBudget(group),
    ]),
  ]
}

function blindness({ sources, cluster }: ScalerHealth, { afterMs }: AlertSettings): Condition[] {
  const connections: [string, Pick<ConnectionState, 'status'> & { readonly why?: string }][] = [
    ...Object.entries(sources).map(
      ([name, { polls }]): [string, { status: ConnectionState['status']; why?: string }] => [
        `the queues of ${name}`,
        { status: polls.status, ...(polls.cause ? { why: polls.cause.message } : {}) },
      ],
    ),
    ['Nomad', { status: cluster.status, ...(cluster.cause ? { why: cluster.cause } : {}) }],
  ]
  return connections.flatMap(([what, { status, why }]) =>
    status === 'ready' || status === 'off'
      ? []
      : [
          {
            key: `source-blind ${what}`,
            kind: 'source-blind' as const,
            message: `${what} cannot be read, nothing is scaled down${why === undefined ? '' : `: ${why}`}`,
            waitMs: afterMs,
          },
        ],
  )
}

function atMax(report: GroupReport, { afterMs }: AlertSettings): Condition[] {
  const { desired, bounds, waiting = 0 } = report
  if (bounds.max === 0 || desired < bounds.max || waiting === 0) return []
  const message = `at its maximum of ${bounds.max} (${bounds.by}), and the backlog grows: ${waiting} waiting`
  return [{ ...of(report, 'at-max', message, afterMs), growing: waiting }]
}

function tooOld(report: GroupReport, { maxAgeMs }: AlertSettings): Condition[] {
  const { oldestAgeMs, waiting } = report
  const target = report.policy.targetAgeMs ?? maxAgeMs
  if (target === undefined || oldestAgeMs === undefined || oldestAgeMs <= target) return []
  const message = `the oldest of ${waiting ?? 'those'} waiting has waited ${durationWords(oldestAgeMs)}, the target is ${durationWords(target)}`
  return [of(report, 'backlog-over-threshold', message, 0)]
}

function unreadable(report: GroupReport, { afterMs }: AlertSettings): Condition[] {
  const { decision } = report
  if (decision?.kind !== 'hold' || !['no-sample', 'stale-sample'].includes(decision.because)) return []
  return [of(report, 'source-blind', `its queues are not known: ${unknownOf(decision)}`, afterMs)]
}

function stuck(report: GroupReport, { afterMs }: AlertSettings): Condition[] {
  return report.workers.flatMap(({ state, worker, allocation }) => {
    // One that works finishes what it has, however long that takes.
    if (state !== 'retiring' || allocation === undefined || (worker?.busy ?? 0) > 0) return []
    const message = `the worker ${allocation.id.slice(0, 8)} was asked to leave, runs nothing, and does not leave`
    const condition = of(report, 'retirement-stuck', message, afterMs * STUCK_WAITS)
    return [{ ...condition, key: `${condition.key} ${allocation.id}` }]
  })
}

function refused(report: GroupReport, noted: Noted, { afterMs }: AlertSettings): Condition[] {
  const refusal = noted.refused.get(groupKey(report.group))
  if (refusal !== undefined)
    return [of(report, 'scale-refused', refusal.message, refusal.isFinal ? 0 : afterMs)]
  const { decision, desired } = report
  if (decision?.kind !== 'hold' || decision.because !== 'deployment-active') return []
  if ((decision.need ?? 0) <= desired) return []
  return [of(report, 'scale-refused', 'a deployment that does not end keeps it from growing', afterMs)]
}

function failing(report: GroupReport, { afterMs }: AlertSettings): Condition[] {
  const { desired, live, workers, policy, job, decision } = report
  if (decision?.kind === 'hold' && decision.because === 'ends-at-once')
    return [of(report, 'allocation-failed', 'its workers end by themselves at once, with exit code 0', 0)]
  const failed = workers.filter(
    ({ state, allocation }) => state === 'failed' && allocation?.isReplaced !== true,
  )
  const looping = workers.find(({ allocation }) => (allocation?.restarts ?? 0) >= CRASH_LOOP)
  const trouble = [looping, ...failed].flatMap((one) => one?.allocation?.trouble ?? [])[0]
  const why = trouble === undefined ? '' : `: ${trouble}`
  if (looping !== undefined)
    return [of(report, 'allocation-failed', `an allocation starts again and again${why}`, 0)]
  if (failed.length > 0)
    return [of(report, 'allocation-failed', `${failed.length} of ${desired} failed${why}`, afterMs)]
  if (job !== 'present' || live >= desired) return []
  const message = `Nomad runs ${live} of ${desired}`
  return [of(report, 'allocation-failed', message, Math.max(afterMs, policy.startUpMs * 2))]
}

function overBudget(report: GroupReport): Condition[] {
  const clamp = report.decision?.reasons.find((reason) => reason.kind === 'clamp' && reason.by === 'budget')
  if (clamp?.kind !== 'clamp') return []
  const message = `the cost cap is reached: ${clamp.to} in place of ${clamp.from}`
  return [of(report, 'budget-reached', message, 0)]
}

function of(report: GroupReport, kind: AlertReport['kind'], message: string, waitMs: number): Condition {
  return { key: `${kind} ${groupKey(report.group)}`, kind, group: report.name, message, waitMs }
}

function unknownOf({ reasons }: Decision): string {
  const unknown = reasons.find(({ kind }) => kind === 'unknown')
  return unknown?.kind === 'unknown' ? unknown.message : 'no reading'
}
