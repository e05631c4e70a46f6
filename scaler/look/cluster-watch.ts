import type { GroupRef } from '../../src/core/scaling/group-ref.ts'
import type { ClusterEvent, ClusterGroup, ClusterMirror, Refusal } from '../../src/ports.ts'
import { reactionTo } from '../act/refusals.ts'
import type { EventBus } from '../event-bus.ts'
import type { GroupRun } from '../groups/group-run.ts'
import type { GroupTable } from '../groups/group-table.ts'
import { observe } from './observe.ts'

/** Hears what the mirror of Nomad says, and looks at the groups that it is about. */
export interface ClusterWatch {
  hear(event: ClusterEvent): void
  /** Looks at all groups: of no use before the mirror was ready once. */
  lookAtAll(): void
  lookAt(run: GroupRun): void
}

export interface ClusterWatchDeps {
  readonly table: GroupTable
  readonly bus: EventBus
  mirror(): ClusterMirror | undefined
  elapsed(): number
  /** Another daemon's doings are not told as a stranger's. */
  isLeader(): boolean
  /** A group is to be decided on. */
  touch(run: GroupRun): void
  /** Jobs or their scaling blocks have changed. */
  onJobs(): void
}

/** What may be over when Nomad is heard of again. */
const OUTAGES: readonly Refusal[] = ['unreachable', 'timeout', 'no-leader', 'server-error', 'rate-limited']

export function createClusterWatch(deps: ClusterWatchDeps): ClusterWatch {
  const { table, bus } = deps

  function tell(group: GroupRef, name: string, what: string): void {
    bus.emit({ kind: 'observed', group, what }, `${name}: ${what}`)
  }

  function lookAt(run: GroupRun): void {
    const mirror = deps.mirror()
    if (mirror === undefined || mirror.state().status === 'connecting') return
    const before = run.cluster
    const after = mirror.group(run.ref)
    if (run.hasLooked && before === after) return
    const isFirst = !run.hasLooked
    run.hasLooked = true
    run.isDirty = true
    table.see(run, after)
    if (isFirst) run.firstVersion = after?.jobVersion
    const isOwn = after?.jobVersion === before?.jobVersion || isOwnDoing(run, after)
    if (!isFirst || after?.job === 'stopped')
      for (const what of observe(isFirst ? undefined : before, after, {
        isOwnCount: isOwn || !deps.isLeader(),
        retiring: new Set(run.memory.retiring.map(({ allocation }) => allocation)),
        draining: mirror.draining(),
      }))
        tell(run.ref, run.name, what)
    // A version that Drover has not made was deployed. A follower knows one by the count, which it leaves alone.
    if (before === undefined || after === undefined || after.jobVersion === before.jobVersion) return
    if (deps.isLeader() ? !isOwn : after.count === before.count) run.deployedVersion = after.jobVersion
  }

  /** Whether the state of a job comes from a scale of this daemon, of any of the job's groups. */
  function isOwnDoing({ ref }: GroupRun, after: ClusterGroup | undefined): boolean {
    return table
      .all()
      .some(
        (one) =>
          one.ref.job === ref.job &&
          one.ref.namespace === ref.namespace &&
          (one.ownIndex === after?.jobModifyIndex ||
            (one.actingTo !== undefined && (one.ref.group !== ref.group || one.actingTo === after?.count))),
      )
  }

  /** What was waited for may have come. */
  function endWait(run: GroupRun): void {
    const { backOff } = run
    if (backOff !== undefined && reactionTo(backOff.refusal) !== 'back-off')
      run.backOff = { ...backOff, until: 0 }
  }

  function lookAtAll(): void {
    for (const run of table.all()) {
      lookAt(run)
      deps.touch(run)
    }
  }

  return {
    lookAt,
    lookAtAll,
    hear(event) {
      if (event.kind === 'jobs') return deps.onJobs()
      if (event.kind === 'group') {
        const run = table.of(event.group)
        if (run === undefined) return
        run.wokenElapsed ??= deps.elapsed()
        lookAt(run)
        endWait(run)
        deps.touch(run)
        return
      }
      const { state } = event
      bus.emit(
        { kind: 'cluster', state },
        `Nomad is ${state.status}${state.cause === undefined ? '' : `: ${state.cause}`}`,
      )
      if (state.status !== 'ready') return
      for (const run of table.all()) {
        run.isDirty = true
        if (run.backOff !== undefined && OUTAGES.includes(run.backOff.refusal))
          run.backOff = { ...run.backOff, until: 0 }
      }
      lookAtAll()
    },
  }
}
