import { type AllocationState, type GroupState, NO_MEMORY } from '../../../src/core/scaling/group.ts'
import type { ScalingPolicy } from '../../../src/core/scaling/policy.ts'
import type { QueueReading, QueueSample, WorkerState } from '../../../src/core/scaling/sample.ts'
import type { Situation } from '../../../src/core/scaling/situation.ts'

/** 2026-11-24 12:00:00 UTC, a Tuesday. */
export const NOW = Date.UTC(2026, 10, 24, 12)
export const GROUP = { namespace: 'default', job: 'heavy', group: 'heavy' }
export const BLIND = { ok: false, cause: { code: 'unreachable', message: 'connection refused' } } as const

/** Two tasks a worker, 0 to 4 of them, backlog, a keep-alive of 5 minutes. */
export function aPolicy(more: Partial<ScalingPolicy> = {}): ScalingPolicy {
  return {
    group: GROUP,
    origin: 'stack',
    jobType: 'batch',
    queues: ['q'],
    concurrency: 2,
    min: 0,
    max: 4,
    keepAliveMs: 300_000,
    startUpMs: 30_000,
    strategies: [{ name: 'backlog', options: { spare: 0 } }],
    up: { cooldownMs: 0, stabilizationMs: 0 },
    down: { cooldownMs: 0, stabilizationMs: 0 },
    ...more,
  }
}

export function anAllocation(index: number, more: Partial<AllocationState> = {}): AllocationState {
  return {
    id: `a${index}`,
    name: `heavy.heavy[${index}]`,
    index,
    node: 'n1',
    clientStatus: 'running',
    desiredStatus: 'run',
    jobVersion: 3,
    createdAt: NOW - 3_600_000,
    startedAt: NOW - 3_590_000,
    ...more,
  }
}

/** So many allocations that run, or those given. */
export function aGroup(
  allocations: number | readonly AllocationState[] = 0,
  more: Partial<GroupState> = {},
): GroupState {
  const all =
    typeof allocations === 'number'
      ? Array.from({ length: allocations }, (_, index) => anAllocation(index))
      : allocations
  return {
    job: 'present',
    count: all.length,
    jobModifyIndex: 17,
    jobVersion: 3,
    deploymentActive: false,
    allocations: all,
    heardAt: NOW,
    memory: NO_MEMORY,
    ...more,
  }
}

export function aReading(more: Partial<QueueSample> = {}): QueueReading {
  return { ok: true, sample: { queue: 'q', at: NOW, waiting: 0, active: 0, ...more } }
}

/** The worker of allocation number `index`; idle for ten minutes, or busy. */
export function aWorker(
  index: number,
  busy: number | undefined,
  more: Partial<WorkerState> = {},
): WorkerState {
  return {
    worker: `heavy@a${index}`,
    allocation: `a${index}`,
    ...(busy === undefined ? {} : { busy }),
    ...(busy === 0 ? { idleSince: NOW - 600_000 } : {}),
    seenAt: NOW,
    ...more,
  }
}

/** @param busy tasks of each worker by index; undefined: its worker does not say */
export function aSituation(
  group: GroupState,
  sample: Partial<QueueSample> | QueueReading,
  busy: readonly (number | undefined)[] = [],
  more: Partial<Situation> = {},
): Situation {
  return {
    policy: aPolicy(),
    samples: new Map([['q', 'ok' in sample ? sample : aReading(sample)]]),
    workers: { ok: true, workers: busy.map((tasks, index) => aWorker(index, tasks)) },
    group,
    now: NOW,
    ...more,
  }
}
