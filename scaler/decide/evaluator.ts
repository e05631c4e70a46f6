import { affordable } from '../../src/core/scaling/budget.ts'
import type { Decision, Hold } from '../../src/core/scaling/decision.ts'
import { learnServiceMs } from '../../src/core/scaling/learn-service-ms.ts'
import { rememberStaying } from '../../src/core/scaling/remember.ts'
import type { Situation } from '../../src/core/scaling/situation.ts'
import type { Clock } from '../../src/ports.ts'
import type { Actor } from '../act/actor.ts'
import type { EventBus } from '../event-bus.ts'
import type { GroupRun } from '../groups/group-run.ts'
import type { Timers } from '../timers.ts'
import type { Brain } from './brain.ts'
import { canRevive } from './can-revive.ts'
import { signatureOf } from './decision-signature.ts'
import { lostRetirements } from './lost-retirements.ts'
import { situationOf } from './situation-of.ts'

/** Decides on groups, and has decisions carried out. */
export interface Evaluator {
  /** Looks at a group; decides anew only if something has changed, a deadline has passed, or it was long ago. */
  evaluate(run: GroupRun): void
  /** What a group would be decided from now. */
  situation(run: GroupRun): Situation
}

export interface EvaluatorDeps {
  readonly brain: Brain
  readonly actor: Actor
  readonly bus: EventBus
  readonly clock: Clock
  readonly timers: Timers
  readonly staleAfterMs: number
  /** See Rounds. */
  wakeAt(run: GroupRun, elapsed: number | undefined): void
  /** When Nomad was last heard of, by the clock as it is set now. */
  heardAt(): number
  draining(): ReadonlySet<string>
  isLeader(): boolean
  /** Whether workers are told to take nothing before they are asked to leave. */
  readonly areSettled: boolean
  all(): readonly GroupRun[]
  budget(): { readonly maxPerHour: number } | undefined
  onMemory(run: GroupRun): void
  onFault(run: GroupRun, error: unknown): void
}

/** What nobody notices to have changed, such as a schedule, is noticed after this time at the latest. */
const LONGEST_MS = 5000
/** From so many times in a row on, it is said that workers end at once. */
const ENDED_TOLD = 2
const ENDS_AT_ONCE =
  'its workers end by themselves at once, with exit code 0: their places are filled again later each time'

