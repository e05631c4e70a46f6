import { z } from '../../zod.ts'
import { defineStrategy } from './strategy.ts'

/** A count that does not depend on the queues. */
export default defineStrategy({
  about: 'Always this count, whatever waits; beside others, no fewer.',
  options: z.strictObject({
    count: z.int().min(0).max(100_000).describe('Allocations.'),
  }),
  read: ({ count }) => ({ count }),
  propose: (_, { count }) => ({ count, why: `fixed at ${count}` }),
})
