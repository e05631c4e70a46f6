import { assess } from './assess.ts'
import { isAlive, takeCensus } from './census.ts'
import type { Decision, Scale } from './decision.ts'
import { endedEarly } from './ended-early.ts'
import type { Asked, GroupMemory } from './group.ts'
import { CLUSTER_STALE_AFTER_MS, isFresh, type Situation } from './situation.ts'

const KEEP_CHANGES_MS = 600_000

/**
 * What is remembered after a look at the group: since when who is idle, what was wanted, and nothing of who is gone.
 * The same object as before when nothing is new.
 */
export function remember(situation: Situation): GroupMemory {
  const { group, now } = situation
  const { memory } = group
  const { endedEarly: _, ...kept } = memory
  const { paused, ...others } = kept
  const ended = endedEarly(situation)
  const isOver = paused?.until !== undefined && paused.until <= now
  const next: GroupMemory = {
    ...(isOver ? others : kept),
    ...(ended === undefined ? {} : { endedEarly: ended }),
    changes: youngest(memory.changes, now - KEEP_CHANGES_MS),
    proposals: proposals(situation),
    idleSince: idleTimes(situation),
    ...present(situation),
  }
  const isSame = !isOver && MEMBERS.every((key) => JSON.stringify(next[key]) === JSON.stringify(memory[key]))
  return isSame ? memory : next
}

const MEMBERS = ['changes', 'proposals', 'idleSince', 'retiring', 'cordoned', 'endedEarly'] as const

/** What is remembered once a decision has been carried out. A hold leaves nothing. */
export function rememberDone(memory: GroupMemory, decision: Decision, now: number): GroupMemory {
  switch (decision.kind) {
    case 'scale':
      return {
        ...memory,
        changes: [
          ...youngest(memory.changes, now - KEEP_CHANGES_MS),
          { at: now, from: decision.from - emptied(decision), to: decision.to },
        ],
      }
    case 'retire':
      return { ...memory, retiring: ask(memory.retiring, decision.allocations, now) }
    case 'cordon':
      return { ...memory, cordoned: ask(memory.cordoned, decision.allocations, now) }
    case 'lift':
      return { ...memory, cordoned: without(memory.cordoned, decision.allocations) }
    case 'hold':
      return memory
  }
}

/**
 * What is remembered of workers that stay after all, though they were to leave.
 * @param areCordoned they take nothing now, or may not: then they are to be lifted
 */
export function rememberStaying(
  memory: GroupMemory,
  allocations: readonly string[],
  areCordoned: boolean,
  now: number,
): GroupMemory {
  return {
    ...memory,
    retiring: without(memory.retiring, allocations),
    cordoned: areCordoned ? ask(memory.cordoned, allocations, now) : memory.cordoned,
  }
}

/** Places that are filled again: those who come into them come as much as others do. */
function emptied({ cause, reasons }: Scale): number {
  if (cause !== 'refill') return 0
  for (const reason of reasons) if (reason.kind === 'capacity') return reason.gone
  return 0
}

function ask(asked: readonly Asked[], allocations: readonly string[], since: number): Asked[] {
  return [...without(asked, allocations), ...allocations.map((allocation): Asked => ({ allocation, since }))]
}

function without(asked: readonly Asked[], allocations: readonly string[]): Asked[] {
  return asked.filter(({ allocation }) => !allocations.includes(allocation))
}

/** Those since a time, and the last one at any rate: a cooldown may be longer than what is kept. */
function youngest<T extends { readonly at: number }>(all: readonly T[], since: number): readonly T[] {
  return all.filter(({ at }, index) => at >= since || index === all.length - 1)
}

/** An idle time is broken by work, and by not knowing. */
function idleTimes({ group, workers, now, staleAfterMs }: Situation): Readonly<Record<string, number>> {
  const { staying, retiring } = takeCensus(group, workers, now, staleAfterMs)
  const times: Record<string, number> = {}
  for (const { allocation, idleSince } of [...staying, ...retiring])
    if (idleSince !== undefined) times[allocation.id] = idleSince
  return times
}

/** Only while Nomad is heard of: silence does not mean that a worker has left. */
function present({
  group,
  now,
  clusterStaleAfterMs = CLUSTER_STALE_AFTER_MS,
}: Situation): Pick<GroupMemory, 'retiring' | 'cordoned'> {
  const { retiring, cordoned } = group.memory
  if (retiring.length + cordoned.length === 0 || !isFresh(group.heardAt, now, clusterStaleAfterMs))
    return { retiring, cordoned }
  const alive = new Set(group.allocations.filter(isAlive).map(({ id }) => id))
  const those = (asked: readonly Asked[]): readonly Asked[] =>
    asked.filter(({ allocation }) => alive.has(allocation))
  return { retiring: those(retiring), cordoned: those(cordoned) }
}

/** Each proposal holds until the next, so one is noted when it differs, and the one before the window is kept. */
function proposals(situation: Situation): GroupMemory['proposals'] {
  const { policy, group, now } = situation
  const window = Math.max(policy.up.stabilizationMs, policy.down.stabilizationMs)
  const known = group.memory.proposals
  if (window === 0) return known.length === 0 ? known : []
  const { need, mustNotFall } = assess(situation)
  const last = known.at(-1)
  const isNews = mustNotFall === undefined && last?.count !== need
  const all = isNews ? [...known, { at: now, count: need }] : known
  return all.filter((_, index) => (all[index + 1]?.at ?? now) > now - window || index === all.length - 1)
}
