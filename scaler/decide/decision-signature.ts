import type { Decision } from '../../src/core/scaling/decision.ts'

/** Equal for decisions that are no news to each other: the same deed, or holding for the same reason. */
export function signatureOf(decision: Decision): string {
  switch (decision.kind) {
    case 'scale':
      return `scale ${decision.from} ${decision.to} ${decision.jobModifyIndex}`
    case 'hold':
      return `hold ${decision.because}`
    case 'retire':
    case 'cordon':
    case 'lift':
      return `${decision.kind} ${decision.allocations.join(' ')}`
  }
}
