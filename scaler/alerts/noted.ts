import { groupKey } from '../../src/core/scaling/group-ref.ts'
import type { Refusal } from '../../src/ports.ts'
import type { ScalerEvent } from '../reports.ts'

/** What only events tell, kept until another event takes it back. */
export interface Noted {
  /** By group key: why Nomad refused what was asked last. */
  readonly refused: ReadonlyMap<string, { readonly message: string; readonly isFinal: boolean }>
}

export const NOTHING_NOTED: Noted = { refused: new Map() }

/** Refusals of which the next decision takes care by itself. */
const PASSING: ReadonlySet<Refusal> = new Set([
  'deployment-active',
  'stale-index',
  'allocation-missing',
  'task-not-running',
  'worker-not-ready',
  'dry-run',
])
/** To ask again would not help. */
const FINAL: ReadonlySet<Refusal> = new Set([
  'forbidden',
  'out-of-bounds',
  'invalid',
  'job-stopped',
  'job-missing',
  'group-missing',
])
/** Nothing more is wanted of Nomad. */
const CONTENT: ReadonlySet<string> = new Set(['steady', 'keep-alive', 'busy', 'at-bound'])

/** What is noted after an event; the same object when the event changes nothing. */
export function note(noted: Noted, event: ScalerEvent): Noted {
  if (event.kind === 'action') {
    const key = groupKey(event.group)
    if (event.answer.ok) return without(noted, key)
    const { refusal, message } = event.answer
    if (PASSING.has(refusal)) return noted
    const words = `Nomad refuses to ${event.decision.kind} it: ${message}`
    const entry = { message: words, isFinal: FINAL.has(refusal) }
    return { refused: new Map(noted.refused).set(key, entry) }
  }
  if (event.kind !== 'decision' || event.decision.kind !== 'hold') return noted
  return CONTENT.has(event.decision.because) ? without(noted, groupKey(event.group)) : noted
}

function without(noted: Noted, key: string): Noted {
  if (!noted.refused.has(key)) return noted
  const refused = new Map(noted.refused)
  refused.delete(key)
  return { refused }
}
