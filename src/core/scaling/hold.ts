import type { Assessment } from './assess.ts'
import type { Hold, HoldReason, Reason } from './decision.ts'

/** The decision to change nothing. */
export function hold(
  { policy, group, now, need, demand, bounds, reasons }: Assessment,
  because: HoldReason,
  more: readonly Reason[] = [],
): Hold {
  // While a queue is unknown, what is known may say how many are needed at least, but not how many are enough.
  const isKnown = demand.unknown.length === 0 || need > bounds.min
  return {
    kind: 'hold',
    group: policy.group,
    at: now,
    reasons: more.length === 0 ? reasons : [...reasons, ...more],
    ...(isKnown && { need }),
    count: group.count,
    because,
  }
}
