import type { ActionAnswer, Refusal } from '../../src/ports.ts'

export const DONE: ActionAnswer = { ok: true, attempts: 1 }
export const NOT_WRITTEN = refused('unreachable', 'what is about to be done could not be written down before')
export const NO_WAY = refused('invalid', 'there is no way to tell workers what to take')
export const ONLY_SAID = refused('dry-run', 'only said')

/** Nothing was done. */
export function refused(refusal: Refusal, message: string, attempts = 0): ActionAnswer {
  return { ok: false, refusal, message, mayBeDone: false, attempts }
}
