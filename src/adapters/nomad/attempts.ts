import pRetry from 'p-retry'
import type { ActionAnswer, Refusal } from '../../ports.ts'
import { classify, NomadError, type NomadFailure } from './failure.ts'

/** What an attempt may know of its place among the others. */
export interface Attempts {
  /** Until the end of all attempts, ms; at least 1. */
  leftMs(): number
  /** True when an earlier attempt may have been done, though it failed. */
  mayBeDone(): boolean
}

/** What passes by itself. The rest is the same a moment later. */
const PASSING: readonly Refusal[] = ['no-leader', 'rate-limited', 'server-error', 'unreachable', 'timeout']
const RETRIES = 3

export interface AttemptTimes {
  /** For all attempts together, ms. */
  readonly withinMs: number
  /** Between the first and the second, ms, up to twice that; then each three times the one before. */
  readonly firstWaitMs: number
}

/**
 * Tries until it is done, refused for good, or the time is over; then the last failure is the answer.
 * `mayRepeat` says whether another attempt can do no harm.
 */
export async function inAttempts(
  { withinMs, firstWaitMs }: AttemptTimes,
  attempt: (attempts: Attempts) => Promise<{ jobModifyIndex?: number; evaluation?: string }>,
  mayRepeat: (failure: NomadFailure) => boolean,
): Promise<ActionAnswer> {
  const end = performance.now() + withinMs
  let attempts = 0
  let mayBeDone = false
  const leftMs = () => Math.max(1, Math.round(end - performance.now()))
  try {
    const done = await pRetry(
      () => {
        attempts += 1
        return attempt({ leftMs, mayBeDone: () => mayBeDone })
      },
      {
        retries: RETRIES,
        minTimeout: firstWaitMs,
        factor: 3,
        randomize: true,
        maxRetryTime: withinMs,
        onFailedAttempt({ error }) {
          if (error instanceof NomadError) mayBeDone ||= error.failure.mayBeDone
        },
        shouldRetry: ({ error }) =>
          error instanceof NomadError && PASSING.includes(error.failure.refusal) && mayRepeat(error.failure),
      },
    )
    return { ok: true, ...done, attempts }
  } catch (error) {
    const failure = classify(error)
    return { ok: false, ...failure, mayBeDone: mayBeDone || failure.mayBeDone, attempts }
  }
}
