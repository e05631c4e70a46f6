import type { GroupState } from '../../src/core/scaling/group.ts'
import type { Situation } from '../../src/core/scaling/situation.ts'
import type { ClusterGroup } from '../../src/ports.ts'
import type { GroupRun } from '../groups/group-run.ts'

const MISSING: Omit<GroupState, 'heardAt' | 'memory'> = {
  job: 'missing',
  count: 0,
  jobModifyIndex: 0,
  jobVersion: 0,
  deploymentActive: false,
  allocations: [],
}

export interface Surroundings {
  readonly now: number
  /** When Nomad was last heard of. */
  readonly heardAt: number
  readonly staleAfterMs: number
  /** Names of nodes that are being drained. */
  readonly draining: ReadonlySet<string>
  readonly affordable?: number | undefined
  readonly serviceMs?: number | undefined
}

/** What a group is decided from. */
export function situationOf(run: GroupRun, around: Surroundings): Situation {
  const { now, staleAfterMs, affordable, serviceMs } = around
  return {
    policy: run.policy,
    samples: run.samples,
    workers: run.workers,
    group: groupStateOf(run, around),
    now,
    staleAfterMs,
    ...(affordable === undefined ? {} : { affordable }),
    ...(serviceMs === undefined ? {} : { serviceMs }),
  }
}

function groupStateOf({ cluster, memory }: GroupRun, { heardAt, draining }: Surroundings): GroupState {
  const drained = cluster === undefined || draining.size === 0 ? [] : drainedOf(cluster, draining)
  return {
    ...(cluster ?? MISSING),
    heardAt,
    memory,
    ...(drained.length === 0 ? {} : { draining: drained }),
  }
}

function drainedOf({ allocations }: ClusterGroup, draining: ReadonlySet<string>): string[] {
  return [...new Set(allocations.map(({ node }) => node))].filter((node) => draining.has(node))
}
