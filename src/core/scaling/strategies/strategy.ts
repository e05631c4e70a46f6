import type { z } from '../../zod.ts'

/** What a strategy may know. All times are in milliseconds. */
export interface StrategyInput {
  /** Tasks that a free worker would take now, and tasks that workers have; lower bounds while a queue is unknown. */
  readonly waiting: number
  readonly active: number
  readonly oldestAgeMs?: number | undefined
  /** Tasks that one allocation runs at once. */
  readonly concurrency: number
  /** Allocations that are there or will be, and those of them that have started. */
  readonly capacity: number
  readonly started: number
  /** When the count was last changed; milliseconds since 1970. */
  readonly lastChangeAt?: number | undefined
  readonly now: number
  readonly startUpMs: number
  /** Mean time of a task; absent while none has been seen to finish. */
  readonly serviceMs?: number | undefined
}

export interface Proposal {
  /** Absent: it abstains, which may hold a count and never lowers it. */
  readonly count?: number
  /** A clause for people, with its numbers: "7 waiting + 1 active over 2 a worker needs 4". */
  readonly why: string
}

/** A way to choose a count. A new one is a file, and a line in index.ts. */
export interface Strategy<Written = unknown, Options = unknown> {
  /** One sentence for the reference of the stack file. */
  readonly about: string
  /** Its options as people write them. A text is always a duration. */
  readonly options: z.ZodType<Written>
  /** The options with defaults, in milliseconds. */
  read(written: Written): Options
  propose(input: StrategyInput, options: Options): Proposal
}

/** Has the compiler agree that options are read as they are written and used as they are read. */
export function defineStrategy<Written, Options>(
  strategy: Strategy<Written, Options>,
): Strategy<Written, Options> {
  return strategy
}
