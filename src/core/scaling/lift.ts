import type { Assessment } from './assess.ts'
import type { Lift } from './decision.ts'

/**
 * Has cordoned workers take tasks again, the lowest first. One that is not heard of would not hear it: it waits, and
 * others are counted on. Undefined when there is none.
 */
export function lift(
  { census, cordoned, policy, now, need, reasons }: Assessment,
  most = Infinity,
): Lift | undefined {
  if (cordoned.size === 0) return undefined
  const back = census.staying
    .filter(({ allocation, state }) => cordoned.has(allocation.id) && state !== 'unknown')
    .sort((a, b) => a.allocation.index - b.allocation.index)
    .slice(0, most)
    .map(({ allocation }) => allocation.id)
  if (back.length === 0) return undefined
  return { kind: 'lift', group: policy.group, at: now, reasons, need, allocations: back }
}
