import { randomUUID } from 'node:crypto'
import { pause } from '../pause.ts'
import type { Day } from './day.ts'
import type { Feeder } from './feeder.ts'

/** Adds the tasks of a day as they come. Returns when the day is over, or at the signal. */
export async function playDay(
  day: Day,
  feeder: Feeder,
  nameOf: (queue: string) => string,
  { now, signal }: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<void> {
  const begun = now()
  const until = async (atMs: number): Promise<void> => {
    const leftMs = begun + atMs - now()
    if (leftMs > 0) await pause(leftMs, signal)
  }
  for (const { atMs, queue, count, taskMs } of day.arrivals) {
    await until(atMs)
    if (signal.aborted) return
    const tasks = Array.from({ length: count }, () => ({ id: randomUUID(), name: nameOf(queue), ms: taskMs }))
    await feeder.add(queue, tasks)
  }
  await until(day.lengthMs)
}