export function createEvaluator(deps: EvaluatorDeps): Evaluator {
  const { brain, actor, bus, clock, timers } = deps

  function situation(run: GroupRun): Situation {
    const { costPerHour } = run.policy
    const budget = costPerHour === undefined ? undefined : deps.budget()
    return situationOf(run, {
      now: clock.now(),
      heardAt: deps.heardAt(),
      staleAfterMs: deps.staleAfterMs,
      draining: deps.draining(),
      serviceMs: run.serviceMs,
      affordable:
        budget && affordable({ maxPerHour: budget.maxPerHour, perHour: spending(deps.all()) }, costPerHour),
    })
  }

  /** The mirror is behind what was done: what it shows is over. */
  function isBehind(run: GroupRun, elapsed: number): boolean {
    const { expected } = run
    if (expected === undefined) return false
    const isThere = run.cluster !== undefined && run.cluster.jobModifyIndex >= expected.index
    if (!isThere && elapsed < expected.untilElapsed) return true
    run.expected = undefined
    return false
  }

  function remember(run: GroupRun, before: Situation): Situation {
    const lost = lostRetirements(run.memory, run.workers, before.now)
    let memory = brain.remember(before)
    if (lost.length > 0) memory = rememberStaying(memory, lost, deps.areSettled, before.now)
    const isKept =
      memory.retiring.length !== run.memory.retiring.length ||
      memory.cordoned.length !== run.memory.cordoned.length
    const endedBefore = run.memory.endedEarly?.inARow ?? 0
    run.memory = memory
    if ((memory.endedEarly?.inARow ?? 0) >= ENDED_TOLD && endedBefore < ENDED_TOLD)
      bus.emit({ kind: 'observed', group: run.ref, what: ENDS_AT_ONCE }, `${run.name}: ${ENDS_AT_ONCE}`)
    for (const id of lost) {
      const what = `${id.slice(0, 8)} was asked to leave, but has not heard it`
      bus.emit({ kind: 'observed', group: run.ref, what }, `${run.name}: ${what}`)
    }
    if (isKept) deps.onMemory(run)
    return { ...before, group: { ...before.group, memory } }
  }

  function decide(run: GroupRun, elapsed: number): void {
    run.isDirty = false
    run.serviceMs = learnServiceMs(run.serviceMs, run.samples)
    const now = remember(run, situation(run))
    const decision = brain.decide(now)
    note(run, decision, now)
    run.decidedElapsed = elapsed
    if (decision.kind !== 'hold') actor.begin(run, decision)
    else {
      rest(run, decision, elapsed)
    }
    deps.wakeAt(run, nextLook(run, now, decision, elapsed))
  }

  function rest(run: GroupRun, decision: Hold, elapsed: number): void {
    if (decision.because === 'job-missing' && canRevive(run, decision)) {
      actor.revive(run, decision, decision.need ?? 1)
      return
    }
    run.wokenElapsed = undefined
    // What was refused is not wanted any more.
    if (run.backOff !== undefined && run.backOff.until <= elapsed) run.backOff = undefined
    const { cluster, taggedVersion, firstVersion } = run
    // Nobody knows which version was deployed before the first look: the one that was there has its spec.
    const version = run.deployedVersion ?? (taggedVersion === undefined ? firstVersion : undefined)
    if (version !== undefined && (cluster?.jobVersion ?? 0) > version) actor.tag(run, version)
  }

  function note(run: GroupRun, decision: Decision, { policy, samples, workers, group }: Situation): void {
    const signature = signatureOf(decision)
    const leads = deps.isLeader()
    const isNews = signature !== (leads ? run.ledSignature : run.signature)
    if (signature !== run.signature) run.decidedSince = decision.at
    run.signature = signature
    if (leads) run.ledSignature = signature
    run.decision = decision
    bus.emit(
      {
        kind: 'decision',
        group: run.ref,
        decision,
        isNews,
        inputs: { policy, samples: Object.fromEntries(samples), workers, group },
        ...(leads ? {} : { isFollower: true }),
      },
      `${run.name}${leads ? '' : ' (this daemon does not lead)'}: ${isNews ? brain.explain(decision) : 'as before'}`,
    )
  }

  function nextLook(run: GroupRun, now: Situation, decision: Decision, elapsed: number): number | undefined {
    const at = brain.nextWakeAt(now, decision)
    const soon = at === undefined ? Number.POSITIVE_INFINITY : elapsed + Math.max(1, at - now.now)
    const until = run.backOff?.until ?? Number.POSITIVE_INFINITY
    const next = Math.min(soon, until > elapsed ? until : soon)
    return next === Number.POSITIVE_INFINITY ? undefined : next
  }

  return {
    situation,
    evaluate(run) {
      // Decided on again when the action has its answer.
      if (run.acting !== undefined) return
      const elapsed = timers.elapsed()
      run.evaluatedAt = clock.now()
      run.evaluatedElapsed = elapsed
      if (!run.hasLooked) return
      // One that never answers is decided on without.
      if (!run.hasRead && elapsed - run.askedElapsed < deps.staleAfterMs) return
      if (!run.isDirty && elapsed - run.decidedElapsed < LONGEST_MS) {
        run.wokenElapsed = undefined
        return
      }
      if (isBehind(run, elapsed)) {
        deps.wakeAt(run, run.expected?.untilElapsed)
        return
      }
      try {
        decide(run, elapsed)
        run.fault = undefined
      } catch (error) {
        run.decidedElapsed = elapsed
        deps.onFault(run, error)
      }
    },
  }
}

/** What everything costs in an hour, with what was just asked for and is not shown yet. */
function spending(runs: readonly GroupRun[]): number {
  let perHour = 0
  for (const { policy, cluster, actingTo, expected } of runs)
    if (policy.costPerHour !== undefined)
      perHour += policy.costPerHour * Math.max(cluster?.count ?? 0, actingTo ?? 0, expected?.count ?? 0)
  return perHour
}
