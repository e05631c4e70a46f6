import type { Assessment } from './assess.ts'
import type { Decision, Reason } from './decision.ts'
import { type IdleMember, isIdle } from './idle-member.ts'

/** Why one leaves that is idle on a node that is being drained. */
export const DRAINED = 'its node is drained, and it is idle'

/**
 * Idle workers of a batch job leave a node that is being drained at once, whatever the keep-alive and the pace: Nomad
 * would wait for them until the end of the drain, and then stop them. One that is needed comes back on another node.
 */
export function vacate({
  census,
  group,
  policy,
  mustNotFall,
  now,
  need,
  reasons,
}: Assessment): Decision | undefined {
  const { draining = [] } = group
  if (draining.length === 0 || mustNotFall === 'no-sample' || mustNotFall === 'stale-sample') return undefined
  const leaving = census.staying.filter(isIdle).filter(({ allocation }) => draining.includes(allocation.node))
  if (leaving.length === 0) return undefined
  return {
    kind: 'retire',
    group: policy.group,
    at: now,
    reasons: [...reasons, ...leaving.map((member) => drained(member, now))],
    need,
    allocations: leaving.map(({ allocation }) => allocation.id),
  }
}

function drained({ allocation, idleSince }: IdleMember, now: number): Reason {
  return { kind: 'victim', allocation: allocation.id, why: DRAINED, idleForMs: Math.max(0, now - idleSince) }
}
