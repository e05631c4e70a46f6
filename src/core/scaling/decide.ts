import { type Assessment, assess } from './assess.ts'
import type { Decision, HoldReason, Reason } from './decision.ts'
import { grow } from './grow.ts'
import { hold } from './hold.ts'
import { shrinkByIdleRun } from './idle-run.ts'
import { shrinkByRetiring } from './retire.ts'
import { CLUSTER_STALE_AFTER_MS, isFresh, type Situation } from './situation.ts'

/**
 * What is to be done about one group now. The daemon, a dry run and a simulation all ask this function, and the same
 * situation always gets the same answer. It never throws.
 */
export function decide(situation: Situation): Decision {
  const assessment = assess(situation)
  const halt = whyNothingMayChange(situation)
  if (halt) return hold(assessment, halt.because, halt.more)
  const decision = grow(assessment) ?? shrink(assessment) ?? hold(assessment, whyItIsAsItIs(assessment))
  // Nomad refuses every change of the count until the deployment has ended.
  if (
    situation.group.deploymentActive &&
    situation.policy.jobType === 'service' &&
    (decision.kind === 'scale' || decision.kind === 'cordon')
  )
    return hold(assessment, 'deployment-active')
  return decision
}

function shrink(assessment: Assessment): Decision | undefined {
  return assessment.policy.jobType === 'batch' ? shrinkByRetiring(assessment) : shrinkByIdleRun(assessment)
}

/** What forbids every change, of this group or in the dark. */
function whyNothingMayChange({
  group,
  now,
  clusterStaleAfterMs = CLUSTER_STALE_AFTER_MS,
}: Situation): { because: HoldReason; more?: readonly Reason[] } | undefined {
  const { paused } = group.memory
  if (paused && (paused.until === undefined || paused.until > now)) {
    const by = paused.by === undefined ? '' : ` by ${paused.by}`
    const wait: Reason = {
      kind: 'wait',
      why: `paused${by}${paused.reason === undefined ? '' : `: ${paused.reason}`}`,
      ...(paused.until === undefined ? {} : { untilMs: paused.until }),
    }
    return { because: 'paused', more: [wait] }
  }
  if (!isFresh(group.heardAt, now, clusterStaleAfterMs)) {
    const message = `last heard of ${Math.round((now - group.heardAt) / 1000)} s ago`
    return { because: 'cluster-blind', more: [{ kind: 'unknown', what: 'Nomad', code: 'stale', message }] }
  }
  if (group.job !== 'present') return { because: group.job === 'missing' ? 'job-missing' : 'job-stopped' }
  return undefined
}

function whyItIsAsItIs({ mustNotFall, census, cordoned, need, bounds, reasons }: Assessment): HoldReason {
  if (mustNotFall !== undefined && mustNotFall !== 'cooldown') return mustNotFall
  if (census.retiring.length > 0 || cordoned.size > 0) return 'retiring'
  const isHeldDown = reasons.some((reason) => reason.kind === 'clamp' && reason.from > reason.to)
  return isHeldDown && need === bounds.max ? 'at-bound' : 'steady'
}
