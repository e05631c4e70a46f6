import backlog from './backlog.ts'
import fixed from './fixed.ts'
import latency from './latency.ts'
import step from './step.ts'
import type { Strategy } from './strategy.ts'

/** Every strategy, by the name that people write. A new one is a file and a line here. */
export const STRATEGIES = { backlog, step, latency, fixed } as const

export type StrategyName = keyof typeof STRATEGIES

/** A strategy by name, its options as its own schema has read them; undefined when there is none. */
export function strategyOf(name: string): Strategy | undefined {
  return Object.hasOwn(STRATEGIES, name)
    ? (STRATEGIES[name as StrategyName] as unknown as Strategy)
    : undefined
}
