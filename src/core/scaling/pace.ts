import type { HoldReason } from './decision.ts'
import type { GroupMemory } from './group.ts'
import type { Pace } from './policy.ts'

const MINUTE_MS = 60_000

/** How many allocations may come or go now, and what forbids more. */
export interface Allowance {
  readonly count: number
  readonly because?: Extract<HoldReason, 'cooldown' | 'rate-limit'>
  /** When more will be allowed; milliseconds since 1970. */
  readonly untilMs?: number
}

/** Applies the cooldown and the rate of one direction to what was changed lately. */
export function allowance(direction: 'up' | 'down', pace: Pace, memory: GroupMemory, now: number): Allowance {
  const last = lastChangeAt(memory)
  if (pace.cooldownMs > 0 && last !== undefined && last + pace.cooldownMs > now)
    return { count: 0, because: 'cooldown', untilMs: last + pace.cooldownMs }
  if (pace.maxPerMinute === undefined) return { count: Number.POSITIVE_INFINITY }
  const recent: { at: number; count: number }[] = []
  for (const { at, from, to } of memory.changes)
    recent.push({ at, count: direction === 'up' ? to - from : from - to })
  // One who was asked to leave changes the count only when it has left.
  if (direction === 'down') for (const { since } of memory.retiring) recent.push({ at: since, count: 1 })
  const counted = recent.filter(({ at, count }) => count > 0 && at + MINUTE_MS > now && at <= now)
  const used = counted.reduce((sum, { count }) => sum + count, 0)
  const count = Math.max(0, pace.maxPerMinute - used)
  const first = Math.min(...counted.map(({ at }) => at))
  return { count, because: 'rate-limit', untilMs: (counted.length > 0 ? first : now) + MINUTE_MS }
}

/** When the count was last changed, or somebody last asked to leave; undefined when that is longer ago than is kept. */
export function lastChangeAt({ changes, retiring }: GroupMemory): number | undefined {
  let last = changes.at(-1)?.at
  for (const { since } of retiring) last = Math.max(last ?? 0, since)
  return last
}

/** The same, where being told to take nothing counts as well: the first half of a service's shrinking. */
export function lastAskedAt(memory: GroupMemory): number | undefined {
  let last = lastChangeAt(memory)
  for (const { since } of memory.cordoned) last = Math.max(last ?? 0, since)
  return last
}

/** What a direction's stabilization makes of a wish: the least of the last while for up, the largest for down. */
export function stabilized(
  direction: 'up' | 'down',
  need: number,
  { stabilizationMs }: Pace,
  { proposals }: GroupMemory,
  now: number,
): { readonly count: number; readonly untilMs?: number } {
  if (stabilizationMs === 0) return { count: need }
  const since = now - stabilizationMs
  let count = need
  let untilMs: number | undefined
  for (const [index, proposal] of proposals.entries()) {
    // Each holds until the next one.
    const end = proposals[index + 1]?.at ?? now
    if (end <= since || proposal.at > now) continue
    const goesFurther = direction === 'up' ? proposal.count < count : proposal.count > count
    if (goesFurther) count = proposal.count
    if (goesFurther || (untilMs !== undefined && proposal.count === count)) untilMs = end + stabilizationMs
  }
  return { count, ...(untilMs === undefined ? {} : { untilMs }) }
}
