import { indexOf } from '../state/status.ts'
import type { Allocation } from '../state/types.ts'

/** The indexes of a group's allocations: which are taken, and which come next. */
export interface NameIndex {
  /** The `count` highest of those that are taken, which then count as free. */
  highest(count: number): ReadonlySet<number>
  /** `count` free ones, the lowest first; they are taken from then on. */
  next(count: number): number[]
}

export function nameIndex(allocations: Iterable<Allocation>, groupCount: number): NameIndex {
  const taken = new Set<number>()
  for (const allocation of allocations) taken.add(indexOf(allocation))
  return {
    highest(count) {
      const found = [...taken].sort((a, b) => b - a).slice(0, count)
      for (const index of found) taken.delete(index)
      return new Set(found)
    },
    next(count) {
      const free: number[] = []
      for (let index = 0; index < groupCount && free.length < count; index++)
        if (!taken.has(index)) free.push(index)
      // More are wanted than there are names: then two allocations share one.
      for (let index = 0; free.length < count; index++) free.push(index)
      for (const index of free) taken.add(index)
      return free
    },
  }
}
