import type { Result } from '../../core/up/closing-line.ts'
import type { Change } from '../../core/up/read-change.ts'
import type { PreparedJob } from './prepare-job.ts'

/** What became of one job. */
export interface Outcome {
  readonly job: string
  readonly result: Result
  readonly change: Change
  /** For what was not done: why. */
  readonly reason?: string
  readonly warnings: readonly string[]
  /** Nomad was away. */
  readonly isAway?: true
}

export function outcomeOf(
  { planned, change }: PreparedJob,
  result: Result,
  more: Partial<Pick<Outcome, 'reason' | 'warnings' | 'isAway'>> = {},
): Outcome {
  return { job: planned.job.name, result, change, warnings: change.warnings, ...more }
}
