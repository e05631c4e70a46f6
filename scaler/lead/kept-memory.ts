import type { GroupRun } from '../groups/group-run.ts'
import type { GroupTable } from '../groups/group-table.ts'
import { type Items, isSameItems, type KeptMemory, readItems, writeItems } from './memory-items.ts'

/** What all groups must not forget, as it goes to the lock and comes from there. */
export interface KeptMemories {
  items(): Items
  /** Takes what the leader has written. Answers with one line for what is wrong with it. */
  adopt(items: Items, now: number): readonly string[]
  /** Groups that are not scaled at present. */
  setAside(runs: readonly GroupRun[]): void
  /** For groups that were not known when it was read, or set aside. */
  adoptInto(runs: readonly GroupRun[]): void
  /** To be called when this daemon leads: what it took from another is not all that there is any more. */
  forget(): void
  /** Groups whose memory did not fit the last time. */
  cut(): number
}

export function createKeptMemories(table: GroupTable): KeptMemories {
  /** Pauses and bounds of groups that are not known at present: a stack file may be wrong for a while. */
  const absent = new Map<string, KeptMemory>()
  let cut = 0
  let adopted: Items | undefined
  return {
    forget() {
      adopted = undefined
    },
    items() {
      const kept = new Map<string, KeptMemory>()
      for (const [key, of] of absent) if (of.memory.paused ?? of.memory.bounds) kept.set(key, of)
      for (const run of table.all()) kept.set(run.key, keptOf(run))
      const written = writeItems(kept)
      cut = written.cut
      return written.items
    },
    adopt(items, now) {
      if (adopted !== undefined && isSameItems(adopted, items)) return []
      adopted = items
      const { groups, unreadable } = readItems(items, now)
      absent.clear()
      for (const [key, kept] of groups) {
        const run = table.get(key)
        if (run === undefined) absent.set(key, kept)
      }
      for (const run of table.all()) take(run, groups.get(run.key))
      return unreadable.map((what) => `what the last leader remembered of ${what} cannot be read`)
    },
    setAside(runs) {
      for (const run of runs) absent.set(run.key, keptOf(run))
    },
    adoptInto(runs) {
      for (const run of runs) {
        const kept = absent.get(run.key)
        if (kept === undefined) continue
        take(run, kept)
        absent.delete(run.key)
      }
    },
    cut: () => cut,
  }
}

function keptOf({ memory, taggedVersion, lastChange }: GroupRun): KeptMemory {
  return { memory, taggedVersion, lastChange }
}

/** Idle times, proposals and who ended at once are everybody's own: a follower sees them, too. */
function take(run: GroupRun, kept: KeptMemory | undefined): void {
  const { proposals, idleSince, endedEarly } = run.memory
  run.memory = {
    changes: kept?.memory.changes ?? [],
    retiring: kept?.memory.retiring ?? [],
    cordoned: kept?.memory.cordoned ?? [],
    proposals,
    idleSince,
    ...(endedEarly ? { endedEarly } : {}),
    ...(kept?.memory.paused ? { paused: kept.memory.paused } : {}),
    ...(kept?.memory.bounds ? { bounds: kept.memory.bounds } : {}),
  }
  run.taggedVersion = kept?.taggedVersion
  if ((run.taggedVersion ?? -1) >= (run.deployedVersion ?? 0)) run.deployedVersion = undefined
  run.lastChange = kept?.lastChange
  run.isDirty = true
}
