import type { Assessment } from './assess.ts'
import type { Member } from './census.ts'
import type { Decision } from './decision.ts'
import { hold } from './hold.ts'
import { type IdleMember, isIdle } from './idle-member.ts'
import { allowance } from './pace.ts'
import { chosen, spare } from './retire.ts'

/** A worker that does not say within this time that it has stopped taking tasks is asked again. */
const CORDON_AGAIN_MS = 10_000

/**
 * Shrinks a service. Nomad stops the highest allocations, whatever they do, so only a run of idle ones at the top may
 * go. Those that can be told to take nothing are told first, and go when they are seen to have obeyed.
 */
export function shrinkByIdleRun(assessment: Assessment): Decision | undefined {
  const { census, need, shrinkTo, bounds, policy, group, now, mustNotFall, cordoned, reasons } = assessment
  const { count } = group
  if (count <= need) return undefined
  // A strategy's cooldown does not keep what was begun from being ended.
  const isBegun = mustNotFall === 'cooldown' && cordoned.size > 0
  if (mustNotFall !== undefined && !isBegun) return hold(assessment, mustNotFall)
  const excess = Math.max(0, count - bounds.max)
  const pace = allowance('down', policy.down, group.memory, now)
  const wanted = count - Math.max(shrinkTo.count, isBegun ? assessment.capacity : 0)
  const surplus = Math.max(excess, Math.min(wanted, pace.count))
  if (surplus === 0) {
    const because = pace.count === 0 ? (pace.because ?? 'cooldown') : 'stabilizing'
    const untilMs = pace.count === 0 ? pace.untilMs : shrinkTo.untilMs
    return hold(assessment, because, [
      { kind: 'wait', why: because, ...(untilMs === undefined ? {} : { untilMs }) },
    ])
  }
  const order = topFirst(assessment)
  if (order === undefined) return hold(assessment, 'not-ready')
  const run: IdleMember[] = []
  let wakeAt: number | undefined
  for (const member of order.slice(0, surplus)) {
    if (!isIdle(member)) break
    if (run.length >= excess && member.idleSince + policy.keepAliveMs > now) {
      wakeAt = member.idleSince + policy.keepAliveMs
      break
    }
    run.push(member)
  }
  const spared = spare(census.staying, run)
  const [top] = order
  if (run.length === 0) {
    if (wakeAt !== undefined)
      return hold(assessment, 'keep-alive', [
        ...spared,
        { kind: 'wait', why: 'the highest one may go', untilMs: wakeAt },
      ])
    const isBlind = top?.state === 'unknown' && !assessment.workers.ok
    return hold(assessment, isBlind ? 'no-sample' : top?.state === 'starting' ? 'not-ready' : 'busy', spared)
  }
  const toCordon = run.filter((member) => member.intake !== undefined && !wasAsked(assessment, member))
  if (isBegun && toCordon.some(({ allocation }) => !cordoned.has(allocation.id)))
    return hold(assessment, 'cooldown', spared)
  const victims = run.map((victim) => chosen(victim, now))
  if (toCordon.length > 0)
    return {
      kind: 'cordon',
      group: policy.group,
      at: now,
      reasons: [...reasons, ...victims, ...spared],
      need,
      allocations: toCordon.map(({ allocation }) => allocation.id),
    }
  const firstUnsure = run.findIndex((member) => member.intake !== undefined && !hasObeyed(assessment, member))
  if (firstUnsure >= 0)
    return hold(assessment, 'retiring', [
      ...spared,
      { kind: 'wait', why: 'cordoned workers have not said so yet', untilMs: now + 1000 },
    ])
  const to = Math.max(order.length - run.length, need)
  // Nomad refuses counts above its own largest, so the whole excess has to go at once.
  if (to > policy.max) return hold(assessment, 'busy', spared)
  return {
    kind: 'scale',
    group: policy.group,
    at: now,
    reasons: [...reasons, ...victims, ...spared],
    need,
    from: count,
    to,
    cause: count > bounds.max ? 'bounds' : 'idle-run',
    jobModifyIndex: group.jobModifyIndex,
  }
}

/**
 * In the order in which Nomad would stop them. Undefined while that is not certain: other than the count says are
 * there, two share an index, or a client is not heard of.
 */
function topFirst({ census, group }: Assessment): readonly Member[] | undefined {
  const { staying, retiring, failed } = census
  const names = new Set(staying.map(({ allocation }) => allocation.name))
  if (retiring.length > 0 || failed.length > 0 || names.size !== staying.length) return undefined
  if (staying.length !== group.count) return undefined
  if (staying.some(({ allocation }) => allocation.clientStatus === 'unknown')) return undefined
  return [...staying].sort((a, b) => b.allocation.index - a.allocation.index)
}

function askedAt({ group: { memory }, now }: Assessment, { allocation }: Member): number | undefined {
  const since = memory.cordoned.find((asked) => asked.allocation === allocation.id)?.since
  return since === undefined || since > now ? undefined : since
}

function wasAsked(assessment: Assessment, member: Member): boolean {
  const since = askedAt(assessment, member)
  if (since === undefined) return false
  return member.intake === 'cordoned' || since + CORDON_AGAIN_MS > assessment.now
}

/** It says that it takes nothing, and has said so since it was asked. */
function hasObeyed(assessment: Assessment, member: Member): boolean {
  const since = askedAt(assessment, member)
  return since !== undefined && member.intake === 'cordoned' && member.seenAt >= since
}
