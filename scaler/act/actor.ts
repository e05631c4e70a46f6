import type { Cordon, Decision, Hold, Lift, Retire, Scale } from '../../src/core/scaling/decision.ts'
import type { GroupMemory } from '../../src/core/scaling/group.ts'
import { rememberDone, rememberStaying } from '../../src/core/scaling/remember.ts'
import { versionTag } from '../../src/core/up/version-tag.ts'
import { DroverError } from '../../src/errors.ts'
import type { ActionAnswer, Clock, NomadActions } from '../../src/ports.ts'
import type { WorkerPort } from '../deps.ts'
import type { EventBus } from '../event-bus.ts'
import type { GroupRun } from '../groups/group-run.ts'
import type { Leadership } from '../lead/leadership.ts'
import type { MemoryStore } from '../lead/memory-store.ts'
import type { Timers } from '../timers.ts'
import { explainAction } from './action-words.ts'
import { DONE, NO_WAY, NOT_WRITTEN, ONLY_SAID, refused } from './answers.ts'
import { nextBackOff } from './back-off.ts'

/** Carries decisions out, one at a time for each group. */
export interface Actor {
  /** Begins, unless an action of the group is under way, a wait is not over, or this daemon may not act. */
  begin(run: GroupRun, decision: Exclude<Decision, Hold>): void
  /** Registers a job again that was collected as garbage. */
  revive(run: GroupRun, decision: Hold, need: number): void
  /**
   * Tags the version that somebody deployed last, once another has followed it: Nomad keeps six versions, and each scale
   * makes one. Not while it is the present one, since every scale would hand the tag on, and Nomad keep all of them.
   */
  tag(run: GroupRun, version: number): void
  /** Runs an action of a person's when none is under way; the answer is the action's. */
  order(run: GroupRun, action: () => Promise<ActionAnswer>): Promise<ActionAnswer>
  scale(run: GroupRun, decision: Scale): Promise<ActionAnswer>
  retire(run: GroupRun, decision: Retire): Promise<ActionAnswer>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

export interface ActorDeps {
  readonly actions: NomadActions
  readonly workers?: WorkerPort | undefined
  readonly leadership: Leadership
  readonly store: MemoryStore
  readonly bus: EventBus
  readonly timers: Timers
  readonly clock: Clock
  readonly dryRun: boolean
  explain(decision: Decision): string
  taskOf(run: GroupRun): string
  random(): number
  /** To be called when a group may be decided on again. */
  onDone(run: GroupRun): void
  onFault(run: GroupRun, error: unknown): void
}

/** The mirror is at most this far behind an answer; after that, compare-and-set is what there is. */
const MIRROR_LAGS_MS = 5000

export function createActor(deps: ActorDeps): Actor {
  const { actions, leadership, store, bus, timers, clock, dryRun } = deps
  const underWay = new Set<Promise<void>>()

  function mayBegin(run: GroupRun): boolean {
    if (run.acting !== undefined) return false
    if (run.backOff !== undefined && run.backOff.until > timers.elapsed()) return false
    if (dryRun && run.said === run.signature) return false
    return leadership.mayAct()
  }

  function start(run: GroupRun, work: () => Promise<unknown>): void {
    const acting = work()
      .catch((error: unknown) => {
        run.backOff = nextBackOff(run.backOff, 'invalid', timers.elapsed(), deps.random())
        deps.onFault(run, error)
      })
      .then(() => {
        run.acting = undefined
        run.actingTo = undefined
        underWay.delete(acting)
        run.isDirty = true
        deps.onDone(run)
      })
    run.acting = acting
    underWay.add(acting)
  }

  function note(run: GroupRun, decision: Decision, answer: ActionAnswer, since: number): ActionAnswer {
    const tookMs = Math.max(0, timers.elapsed() - since)
    run.wokenElapsed = undefined
    let isNews = true
    if (answer.ok) run.backOff = undefined
    else if (answer.refusal === 'dry-run') run.said = run.signature
    else {
      isNews = run.backOff?.refusal !== answer.refusal
      run.backOff = nextBackOff(run.backOff, answer.refusal, timers.elapsed(), deps.random())
    }
    if (isNews)
      bus.emit(
        { kind: 'action', group: run.ref, decision, answer, tookMs },
        explainAction(run.name, decision, answer, tookMs),
      )
    return answer
  }

  async function scale(run: GroupRun, decision: Scale): Promise<ActionAnswer> {
    const since = run.wokenElapsed ?? timers.elapsed()
    run.actingTo = decision.to
    const answer = await actions.scale({
      group: decision.group,
      count: decision.to,
      jobModifyIndex: decision.jobModifyIndex,
      message: `drover: ${deps.explain(decision)}`.slice(0, 400),
      meta: { 'drover.cause': decision.cause, 'drover.from': decision.from },
    })
    if (answer.ok) {
      const { from, to } = decision
      const at = clock.now()
      run.memory = rememberDone(run.memory, decision, at)
      if (from !== to) run.lastChange = { at, from, to }
      if (answer.jobModifyIndex !== undefined) {
        run.ownIndex = answer.jobModifyIndex
        run.expected = {
          index: answer.jobModifyIndex,
          count: to,
          untilElapsed: timers.elapsed() + MIRROR_LAGS_MS,
        }
      }
      store.touch()
    }
    return note(run, decision, answer, since)
  }

  /** What is about to be done is written down before it is done: a new leader neither repeats nor forgets it. */
  async function retire(run: GroupRun, decision: Retire): Promise<ActionAnswer> {
    const since = run.wokenElapsed ?? timers.elapsed()
    const { allocations } = decision
    if (!dryRun) {
      run.memory = withStarts(rememberDone(run.memory, decision, clock.now()), run)
      const isWritten = await store.flush()
      if (!isWritten || !leadership.mayAct()) {
        run.memory = rememberStaying(run.memory, allocations, false, clock.now())
        return note(run, decision, NOT_WRITTEN, since)
      }
    }
    const task = deps.taskOf(run)
    const answers = await Promise.all(allocations.map((id) => askToLeave(run, id, task)))
    const failed = allocations.filter((_, index) => {
      const answer = answers[index]
      return answer?.ok === false && !answer.mayBeDone
    })
    if (failed.length > 0 && !dryRun) {
      run.memory = rememberStaying(run.memory, failed, deps.workers?.settle !== undefined, clock.now())
      store.touch()
    }
    return note(run, decision, answers.find(({ ok }) => !ok) ?? answers[0] ?? DONE, since)
  }

  async function askToLeave(run: GroupRun, allocation: string, task: string): Promise<ActionAnswer> {
    const { workers } = deps
    if (!dryRun && workers?.settle !== undefined) {
      const settled = await workers.settle(run.ref, allocation)
      if (!settled.ok) return refused('worker-not-ready', settled.message, 1)
      // That took time.
      if (!leadership.mayAct()) return NOT_WRITTEN
    }
    return actions.retire(allocation, task)
  }

  async function command(run: GroupRun, decision: Cordon | Lift): Promise<ActionAnswer> {
    const { workers } = deps
    if (dryRun) return note(run, decision, ONLY_SAID, timers.elapsed())
    if (workers === undefined) return note(run, decision, NO_WAY, timers.elapsed())
    const since = run.wokenElapsed ?? timers.elapsed()
    const { kind, allocations } = decision
    // One that does not answer may obey later: it counts as cordoned until it was told otherwise and said so.
    if (kind === 'cordon') {
      run.memory = rememberDone(run.memory, decision, clock.now())
      if (!(await store.flush()) || !leadership.mayAct()) {
        run.memory = rememberDone(run.memory, { ...decision, kind: 'lift' }, clock.now())
        return note(run, decision, NOT_WRITTEN, since)
      }
    }
    const answers = await Promise.all(allocations.map((id) => workers[kind](run.ref, id)))
    if (kind === 'lift') {
      const lifted = allocations.filter((_, index) => answers[index]?.ok)
      run.memory = rememberDone(run.memory, { ...decision, allocations: lifted }, clock.now())
      store.touch()
    }
    const failed = answers.find((answer) => !answer.ok)
    const answer: ActionAnswer =
      failed === undefined || failed.ok
        ? DONE
        : { ok: false, refusal: 'timeout', message: failed.message, mayBeDone: true, attempts: 1 }
    return note(run, decision, answer, since)
  }

  return {
    scale,
    retire,
    begin(run, decision) {
      if (!mayBegin(run)) return
      const { kind } = decision
      start(run, () =>
        kind === 'scale'
          ? scale(run, decision)
          : kind === 'retire'
            ? retire(run, decision)
            : command(run, decision),
      )
    },
    revive(run, decision, need) {
      if (!mayBegin(run)) return
      const since = run.wokenElapsed ?? timers.elapsed()
      start(run, async () => {
        const answer = await actions.revive(run.ref, need)
        note(run, decision, answer, since)
        // Until the mirror shows it; a second registration would not hurt, but is not wanted.
        if (answer.ok) run.backOff = nextBackOff(undefined, 'job-missing', timers.elapsed(), deps.random())
      })
    },
    tag(run, version) {
      if (dryRun || !mayBegin(run)) return
      // Once for a version, whatever comes of it: scaling does not wait for a name.
      run.deployedVersion = undefined
      run.taggedVersion = version
      store.touch()
      start(run, async () => {
        const answer = await actions.tagVersion(
          run.ref,
          version,
          versionTag(version),
          'deployed, and scaled since',
        )
        if (answer.ok) return
        const what = `version ${version} could not be tagged, so scaling may push it out of reach of a revert: ${answer.message}`
        bus.emit({ kind: 'observed', group: run.ref, what }, `${run.name}: ${what}`)
      })
    },
    async order(run, action) {
      while (run.acting !== undefined) await run.acting
      if (!leadership.mayAct())
        throw new DroverError('UNAVAILABLE', 'the lock was not renewed lately: nothing may be done', {
          hint: 'Ask again in a few seconds.',
        })
      let answer: ActionAnswer | undefined
      let failure: unknown
      start(run, async () => {
        answer = await action().catch((error: unknown) => {
          failure = error
          return undefined
        })
      })
      await run.acting
      if (answer === undefined) throw failure
      return answer
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

/** Times of nodes do not compare with ours when a clock was set: the same start is the same worker. */
function withStarts(memory: GroupMemory, { cluster }: GroupRun): GroupMemory {
  const starts = new Map(cluster?.allocations.map(({ id, startedAt }) => [id, startedAt]))
  return {
    ...memory,
    retiring: memory.retiring.map((one) => {
      const startedAt = one.startedAt ?? starts.get(one.allocation)
      return startedAt === undefined ? one : { ...one, startedAt }
    }),
  }
}
