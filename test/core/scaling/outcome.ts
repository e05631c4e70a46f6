import type { Decision } from '../../../src/core/scaling/decision.ts'

/** What is done, without the reasons: "2 -> 4 grow", "retire a1", "hold busy". */
export function outcome(decision: Decision): string {
  switch (decision.kind) {
    case 'scale':
      return `${decision.from} -> ${decision.to} ${decision.cause}`
    case 'hold':
      return `hold ${decision.because}`
    default:
      return `${decision.kind} ${decision.allocations.join(' ')}`
  }
}
