import type { Decision } from '../../src/core/scaling/decision.ts'
import type { ActionAnswer } from '../../src/ports.ts'

/** What was done, and what came of it, in one line. */
export function explainAction(
  name: string,
  decision: Decision,
  answer: ActionAnswer,
  tookMs: number,
): string {
  const what = `${name}: ${deedOf(decision)}`
  if (answer.ok) return `${what}: accepted after ${Math.round(tookMs)} ms`
  if (answer.refusal === 'dry-run') return `${what}: only said, this is a dry run`
  return `${what}: refused (${answer.refusal}): ${answer.message}`
}

function deedOf(decision: Decision): string {
  switch (decision.kind) {
    case 'scale':
      return decision.from === decision.to
        ? `count ${decision.to} set again, to fill a hole`
        : `count ${decision.from} to ${decision.to} (${decision.cause})`
    case 'retire':
      return `${idsOf(decision.allocations)} asked to leave when done`
    case 'cordon':
      return `${idsOf(decision.allocations)} asked to take nothing`
    case 'lift':
      return `${idsOf(decision.allocations)} asked to take tasks again`
    case 'hold':
      return 'the job, which Nomad had collected as garbage, registered again'
  }
}

function idsOf(allocations: readonly string[]): string {
  return allocations.map((id) => id.slice(0, 8)).join(', ')
}
