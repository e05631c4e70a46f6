import { durationSchema } from '../../unit-schemas.ts'
import { parseDurationMs } from '../../units.ts'
import { z } from '../../zod.ts'
import { backlogProposal } from './backlog.ts'
import { defineStrategy } from './strategy.ts'

/**
 * So many that everything that waits has started before the oldest has waited too long. In the time that is left, a
 * slot starts one task at once and another after each mean task time; one that is still to come loses its start-up.
 */
export default defineStrategy({
  about:
    'As many as start every waiting task before the oldest has waited for the target; from learned task times.',
  options: z.strictObject({
    target: durationSchema.describe('The oldest waiting task starts within this time.'),
  }),
  read: ({ target }) => ({ targetMs: parseDurationMs(target) }),
  propose(input, { targetMs }) {
    const { waiting, active, oldestAgeMs = 0, concurrency, started, startUpMs, serviceMs } = input
    const demand = waiting + active
    if (demand === 0 || serviceMs === undefined || serviceMs <= 0) {
      const { why, ...rest } = backlogProposal(input, { spare: 0 })
      return { ...rest, why: demand === 0 ? why : `${why} (no task time is known yet)` }
    }
    const leftMs = Math.max(0, targetMs - oldestAgeMs)
    const ofStarted = concurrency * (1 + leftMs / serviceMs)
    const ofNew = concurrency * (1 + Math.max(0, leftMs - startUpMs) / serviceMs)
    const inTime = started * ofStarted
    const count =
      inTime >= demand ? Math.ceil(demand / ofStarted) : started + Math.ceil((demand - inTime) / ofNew)
    // More than a slot for each task is of no use.
    const most = Math.ceil(demand / concurrency)
    const least = Math.max(1, Math.ceil(active / concurrency))
    const needed = Math.min(most, Math.max(least, count))
    const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`
    return {
      count: needed,
      why: `${demand} tasks of ${seconds(serviceMs)} within ${seconds(leftMs)} need ${needed}`,
    }
  },
})
