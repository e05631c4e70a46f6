import { z } from '../../zod.ts'
import { defineStrategy, type Proposal, type StrategyInput } from './strategy.ts'

/** As many allocations as the tasks that wait and run need, and slots to spare while there are any. */
export default defineStrategy({
  about: 'As many allocations as the demand needs: ceil(demand / concurrency).',
  options: z.strictObject({
    spare: z
      .int()
      .min(0)
      .max(100_000)
      .optional()
      .describe('Idle slots kept while anything runs. Default: 0.'),
  }),
  read: ({ spare = 0 }) => ({ spare }),
  propose: backlogProposal,
})

/** Also what others fall back to. */
export function backlogProposal(
  { waiting, active, concurrency }: StrategyInput,
  { spare }: { readonly spare: number },
): Proposal {
  const demand = waiting + active
  if (demand === 0) return { count: 0, why: 'nothing waits or runs' }
  const count = Math.ceil((demand + spare) / concurrency)
  const slots = spare > 0 ? ` + ${spare} spare` : ''
  return {
    count,
    why: `${waiting} waiting + ${active} active${slots} over ${concurrency} a worker needs ${count}`,
  }
}
