import type { Clamp } from './decision.ts'
import type { GroupMemory } from './group.ts'
import type { ScalingPolicy } from './policy.ts'
import { isInForce } from './schedule.ts'

/** The least and the largest count that are in force, and what set each. */
export interface Bounds {
  readonly min: number
  readonly max: number
  readonly minBy: Clamp
  readonly maxBy: Clamp
  /** In words: `policy`, `schedule office_hours`, `by hand`. */
  readonly by: string
}

/**
 * Bounds now: the policy's, narrowed by every schedule in force, or by hand, which goes before the schedules. Nothing
 * widens the policy's own, which Nomad enforces. Where a least and a largest count contradict, the largest holds.
 */
export function boundsNow(policy: ScalingPolicy, memory: Pick<GroupMemory, 'bounds'>, now: number): Bounds {
  const within = (count: number): number => Math.min(policy.max, Math.max(policy.min, count))
  let { min, max } = policy
  let minBy: Clamp = 'min'
  let maxBy: Clamp = 'max'
  const names: string[] = []
  for (const window of policy.schedules ?? []) {
    if (!isInForce(window, now)) continue
    names.push(window.name)
    if (window.min !== undefined && within(window.min) > min) [min, minBy] = [within(window.min), 'schedule']
    if (window.max !== undefined && within(window.max) < max) [max, maxBy] = [within(window.max), 'schedule']
  }
  const { bounds } = memory
  if (bounds?.min !== undefined) [min, minBy] = [within(bounds.min), 'by-hand']
  if (bounds?.max !== undefined) [max, maxBy] = [within(bounds.max), 'by-hand']
  if (min > max) [min, minBy] = [max, maxBy]
  const words = [
    ...(names.length > 0 ? [`schedule ${names.join(', ')}`] : []),
    ...(bounds === undefined ? [] : [`by hand${bounds.by === undefined ? '' : ` (${bounds.by})`}`]),
  ]
  return { min, max, minBy, maxBy, by: words.join(', ') || 'policy' }
}
