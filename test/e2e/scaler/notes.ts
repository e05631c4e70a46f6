import type { Redis } from 'ioredis'

/** What the workers of the programs folder write down. */
export interface Note {
  readonly what: 'start' | 'end'
  readonly task: string
  /** The allocation. */
  readonly by: string
  readonly at: number
}

export interface Tally {
  readonly tasks: number
  /** Tasks that ended exactly once, and were started exactly once. */
  readonly once: number
  readonly startedTwice: readonly string[]
  readonly notEnded: readonly string[]
  /** Allocations that did any. */
  readonly workers: number
}

export async function readNotes(redis: Redis): Promise<Note[]> {
  return (await redis.lrange('notes', 0, -1)).map((line) => JSON.parse(line) as Note)
}

/** Counts by task. */
export function tally(notes: readonly Note[], tasks: readonly string[]): Tally {
  const count = (what: Note['what'], task: string) =>
    notes.filter((note) => note.what === what && note.task === task).length
  const starts = new Map(tasks.map((task) => [task, count('start', task)]))
  const ends = new Map(tasks.map((task) => [task, count('end', task)]))
  return {
    tasks: tasks.length,
    once: tasks.filter((task) => starts.get(task) === 1 && ends.get(task) === 1).length,
    startedTwice: tasks.filter((task) => (starts.get(task) ?? 0) > 1),
    notEnded: tasks.filter((task) => (ends.get(task) ?? 0) === 0),
    workers: new Set(notes.map(({ by }) => by)).size,
  }
}

/** Tasks that an allocation had begun and not ended at a moment. */
export function busyAt(notes: readonly Note[], allocation: string, at: number): string[] {
  const begun = notes.filter(({ what, by, at: when }) => what === 'start' && by === allocation && when <= at)
  return begun
    .map(({ task }) => task)
    .filter((task) => !notes.some((note) => note.what === 'end' && note.task === task && note.at <= at))
}
