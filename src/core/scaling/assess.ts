import { type Bounds, boundsNow } from './bounds.ts'
import { type Census, takeCensus } from './census.ts'
import type { Reason } from './decision.ts'
import { type Demand, demandOf } from './demand.ts'
import { lastAskedAt, stabilized } from './pace.ts'
import type { Situation } from './situation.ts'
import { vote } from './vote.ts'

/** What is made of a situation before anything is decided. */
export interface Assessment extends Pick<Situation, 'policy' | 'workers' | 'group' | 'now'> {
  readonly affordable: number | undefined
  readonly census: Census
  readonly bounds: Bounds
  readonly demand: Demand
  /** Allocations that the work asks for, within the bounds; a lower bound while a queue is unknown. */
  readonly need: number
  /** The same after stabilization: what to grow to, and what to shrink to. */
  readonly growTo: { readonly count: number; readonly untilMs?: number }
  readonly shrinkTo: { readonly count: number; readonly untilMs?: number }
  /** Why the count must not fall now, whatever is idle. */
  readonly mustNotFall: 'no-sample' | 'stale-sample' | 'cooldown' | undefined
  /** Allocations that take tasks or will: the places without those asked to leave or to take nothing. */
  readonly capacity: number
  /** Alive ones that Drover has told to take nothing. */
  readonly cordoned: ReadonlySet<string>
  readonly reasons: readonly Reason[]
}

/** Counts what is there, adds up what is asked for, and has the strategies vote. */
export function assess(situation: Situation): Assessment {
  const { policy, samples, workers, group, now, serviceMs, staleAfterMs } = situation
  const { memory } = group
  const census = takeCensus(group, workers, now, staleAfterMs)
  const bounds = boundsNow(policy, memory, now)
  const demand = demandOf(policy.queues, samples, now, staleAfterMs)
  const cordoned = cordonedAmong(situation, census)
  const capacity = Math.max(0, census.places - census.retiring.length - cordoned.size)
  const started = census.staying.filter(({ allocation }) => allocation.startedAt !== undefined).length
  // What leaving workers still run needs no other; what the others run is never taken for less than they say.
  const active = Math.max(census.busySlots, demand.active - census.retiringBusy)
  const votes = vote(policy, {
    waiting: demand.waiting,
    active,
    concurrency: policy.concurrency,
    capacity,
    started: Math.max(0, started - cordoned.size),
    now,
    startUpMs: policy.startUpMs,
    oldestAgeMs: demand.oldestAgeMs,
    lastChangeAt: lastAskedAt(memory),
    serviceMs,
  })
  const asked = Math.max(votes.count, demand.needsOne ? 1 : 0)
  const need = Math.min(bounds.max, Math.max(bounds.min, asked))
  const reasons: Reason[] = []
  for (const { queue, code, message } of demand.unknown)
    reasons.push({ kind: 'unknown', what: `queue ${queue}`, code, message })
  if (!workers.ok && census.staying.length > 0)
    reasons.push({ kind: 'unknown', what: 'workers', ...workers.cause })
  reasons.push({
    kind: 'demand',
    waiting: demand.waiting,
    active,
    ...(census.busySlots > 0 && { busySlots: census.busySlots }),
    ...(demand.oldestAgeMs !== undefined && { oldestAgeMs: demand.oldestAgeMs }),
  })
  for (const reason of votes.reasons) reasons.push(reason)
  if (votes.count === 0 && demand.needsOne)
    reasons.push({ kind: 'vote', strategy: 'wake', count: 1, why: 'a task waits for a worker to be there' })
  if (need !== asked)
    reasons.push({ kind: 'clamp', by: need > asked ? bounds.minBy : bounds.maxBy, from: asked, to: need })
  reasons.push({
    kind: 'capacity',
    running: started,
    starting: Math.max(0, census.places - census.retiring.length - started),
    retiring: census.retiring.length,
    gone: census.gone,
  })
  // Each member by name: a spread of what was given takes longer than all of the above.
  return {
    policy,
    workers,
    group,
    now,
    affordable: situation.affordable,
    census,
    bounds,
    demand,
    need,
    growTo: stabilized('up', need, policy.up, memory, now),
    shrinkTo: stabilized('down', need, policy.down, memory, now),
    mustNotFall: whyItMustNotFall(demand, votes.abstained),
    capacity,
    cordoned,
    reasons,
  }
}

function whyItMustNotFall(demand: Demand, abstained: boolean): Assessment['mustNotFall'] {
  if (demand.unknown.length > 0)
    return demand.unknown.every(({ isStale }) => isStale) ? 'stale-sample' : 'no-sample'
  return abstained ? 'cooldown' : undefined
}

const NONE: ReadonlySet<string> = new Set()

function cordonedAmong({ group: { memory } }: Situation, census: Census): ReadonlySet<string> {
  if (memory.cordoned.length === 0) return NONE
  const alive = new Set(census.staying.map(({ allocation }) => allocation.id))
  return new Set(memory.cordoned.map(({ allocation }) => allocation).filter((id) => alive.has(id)))
}
