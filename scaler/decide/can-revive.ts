import type { Hold } from '../../src/core/scaling/decision.ts'
import type { GroupRun } from '../groups/group-run.ts'

/**
 * Whether a job that Nomad does not have may be registered again because work waits for it. Nomad collects a batch job
 * at count 0 as garbage after some hours, and that is all that is undone: only a job that is known to have been scaled
 * to nothing, by this daemon or by one before it. One that somebody stopped or purged, or that never was, stays away.
 */
export function canRevive(run: GroupRun, { need = 0 }: Hold): boolean {
  if (need === 0 || run.policy.jobType !== 'batch' || run.policy.origin !== 'stack') return false
  return run.lastSeen === undefined ? run.lastChange?.to === 0 : run.lastSeen === 'idle'
}
