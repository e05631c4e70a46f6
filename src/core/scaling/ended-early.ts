import { isAlive } from './census.ts'
import type { AllocationState, EndedEarly, GroupMemory } from './group.ts'
import { lastChangeAt } from './pace.ts'
import { CLUSTER_STALE_AFTER_MS, isFresh, type Situation } from './situation.ts'

/** One that has lived for so long beyond its start-up shows that workers of the group do not end at once any more. */
const LIVES_MS = 10_000
/** After so long without any, ms beyond the start-up, what was is over. */
const FORGET_MS = 600_000
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 60_000

/**
 * Notices workers of a batch job that exit 0 by themselves before their start-up is over: Nomad takes that for success,
 * so without a wait each place would be filled, and a version of the job made, again and again.
 */
export function endedEarly({
  policy,
  group,
  now,
  clusterStaleAfterMs = CLUSTER_STALE_AFTER_MS,
}: Situation): EndedEarly | undefined {
  const { memory, allocations } = group
  const before = memory.endedEarly
  if (!isFresh(group.heardAt, now, clusterStaleAfterMs)) return before
  const complete =
    policy.jobType === 'batch' ? allocations.filter(({ clientStatus }) => clientStatus === 'complete') : []
  if (complete.length === 0 && before === undefined) return undefined
  const fresh = complete.filter(({ id }) => !before?.seen.includes(id))
  const isEarly = fresh.some((one) => hasEndedEarly(one, memory, now - policy.startUpMs))
  const isAnother = before === undefined || before.inARow === 0 || (lastChangeAt(memory) ?? 0) >= before.at
  const isOver = before !== undefined && isPast(before, allocations, policy.startUpMs, now)
  const inARow = isOver ? 0 : (before?.inARow ?? 0)
  const seen = complete.map(({ id }) => id)
  if (isEarly && isAnother) return { inARow: inARow + 1, at: now, seen }
  if (inARow === 0 && seen.length === 0) return undefined
  return { inARow, at: before?.at ?? now, seen }
}

/** Until when no place is filled: not at all the first time, then 2, 4, 8 seconds and so on, a minute at most. */
export function nextTryAt({ endedEarly: ended }: GroupMemory): number {
  if (ended === undefined || ended.inARow < 2) return 0
  return ended.at + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (ended.inARow - 1))
}

/** @param since when it must have started to be early */
function hasEndedEarly(
  { id, desiredStatus, startedAt, createdAt }: AllocationState,
  { retiring, idleSince }: GroupMemory,
  since: number,
): boolean {
  if (desiredStatus !== 'run' || idleSince[id] !== undefined) return false
  return (startedAt ?? createdAt) > since && retiring.every(({ allocation }) => allocation !== id)
}

function isPast(
  { at }: EndedEarly,
  allocations: readonly AllocationState[],
  startUpMs: number,
  now: number,
): boolean {
  if (now - at > startUpMs + FORGET_MS) return true
  return allocations.some(
    (one) =>
      isAlive(one) &&
      one.createdAt >= at &&
      one.startedAt !== undefined &&
      now - one.startedAt > startUpMs + LIVES_MS,
  )
}
