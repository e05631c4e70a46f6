import type { GroupReport, ScalerEvent } from '../../../scaler/reports.ts'
import type { Hold } from '../../../src/core/scaling/decision.ts'
import type { ScalingPolicy } from '../../../src/core/scaling/policy.ts'

export const POLICY: ScalingPolicy = {
  group: { namespace: 'default', job: 'heavy', group: 'heavy' },
  origin: 'stack',
  jobType: 'batch',
  queues: ['heavy'],
  concurrency: 1,
  min: 0,
  max: 4,
  keepAliveMs: 60_000,
  startUpMs: 30_000,
  strategies: [{ name: 'backlog', options: {} }],
  up: { cooldownMs: 0, stabilizationMs: 0 },
  down: { cooldownMs: 0, stabilizationMs: 0 },
}

export function aHold(at: number, because: Hold['because'] = 'steady', job = 'heavy'): Hold {
  return {
    kind: 'hold',
    group: { namespace: 'default', job, group: job },
    at,
    reasons: [],
    count: 0,
    because,
  }
}

/** A decision that is news, of the group `heavy` if no other is named. */
export function anEvent(id: number, at: number, job = 'heavy', filling = ''): ScalerEvent {
  const decision = aHold(at, 'steady', job)
  const inputs = {
    policy: POLICY,
    samples: {},
    workers: { ok: true, workers: [] },
    group: filling,
  } as const
  const { group } = decision
  return { id, at, message: `${job} ${id}`, kind: 'decision', group, decision, isNews: true, inputs }
}

export function aReport(numbers: Partial<GroupReport> = {}): GroupReport {
  return {
    group: POLICY.group,
    name: 'heavy',
    policy: POLICY,
    bounds: { min: 0, max: 4, by: 'policy' },
    job: 'present',
    desired: 0,
    live: 0,
    starting: 0,
    busy: 0,
    idle: 0,
    unknown: 0,
    retiring: 0,
    cordoned: 0,
    workers: [],
    alerts: [],
    ...numbers,
  }
}
