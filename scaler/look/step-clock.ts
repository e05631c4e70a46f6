import type { GroupRun } from '../groups/group-run.ts'
import { shiftMemory, shiftReading } from './clock-guard.ts'
import type { HeardAt } from './heard-at.ts'

/** Moves everything that is known along with a clock that was set. */
export function stepClock(ms: number, runs: readonly GroupRun[], heard: HeardAt): void {
  heard.step(ms)
  for (const run of runs) {
    run.memory = shiftMemory(run.memory, ms)
    for (const [queue, reading] of run.samples) run.samples.set(queue, shiftReading(reading, ms))
    const { workers } = run
    if (workers.ok)
      run.workers = {
        ok: true,
        workers: workers.workers.map((worker) => ({ ...worker, seenAt: worker.seenAt + ms })),
      }
    run.isDirty = true
  }
}
