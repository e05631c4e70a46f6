import type { AllocationState, Asked, GroupState } from './group.ts'
import type { WorkerState, WorkersReading } from './sample.ts'
import { isFresh } from './situation.ts'

/** An allocation with what its worker says. */
export interface Member {
  readonly allocation: AllocationState
  /** unknown is not idle: its worker says nothing, or said it too long ago. */
  readonly state: 'starting' | 'busy' | 'idle' | 'unknown'
  /** Tasks that it is known to run. */
  readonly busy: number
  /** Known while idle; milliseconds since 1970. */
  readonly idleSince?: number
  /** Its worker tells whether it takes tasks, so it can be told to take none. */
  readonly intake?: 'taking' | 'cordoned' | 'draining'
  /** When its worker last said so. */
  readonly seenAt: number
}

/** Who is there, and how many Nomad's count stands for. */
export interface Census {
  /** Alive and wanted by Nomad, and not asked to leave. */
  readonly staying: readonly Member[]
  /** Alive, and asked to leave. */
  readonly retiring: readonly Member[]
  /** Failed ones that Nomad has not replaced; it counts them. */
  readonly failed: readonly AllocationState[]
  /** Places of workers that left; Nomad does not fill them before the job changes. */
  readonly gone: number
  /** Places that are filled, or that Nomad is about to fill: its count without those that are gone. */
  readonly places: number
  /** Tasks that those who stay are known to run, and those that leave. */
  readonly busySlots: number
  readonly retiringBusy: number
}

/** Sorts the allocations of a group by what is known of them. */
export function takeCensus(
  group: GroupState,
  workers: WorkersReading,
  now: number,
  staleAfterMs?: number,
): Census {
  const { allocations, memory, count } = group
  if (allocations.length === 0)
    return {
      staying: [],
      retiring: [],
      failed: [],
      gone: 0,
      places: count,
      busySlots: 0,
      retiringBusy: 0,
    }
  const index = workers.ok ? byAllocation(workers.workers) : undefined
  const asked = new Map(memory.retiring.map((one) => [one.allocation, one]))
  const staying: Member[] = []
  const retiring: Member[] = []
  const failed: AllocationState[] = []
  const left: string[] = []
  for (const allocation of allocations) {
    if (allocation.desiredStatus !== 'run' || allocation.isReplaced) continue
    if (isAlive(allocation)) {
      const states = index?.get(allocation.id) ?? []
      const member = memberOf(allocation, states, memory.idleSince[allocation.id], now, staleAfterMs)
      const isAsked = isStillAsked(asked.get(allocation.id), allocation)
      if (isAsked || member.intake === 'draining') retiring.push(member)
      else staying.push(member)
    } else if (allocation.clientStatus !== 'complete') failed.push(allocation)
    else if (allocation.jobVersion === group.jobVersion) left.push(allocation.name)
  }
  const taken = new Set([...staying, ...retiring].map(({ allocation }) => allocation.name))
  const holes = new Set(left.filter((name) => !taken.has(name)))
  // More are there than it counts: then none of its places is empty.
  const gone = Math.min(holes.size, Math.max(0, count - staying.length - retiring.length - failed.length))
  return {
    staying,
    retiring,
    failed,
    gone,
    places: count - gone,
    busySlots: sumBusy(staying),
    retiringBusy: sumBusy(retiring),
  }
}

/** Nodes' clocks and ours. */
const CLOCKS_DIFFER_MS = 2000

/** One that has started again since then is back, and takes tasks. */
function isStillAsked(asked: Asked | undefined, { startedAt }: AllocationState): boolean {
  if (asked === undefined) return false
  if (asked.startedAt !== undefined) return startedAt === undefined || startedAt === asked.startedAt
  return (startedAt ?? 0) <= asked.since + CLOCKS_DIFFER_MS
}

/** Whether it runs or will; a client that is not heard of may still run it. */
export function isAlive({ clientStatus }: AllocationState): boolean {
  return clientStatus === 'running' || clientStatus === 'pending' || clientStatus === 'unknown'
}

const indexes = new WeakMap<readonly WorkerState[], ReadonlyMap<string, WorkerState[]>>()

/** One reading serves all groups of its source, so it is sorted once. */
function byAllocation(workers: readonly WorkerState[]): ReadonlyMap<string, WorkerState[]> {
  const known = indexes.get(workers)
  if (known !== undefined) return known
  const index = new Map<string, WorkerState[]>()
  for (const worker of workers) {
    if (worker.allocation === undefined) continue
    const states = index.get(worker.allocation)
    if (states === undefined) index.set(worker.allocation, [worker])
    else states.push(worker)
  }
  indexes.set(workers, index)
  return index
}

/** @param states of all worker processes in the allocation: it is idle only when each of them is */
function memberOf(
  allocation: AllocationState,
  states: readonly WorkerState[],
  rememberedSince: number | undefined,
  now: number,
  staleAfterMs: number | undefined,
): Member {
  let busy = 0
  let isKnown = states.length > 0
  let seenAt = Number.POSITIVE_INFINITY
  let since: number | undefined = 0
  let intake: Member['intake']
  for (const [at, state] of states.entries()) {
    const isCurrent = isFresh(state.seenAt, now, staleAfterMs)
    if (!isCurrent || state.busy === undefined) isKnown = false
    if (isCurrent) busy += state.busy ?? 0
    seenAt = Math.min(seenAt, state.seenAt)
    since =
      since === undefined || state.idleSince === undefined ? undefined : Math.max(since, state.idleSince)
    intake = at === 0 ? state.intake : leastIntake(intake, state.intake)
  }
  const hasStarted = allocation.startedAt !== undefined && allocation.clientStatus === 'running'
  const state =
    busy > 0
      ? 'busy'
      : allocation.startedAt === undefined
        ? 'starting'
        : isKnown && hasStarted
          ? 'idle'
          : 'unknown'
  return {
    allocation,
    state,
    busy,
    seenAt,
    ...(state === 'idle' ? { idleSince: Math.min(now, since ?? rememberedSince ?? now) } : {}),
    ...(intake === undefined ? {} : { intake }),
  }
}

/** Of several processes: it takes tasks while one of them does, and leaves when one of them does. */
function leastIntake(one: Member['intake'], other: Member['intake']): Member['intake'] {
  if (one === 'draining' || other === 'draining') return 'draining'
  if (one === undefined || other === undefined) return undefined
  return one === 'taking' || other === 'taking' ? 'taking' : 'cordoned'
}

function sumBusy(members: readonly Member[]): number {
  let sum = 0
  for (const { busy } of members) sum += busy
  return sum
}
