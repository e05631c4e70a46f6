import { type Bounds, boundsNow } from '../../src/core/scaling/bounds.ts'
import { decide } from '../../src/core/scaling/decide.ts'
import type { Decision } from '../../src/core/scaling/decision.ts'
import { explainDecision } from '../../src/core/scaling/explain.ts'
import type { GroupMemory } from '../../src/core/scaling/group.ts'
import { nextWakeAt } from '../../src/core/scaling/next-wake-at.ts'
import { remember } from '../../src/core/scaling/remember.ts'
import type { Situation } from '../../src/core/scaling/situation.ts'

/** The pure middle, as the daemon uses it; tests put simpler ones in its place. */
export interface Brain {
  /** What is remembered from now on: idle times, proposals, who is still asked to leave. */
  remember(situation: Situation): GroupMemory
  decide(situation: Situation): Decision
  /** When to decide again though nothing happens, milliseconds since 1970; undefined: not before something does. */
  nextWakeAt(situation: Situation, decision: Decision): number | undefined
  /** The decision in words, one line. */
  explain(decision: Decision): string
  bounds(situation: Situation): Bounds
}

export const BRAIN: Brain = {
  remember,
  decide,
  nextWakeAt,
  explain: explainDecision,
  bounds: ({ policy, group, now }) => boundsNow(policy, group.memory, now),
}
