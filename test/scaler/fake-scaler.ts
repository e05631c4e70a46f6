import { keyOfName } from '../../scaler/history/group-of.ts'
import type {
  DecisionInputs,
  GroupReport,
  History,
  HistoryEntry,
  Scaler,
  ScalerEvent,
  ScalerFact,
  ScalerHealth,
} from '../../scaler/reports.ts'
import type { Decision } from '../../src/core/scaling/decision.ts'
import { type GroupRef, groupKey, groupName } from '../../src/core/scaling/group-ref.ts'
import type { ScalingPolicy } from '../../src/core/scaling/policy.ts'
import { DroverError } from '../../src/errors.ts'
import type { ActionAnswer } from '../../src/ports.ts'

/** 2026-05-01T12:00:00Z */
export const NOW = 1_777_636_800_000
export const HEAVY: GroupRef = { namespace: 'default', job: 'worker_heavy', group: 'worker_heavy' }
export const MAILER: GroupRef = { namespace: 'staging', job: 'shop', group: 'mailer' }

export function policyOf(group: GroupRef, queues: readonly string[] = ['heavy']): ScalingPolicy {
  return {
    group,
    origin: 'stack',
    jobType: 'batch',
    queues,
    concurrency: 1,
    min: 0,
    max: 4,
    keepAliveMs: 60_000,
    startUpMs: 5000,
    strategies: [{ name: 'backlog', options: { spare: 0 } }],
    up: { cooldownMs: 0, stabilizationMs: 0 },
    down: { cooldownMs: 0, stabilizationMs: 0, maxPerMinute: 2 },
  }
}

export function scaleOf(group: GroupRef, at = NOW): Decision {
  return {
    kind: 'scale',
    group,
    at,
    from: 1,
    to: 4,
    cause: 'grow',
    jobModifyIndex: 12,
    need: 5,
    reasons: [
      { kind: 'demand', waiting: 4, active: 1, oldestAgeMs: 48_000 },
      { kind: 'vote', strategy: 'backlog', count: 5, why: '4 waiting + 1 active need 5' },
      { kind: 'clamp', by: 'max', from: 5, to: 4 },
    ],
  }
}

export function inputsOf(group: GroupRef, waiting = 4): DecisionInputs {
  return {
    policy: policyOf(group),
    samples: {
      heavy: { ok: true, sample: { queue: 'heavy', at: NOW, waiting, active: 1, oldestAgeMs: 48_000 } },
    },
    workers: { ok: true, workers: [{ worker: 'w1', busy: 1, seenAt: NOW }] },
    group: { count: 1 },
  }
}

export function reportOf(group: GroupRef, changes: Partial<GroupReport> = {}): GroupReport {
  return {
    group,
    name: groupName(group),
    policy: policyOf(group),
    bounds: { min: 0, max: 4, by: 'policy' },
    job: 'present',
    desired: 1,
    live: 1,
    starting: 0,
    busy: 1,
    idle: 0,
    unknown: 0,
    retiring: 0,
    cordoned: 0,
    workers: [
      {
        allocation: {
          id: '5f1c02aa-0000-4000-8000-000000000000',
          name: `${group.job}.${group.group}[0]`,
          index: 0,
          node: 'node-1',
          clientStatus: 'running',
          desiredStatus: 'run',
          jobVersion: 3,
          createdAt: NOW - 60_000,
        },
        state: 'busy',
      },
    ],
    alerts: [],
    ...changes,
  }
}

export interface FakeScaler extends Scaler {
  readonly orders: unknown[]
  setHealth(changes: Partial<ScalerHealth>): void
  setGroup(report: GroupReport): void
  emit(fact: ScalerFact, message?: string, at?: number): ScalerEvent
  /** What the next orders are answered: thrown, or given. */
  answer: ActionAnswer | Error
}

export const READY: ScalerHealth = {
  live: true,
  ready: true,
  problems: [],
  isLeader: true,
  leader: 'node-1',
  cluster: { status: 'ready', since: NOW - 60_000, heardAt: NOW },
  sources: { redis: { polls: { status: 'ready', since: NOW }, pushes: { status: 'ready', since: NOW } } },
  dryRun: false,
  startedAt: NOW - 60_000,
}

export function fakeScaler(
  reports: readonly GroupReport[] = [reportOf(HEAVY), reportOf(MAILER)],
): FakeScaler {
  const groups = new Map(reports.map((report) => [groupKey(report.group), report]))
  const listeners = new Set<(event: ScalerEvent) => void>()
  const orders: unknown[] = []
  let health = READY
  let id = 0
  const done = (...order: unknown[]): ActionAnswer => {
    orders.push(order)
    if (fake.answer instanceof Error) throw fake.answer
    return fake.answer
  }
  const fake: FakeScaler = {
    orders,
    answer: { ok: true, attempts: 1 },
    health: () => health,
    groups: () => [...groups.values()],
    group: (name) => groups.get(keyOfName(name)),
    subscribe(listener) {
      listeners.add(listener)
      return { close: () => void listeners.delete(listener) }
    },
    pause: async (...order) => void done('pause', ...order),
    resume: async (...order) => void done('resume', ...order),
    setBounds: async (...order) => void done('bounds', ...order),
    scaleNow: async (...order) => done('scale', ...order),
    async retire(name, allocation, asker) {
      if (!allocation.startsWith('5f1c'))
        throw new DroverError('USAGE', `${name} has no worker ${allocation}`)
      return done('retire', name, allocation, asker)
    },
    reload: async () => {},
    setHealth: (changes) => {
      health = { ...health, ...changes }
    },
    setGroup: (report) => void groups.set(groupKey(report.group), report),
    emit(fact, message = fact.kind, at = NOW) {
      const event: ScalerEvent = { id: ++id, at, message, ...fact }
      for (const listener of listeners) listener(event)
      return event
    },
  }
  return fake
}

/** Keeps everything, in memory. */
export function fakeHistory(): History {
  const entries: HistoryEntry[] = []
  return {
    add: (event) =>
      void entries.push({ at: event.at, group: 'group' in event ? groupKey(event.group) : '', event }),
    find: ({ group, before = Number.POSITIVE_INFINITY, after = 0, limit }) =>
      entries
        .filter(
          (one) =>
            (group === undefined || one.group === keyOfName(group)) && one.at < before && one.at > after,
        )
        .slice(-limit)
        .reverse(),
    record() {},
    series: () => [],
    close: async () => {},
  }
}
