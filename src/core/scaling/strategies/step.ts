import { durationSchema } from '../../unit-schemas.ts'
import { parseDurationMs } from '../../units.ts'
import { z } from '../../zod.ts'
import { defineStrategy } from './strategy.ts'

/** Thresholds on what waits, as in autoscale.yml, but never against work that is known. */
export default defineStrategy({
  about: 'Thresholds on the number of waiting tasks.',
  options: z.strictObject({
    up_at: z.int().min(1).describe('One more allocation for every so many waiting tasks.'),
    down_at: z.int().min(0).describe('Waiting tasks down to which one allocation leaves.'),
    cooldown: durationSchema.describe('Time between two changes.'),
  }),
  read: ({ up_at, down_at, cooldown }) => ({
    upAt: up_at,
    downAt: down_at,
    // Without one, each look would take another step on the same numbers.
    cooldownMs: Math.max(1000, parseDurationMs(cooldown)),
  }),
  propose({ waiting, active, capacity, started, lastChangeAt, now }, { upAt, downAt, cooldownMs }) {
    const least = waiting + active > 0 ? 1 : 0
    // A first worker for a task is no step, so it is not put off.
    if (capacity < least) return { count: Math.max(1, Math.floor(waiting / upAt)), why: `${waiting} waiting` }
    if (lastChangeAt !== undefined && lastChangeAt + cooldownMs > now) {
      const left = Math.ceil((lastChangeAt + cooldownMs - now) / 1000)
      return { why: `its cooldown lasts another ${left} s` }
    }
    if (waiting >= upAt) {
      // Those that start are what an earlier step asked for: counted once.
      const steps = Math.floor(waiting / upAt)
      const count = Math.max(capacity, started + steps)
      return { count, why: `${waiting} waiting, ${upAt} or more: ${steps} above the ${started} that run` }
    }
    if (waiting <= downAt)
      return {
        count: Math.max(least, capacity - 1),
        why: `${waiting} waiting, not above ${downAt}: one fewer`,
      }
    return { count: capacity, why: `${waiting} waiting, between ${downAt} and ${upAt}` }
  },
})
