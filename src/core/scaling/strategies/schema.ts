import { z } from '../../zod.ts'
import { STRATEGIES, type StrategyName } from './index.ts'
import type { Strategy } from './strategy.ts'

type Written = { [N in StrategyName]: (typeof STRATEGIES)[N] extends Strategy<infer W, never> ? W : never }
type Shape = { [N in StrategyName]: z.ZodOptional<z.ZodType<Written[N]>> }

/** `strategies` as people write it: the options of each strategy under its name. */
export const strategiesSchema = z
  .strictObject(
    Object.fromEntries(
      Object.entries(STRATEGIES).map(([name, { options, about }]) => [
        name,
        (options as z.ZodType).optional().describe(about),
      ]),
    ) as unknown as Shape,
  )
  .describe('How the count is chosen; the largest proposal wins. Default: backlog.')
