import type { GroupMemory } from '../../src/core/scaling/group.ts'
import type { QueueReading } from '../../src/core/scaling/sample.ts'
import type { Clock } from '../../src/ports.ts'
import type { Timers } from '../timers.ts'

/** The clock on the wall is corrected by less than this all the time. */
const STEP_MS = 1000

/** Notices that somebody has set the clock: answers by how many ms since the last call; 0 almost always. */
export function createClockGuard(clock: Clock, timers: Timers): () => number {
  let at = clock.now()
  let elapsed = timers.elapsed()
  return () => {
    const [newAt, newElapsed] = [clock.now(), timers.elapsed()]
    const step = newAt - at - (newElapsed - elapsed)
    at = newAt
    elapsed = newElapsed
    return Math.abs(step) < STEP_MS ? 0 : Math.round(step)
  }
}

/**
 * Moves what is remembered by a step of the clock, so that everything keeps its age: neither do all cooldowns end at
 * once, nor do they last an hour longer. Times that people chose stay what they are.
 */
export function shiftMemory(memory: GroupMemory, ms: number): GroupMemory {
  const shiftAt = <T extends { readonly at: number }>(one: T): T => ({ ...one, at: one.at + ms })
  const shiftSince = <T extends { readonly since: number }>(one: T): T => ({ ...one, since: one.since + ms })
  return {
    ...memory,
    changes: memory.changes.map(shiftAt),
    proposals: memory.proposals.map(shiftAt),
    idleSince: Object.fromEntries(Object.entries(memory.idleSince).map(([id, at]) => [id, at + ms])),
    retiring: memory.retiring.map(shiftSince),
    cordoned: memory.cordoned.map(shiftSince),
    ...(memory.endedEarly ? { endedEarly: shiftAt(memory.endedEarly) } : {}),
  }
}

export function shiftReading(reading: QueueReading, ms: number): QueueReading {
  return reading.ok ? { ok: true, sample: { ...reading.sample, at: reading.sample.at + ms } } : reading
}
