import type { Assessment } from './assess.ts'
import type { Member } from './census.ts'
import type { Decision, HoldReason, Reason } from './decision.ts'
import { hold } from './hold.ts'
import { type IdleMember, isIdle } from './idle-member.ts'
import { lift } from './lift.ts'
import { allowance, lastChangeAt } from './pace.ts'
import { vacate } from './vacate.ts'

/** How long the count waits for others that are about to leave, so that they leave it in one change. */
const FOLLOW_TOGETHER_MS = 1000
/** How long Nomad has to fill places before they are taken back, where a start-up is shorter. */
const PLACING_MS = 10_000

/**
 * Shrinks a batch job: idle workers are asked to leave, and once they have left the count follows. Nomad never gets to
 * choose. One that takes nothing, but could not be asked to leave, is taken back first. Undefined when nothing is too
 * many.
 */
export function shrinkByRetiring(assessment: Assessment): Decision | undefined {
  return follow(assessment) ?? lift(assessment) ?? vacate(assessment) ?? retire(assessment)
}

/** Brings the count down to those that are there; nobody is stopped by that, since nobody is above it. */
function follow(assessment: Assessment): Decision | undefined {
  const { census, group, policy, need, mustNotFall, now, reasons } = assessment
  const alive = census.staying.length + census.retiring.length
  const there = Math.max(census.places, alive + census.failed.length)
  const to = there < group.count || alive > 0 ? there : Math.max(assessment.shrinkTo.count, policy.min)
  if (to >= group.count) return undefined
  if (mustNotFall === 'no-sample' || mustNotFall === 'stale-sample') return hold(assessment, mustNotFall)
  if (there >= group.count) {
    // Nobody is alive, and places that Nomad has not filled are taken back, unless it is just about to fill them.
    if (mustNotFall !== undefined) return hold(assessment, mustNotFall)
    const untilMs = (lastChangeAt(group.memory) ?? 0) + Math.max(policy.startUpMs, PLACING_MS)
    if (untilMs > now)
      return hold(assessment, 'not-ready', [{ kind: 'wait', why: 'allocations are being placed', untilMs }])
  }
  // Nomad refuses counts outside of its bounds; the places wait there until the others have left too.
  if (to > policy.max || to < policy.min) return hold(assessment, 'at-bound')
  const untilMs = othersLeaveBy(assessment)
  if (untilMs !== undefined)
    return hold(assessment, 'retiring', [{ kind: 'wait', why: 'others are about to leave', untilMs }])
  return {
    kind: 'scale',
    group: policy.group,
    at: now,
    reasons,
    need,
    from: group.count,
    to,
    cause: 'follow',
    jobModifyIndex: group.jobModifyIndex,
  }
}

function othersLeaveBy({ census, group: { memory }, now }: Assessment): number | undefined {
  if (census.retiring.length === 0) return undefined
  const idle = new Set(
    census.retiring.filter(({ state }) => state === 'idle').map(({ allocation }) => allocation.id),
  )
  let until: number | undefined
  for (const { allocation, since } of memory.retiring)
    if (idle.has(allocation) && since <= now && since + FOLLOW_TOGETHER_MS > now)
      until = Math.max(until ?? 0, since + FOLLOW_TOGETHER_MS)
  return until
}

function retire(assessment: Assessment): Decision | undefined {
  const { capacity, need, shrinkTo, bounds, census, policy, group, now, mustNotFall, reasons } = assessment
  if (capacity <= need) return undefined
  if (mustNotFall !== undefined) return hold(assessment, mustNotFall)
  // Above the largest count they go at once; the rest as the policy says.
  const excess = Math.max(0, capacity - bounds.max)
  const surplus = Math.max(excess, capacity - shrinkTo.count)
  if (surplus === 0)
    return hold(
      assessment,
      'stabilizing',
      waitUntil('fewer was not asked for all the time', shrinkTo.untilMs),
    )
  const idle = census.staying.filter(isIdle).sort(idleLongestFirst)
  const ripe = idle.filter(({ idleSince }) => idleSince + policy.keepAliveMs <= now)
  const pace = allowance('down', policy.down, group.memory, now)
  const victims = idle.slice(0, Math.max(excess, Math.min(surplus, pace.count, ripe.length)))
  const spared = spare(census.staying, victims)
  if (victims.length === 0) return nobodyLeaves(assessment, idle, ripe.length > 0 ? pace : undefined, spared)
  return {
    kind: 'retire',
    group: policy.group,
    at: now,
    reasons: [...reasons, ...victims.map((victim) => chosen(victim, now)), ...spared],
    need,
    allocations: victims.map(({ allocation }) => allocation.id),
  }
}

function nobodyLeaves(
  assessment: Assessment,
  idle: readonly IdleMember[],
  pace: ReturnType<typeof allowance> | undefined,
  spared: readonly Reason[],
): Decision {
  const { policy, census, workers } = assessment
  const held = (because: HoldReason, more: readonly Reason[] = []): Decision =>
    hold(assessment, because, [...spared, ...more])
  if (pace?.because !== undefined)
    return held(
      pace.because,
      waitUntil(pace.because === 'cooldown' ? 'cooldown down' : 'leaving rate', pace.untilMs),
    )
  const [first] = idle
  if (first !== undefined)
    return held('keep-alive', waitUntil('the first idle one may leave', first.idleSince + policy.keepAliveMs))
  const states = new Set(census.staying.map(({ state }) => state))
  if (states.has('busy')) return held('busy')
  if (states.has('unknown')) return held(workers.ok ? 'busy' : 'no-sample')
  return held('not-ready')
}

function idleLongestFirst(a: IdleMember, b: IdleMember): number {
  return (
    a.idleSince - b.idleSince ||
    b.allocation.index - a.allocation.index ||
    (a.allocation.id < b.allocation.id ? -1 : 1)
  )
}

export function chosen({ allocation, idleSince }: IdleMember, now: number): Reason {
  return { kind: 'victim', allocation: allocation.id, why: 'idle', idleForMs: Math.max(0, now - idleSince) }
}

/** Why each of the others stays, though there are too many. */
export function spare(members: readonly Member[], victims: readonly Member[]): Reason[] {
  const leaving = new Set(victims)
  return members
    .filter((member) => !leaving.has(member))
    .map(({ allocation, state }) => ({
      kind: 'spared',
      allocation: allocation.id,
      why: state === 'idle' ? 'keep-alive' : state,
    }))
}

function waitUntil(why: string, untilMs: number | undefined): readonly Reason[] {
  return [{ kind: 'wait', why, ...(untilMs === undefined ? {} : { untilMs }) }]
}
