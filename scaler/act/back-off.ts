import type { Refusal } from '../../src/ports.ts'
import { type Reaction, reactionTo } from './refusals.ts'

/** How often in a row something was refused, and until when it is not tried again. */
export interface BackOff {
  readonly refusal: Refusal
  readonly attempts: number
  /** As of Timers.elapsed(). */
  readonly until: number
}

const FIRST_MS: Readonly<Record<Reaction, number>> = { again: 100, hear: 2000, 'back-off': 1000 }
const LONGEST_MS = 30_000

/**
 * The next wait after a refusal, doubled each time, 30 s at most, and up to a fifth less, so that many groups do not
 * come back at once.
 * @param random from 0 up to 1
 */
export function nextBackOff(
  before: BackOff | undefined,
  refusal: Refusal,
  now: number,
  random: number,
): BackOff {
  const attempts = (before?.attempts ?? 0) + 1
  const ms = Math.min(LONGEST_MS, FIRST_MS[reactionTo(refusal)] * 2 ** Math.min(attempts - 1, 10))
  return { refusal, attempts, until: now + ms * (1 - random / 5) }
}
