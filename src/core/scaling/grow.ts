import type { Assessment } from './assess.ts'
import type { Clamp, Decision, HoldReason, Reason, ScaleCause } from './decision.ts'
import { nextTryAt } from './ended-early.ts'
import { hold } from './hold.ts'
import { lift } from './lift.ts'
import { allowance } from './pace.ts'

/**
 * One step straight to what is needed, where those that start count as there. Cordoned workers are taken back first:
 * they need no start-up. Undefined when there are enough.
 */
export function grow(assessment: Assessment): Decision | undefined {
  const { need, capacity, census, policy, group, now, reasons } = assessment
  if (need <= capacity) return undefined
  const back = lift(assessment, need - capacity)
  if (back !== undefined) return back
  const untilMs = nextTryAt(group.memory)
  if (untilMs > now) return hold(assessment, 'ends-at-once', [{ kind: 'wait', why: 'the next try', untilMs }])
  const { to, clamps, because, wait } = reach(assessment)
  const more = [...clamps, ...wait]
  const existing = census.staying.length + census.retiring.length + census.failed.length
  if (to <= census.places || to < existing) return hold(assessment, because ?? 'at-bound', more)
  return {
    kind: 'scale',
    group: policy.group,
    at: now,
    reasons: [...reasons, ...more],
    need,
    from: group.count,
    to,
    cause: causeOf(assessment, to),
    jobModifyIndex: group.jobModifyIndex,
  }
}

function causeOf({ group, bounds, need }: Assessment, to: number): ScaleCause {
  if (to <= group.count) return 'refill'
  return group.count < bounds.min && need === bounds.min ? 'bounds' : 'grow'
}

interface Reach {
  readonly to: number
  readonly clamps: readonly Reason[]
  readonly because?: HoldReason
  readonly wait: readonly Reason[]
}

/** How far the count may go up now. Up to the least count, neither pace nor budget holds it. */
function reach({
  need,
  growTo,
  census,
  cordoned,
  bounds,
  policy,
  group,
  now,
  affordable,
}: Assessment): Reach {
  const clamps: Reason[] = []
  const wait: Reason[] = []
  let because: HoldReason | undefined
  // Those that take nothing and do not answer fill a place as one that leaves does.
  const leaving = census.retiring.length + cordoned.size
  const least = Math.min(bounds.min + leaving, bounds.max)
  // The place of one that leaves is not free before it has left.
  let to = Math.min(need + leaving, bounds.max)
  if (to < need + leaving)
    because = census.places - leaving < bounds.max && leaving > 0 ? 'retiring' : 'at-bound'
  const lower = (by: Clamp, limit: number, why: HoldReason): void => {
    const next = Math.max(least, Math.min(to, limit))
    if (next >= to) return
    clamps.push({ kind: 'clamp', by, from: to, to: next })
    to = next
    because = why
  }
  lower('stabilization', growTo.count + leaving, 'stabilizing')
  if (because === 'stabilizing' && growTo.untilMs !== undefined)
    wait.push({ kind: 'wait', why: 'more was not asked for all the time', untilMs: growTo.untilMs })
  const pace = allowance('up', policy.up, group.memory, now)
  if (pace.because !== undefined) {
    const before = to
    lower(pace.because === 'cooldown' ? 'cooldown' : 'rate', census.places + pace.count, pace.because)
    if (to < before && pace.untilMs !== undefined)
      wait.push({
        kind: 'wait',
        why: pace.because === 'cooldown' ? 'cooldown up' : `at most ${policy.up.maxPerMinute} more a minute`,
        untilMs: pace.untilMs,
      })
  }
  if (affordable !== undefined) lower('budget', census.places + affordable, 'at-bound')
  return { to, clamps, wait, ...(because === undefined ? {} : { because }) }
}
