import type {
  QueueReading,
  SourceReading,
  WorkerState,
  WorkersReading,
} from '../../src/core/scaling/sample.ts'
import type { GroupRun } from '../groups/group-run.ts'
import { isSameReading, isSameWorkers } from './same-reading.ts'

const NOBODY: WorkersReading = { ok: true, workers: [] }

/** Whose workers are whose: by allocation, else by the group in their name, else by a queue they take from. */
export interface Homes {
  ofAllocation(allocation: string): GroupRun | undefined
}

/** Puts a reading into the groups that it is of, and marks those for which it says something new. */
export function applyReading(reading: SourceReading, runs: readonly GroupRun[], homes: Homes): void {
  const shares = reading.workers.ok ? shareOut(reading.workers.workers, runs, homes) : undefined
  for (const run of runs) {
    if (!run.hasRead) run.isDirty = true
    run.hasRead = true
    for (const queue of run.policy.queues) {
      const fresh = reading.queues.get(queue) ?? NOT_TOLD
      if (!isSameReading(run.samples.get(queue), fresh)) run.isDirty = true
      run.samples.set(queue, fresh)
    }
    const share = shares?.get(run)
    const workers: WorkersReading =
      shares === undefined ? reading.workers : share === undefined ? NOBODY : { ok: true, workers: share }
    if (!isSameWorkers(run.workers, workers)) run.isDirty = true
    run.workers = workers
  }
}

const NOT_TOLD: QueueReading = {
  ok: false,
  cause: { code: 'no-data', message: 'the source said nothing of this queue' },
}

/** A sweep of some queues sees the workers of others only in part: those of groups that it is not of are left out. */
function shareOut(
  workers: readonly WorkerState[],
  runs: readonly GroupRun[],
  homes: Homes,
): ReadonlyMap<GroupRun, readonly WorkerState[]> {
  const shares = new Map<GroupRun, WorkerState[]>()
  if (workers.length === 0) return shares
  const swept = new Set(runs)
  const byGroup = new Map<string, GroupRun>()
  const byQueue = new Map<string, GroupRun>()
  for (const run of runs) {
    byGroup.set(run.ref.group, run)
    for (const queue of run.policy.queues) byQueue.set(queue, run)
  }
  for (const worker of workers) {
    const home =
      (worker.allocation === undefined ? undefined : homes.ofAllocation(worker.allocation)) ??
      (worker.group === undefined ? undefined : byGroup.get(worker.group)) ??
      firstOf(worker.queues, byQueue)
    if (home === undefined || !swept.has(home)) continue
    const share = shares.get(home)
    if (share === undefined) shares.set(home, [worker])
    else share.push(worker)
  }
  for (const share of shares.values()) if (share.length > 1) share.sort(byName)
  return shares
}

function firstOf(queues: readonly string[] | undefined, byQueue: ReadonlyMap<string, GroupRun>) {
  for (const queue of queues ?? []) {
    const run = byQueue.get(queue)
    if (run !== undefined) return run
  }
  return undefined
}

function byName(one: WorkerState, other: WorkerState): number {
  return one.worker < other.worker ? -1 : Number(one.worker > other.worker)
}
