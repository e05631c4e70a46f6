import type { Reason } from './decision.ts'
import type { ScalingPolicy } from './policy.ts'
import { strategyOf } from './strategies/index.ts'
import type { StrategyInput } from './strategies/strategy.ts'

export interface Vote {
  /** The largest proposal; 0 when all abstain. */
  readonly count: number
  /** One abstained: the count may stay or grow, but not fall. */
  readonly abstained: boolean
  readonly reasons: readonly Reason[]
}

/** Asks every strategy of a policy. One that is not known abstains. */
export function vote(policy: ScalingPolicy, input: StrategyInput): Vote {
  let count = 0
  let abstained = false
  const reasons: Reason[] = []
  for (const { name, options } of policy.strategies) {
    const proposal = strategyOf(name)?.propose(input, options) ?? { why: 'there is no such strategy' }
    reasons.push(
      proposal.count === undefined
        ? { kind: 'vote', strategy: name, why: proposal.why }
        : { kind: 'vote', strategy: name, count: proposal.count, why: proposal.why },
    )
    if (proposal.count === undefined || Number.isNaN(proposal.count)) abstained = true
    else count = Math.max(count, proposal.count)
  }
  return { count, abstained, reasons }
}
