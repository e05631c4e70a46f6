import { isDeepStrictEqual } from 'node:util'
import type { GroupRef } from '../../src/core/scaling/group-ref.ts'
import { groupKey } from '../../src/core/scaling/group-ref.ts'
import type { ScalingPolicy } from '../../src/core/scaling/policy.ts'
import type { ClusterGroup } from '../../src/ports.ts'
import { createGroupRun, type GroupRun } from './group-run.ts'

/** All groups, and whose an allocation is. */
export interface GroupTable {
  all(): readonly GroupRun[]
  /** By key: see groupKey(). */
  get(key: string): GroupRun | undefined
  of(ref: GroupRef): GroupRun | undefined
  /** As people name it: `job` when its group has the same name, `job/group`, `namespace/job/group`. */
  named(name: string): GroupRun | undefined
  ofAllocation(allocation: string): GroupRun | undefined
  /** Takes other policies: groups that stay keep what is known of them. */
  replace(policies: readonly PlacedPolicy[], elapsed: number): readonly GroupRun[]
  /** Notes how Nomad has a group. */
  see(run: GroupRun, cluster: ClusterGroup | undefined): void
}

export interface PlacedPolicy {
  readonly policy: ScalingPolicy
  /** The name of the source that reads its queues. */
  readonly source: string
}

export function createGroupTable(): GroupTable {
  let runs = new Map<string, GroupRun>()
  let list: readonly GroupRun[] = []
  let names = new Map<string, GroupRun>()
  const byAllocation = new Map<string, GroupRun>()

  function forget(run: GroupRun): void {
    for (const { id } of run.cluster?.allocations ?? [])
      if (byAllocation.get(id) === run) byAllocation.delete(id)
  }

  return {
    all: () => list,
    get: (key) => runs.get(key),
    of: (ref) => runs.get(groupKey(ref)),
    named: (name) => names.get(name),
    ofAllocation: (allocation) => byAllocation.get(allocation),
    replace(policies, elapsed) {
      const added: GroupRun[] = []
      const next = new Map<string, GroupRun>()
      for (const { policy, source } of policies) {
        const fresh = createGroupRun(policy, source, elapsed)
        const known = runs.get(fresh.key)
        if (known === undefined) added.push(fresh)
        else change(known, policy, source, elapsed)
        next.set(fresh.key, known ?? fresh)
      }
      for (const [key, run] of runs) if (!next.has(key)) forget(run)
      runs = next
      list = [...next.values()]
      names = new Map(list.flatMap((run) => namesOf(run).map((name) => [name, run])))
      return added
    },
    see(run, cluster) {
      if (run.cluster === cluster) return
      forget(run)
      run.cluster = cluster
      if (cluster !== undefined)
        run.lastSeen = cluster.job === 'stopped' ? 'stopped' : cluster.count === 0 ? 'idle' : 'used'
      for (const { id } of cluster?.allocations ?? []) byAllocation.set(id, run)
    },
  }
}

function change(run: GroupRun, policy: ScalingPolicy, source: string, elapsed: number): void {
  if (run.source === source && isDeepStrictEqual(run.policy, policy)) return
  run.isDirty = true
  const isElsewhere = run.source !== source
  run.policy = policy
  run.source = source
  const wanted = new Set(policy.queues)
  for (const queue of [...run.samples.keys()])
    if (isElsewhere || !wanted.has(queue)) run.samples.delete(queue)
  if (policy.queues.every((queue) => run.samples.has(queue))) return
  run.hasRead = false
  run.askedElapsed = elapsed
}

/** The plainest name last: it goes to the group whose job is called the same. */
function namesOf({ key, name, ref }: GroupRun): string[] {
  return ref.namespace === 'default' ? [key, `${ref.job}/${ref.group}`, name] : [key, name]
}
