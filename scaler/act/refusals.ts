import type { Refusal } from '../../src/ports.ts'

/**
 * What to do after a refusal. hear: nothing until Nomad tells of a change of this group, or the wait is over. again:
 * decide anew after a short wait, since what was known had become old. back-off: try again later, and later each time.
 */
export type Reaction = 'hear' | 'again' | 'back-off'

const REACTIONS: Readonly<Record<Refusal, Reaction>> = {
  'deployment-active': 'hear',
  'stale-index': 'again',
  'job-stopped': 'hear',
  'job-missing': 'hear',
  'group-missing': 'back-off',
  'allocation-missing': 'again',
  'task-not-running': 'again',
  'worker-not-ready': 'back-off',
  'out-of-bounds': 'back-off',
  forbidden: 'back-off',
  'rate-limited': 'back-off',
  'no-leader': 'back-off',
  invalid: 'back-off',
  'server-error': 'back-off',
  unreachable: 'back-off',
  timeout: 'back-off',
  'dry-run': 'hear',
}

export function reactionTo(refusal: Refusal): Reaction {
  return REACTIONS[refusal]
}
