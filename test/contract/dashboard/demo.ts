import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createMetrics } from '../../../scaler/metrics/create-metrics.ts'
import type {
  DecisionInputs,
  GroupReport,
  History,
  SeriesPoint,
  WorkerReport,
} from '../../../scaler/reports.ts'
import { buildServer } from '../../../scaler/server/build-server.ts'
import { listen } from '../../../scaler/server/listen.ts'
import { loadStack } from '../../../src/adapters/stack-file.ts'
import type { HealthLine } from '../../../src/core/health/report.ts'
import type { Decision } from '../../../src/core/scaling/decision.ts'
import { explainDecision } from '../../../src/core/scaling/explain.ts'
import { type GroupRef, groupName } from '../../../src/core/scaling/group-ref.ts'
import { type FakeScaler, fakeHistory, fakeScaler, policyOf, READY } from '../../scaler/fake-scaler.ts'

export const TOKEN = 'a-token-of-the-test'
const MINUTE_MS = 60_000

export const refOf = (job: string, group = job): GroupRef => ({ namespace: 'default', job, group })
export const HEAVY = refOf('worker_heavy')
export const MEDIUM = refOf('worker_medium')
export const LIGHT = refOf('worker_light')

export interface Demo {
  readonly scaler: FakeScaler
  readonly history: History
  readonly url: string
  /** Ends every connection, as a proxy may. */
  drop(): void
  /** The same, and nothing answers for a while, as when it is restarted. */
  restart(downMs: number): Promise<void>
  close(): Promise<void>
}

/** A daemon's server on a port of its own, over a scaler that only says what it is told, with the time of today. */
export async function startDemo(reports: readonly GroupReport[] = dayOf(Date.now())): Promise<Demo> {
  const scaler = fakeScaler(reports)
  const now = Date.now()
  scaler.setHealth({
    startedAt: now - 3 * 60 * MINUTE_MS,
    leader: 'node-1/5f1c02aa',
    cluster: { ...READY.cluster, since: now - 60 * MINUTE_MS, heardAt: now },
  })
  const history: History = { ...fakeHistory(), series: (group, from, to) => seriesOf(group, from, to) }
  scaler.subscribe(history.add)
  const clock = { now: () => Date.now() }
  const { stack } = loadStack({ file: join(import.meta.dirname, '../../../stack.yml') })
  const start = async (port: number): Promise<{ app: FastifyInstance; url: string }> => {
    const app = buildServer({
      scaler,
      history,
      metrics: createMetrics(scaler),
      clock,
      version: '0.1.0',
      token: TOKEN,
      stack: () => stack,
      health: async () => ({ at: clock.now(), ...healthOf(stack.jobs, clock.now()) }),
    })
    return { app, url: await listen(app, { host: '127.0.0.1', port }) }
  }
  let server = await start(0)
  const port = Number(new URL(server.url).port)
  return {
    scaler,
    history,
    url: server.url,
    drop: () => server.app.server.closeAllConnections(),
    async restart(downMs) {
      server.app.server.closeAllConnections()
      await server.app.close()
      await new Promise((resolve) => setTimeout(resolve, downMs))
      server = await start(port)
    },
    close: () => server.app.close(),
  }
}

interface Standing {
  readonly ref: GroupRef
  readonly workers: readonly WorkerReport['state'][]
  readonly waiting: number
  readonly active: number
  readonly min?: number
  readonly max?: number
  readonly oldestAgeMs?: number
  readonly decision?: Decision
  readonly changes?: Partial<GroupReport>
}

/** A group with workers of these states. */
export function groupOf(standing: Standing, now = Date.now()): GroupReport {
  const { ref, workers: states, waiting, active, min = 0, max = 4, oldestAgeMs, changes } = standing
  const count = (state: WorkerReport['state']) => states.filter((one) => one === state).length
  const decision = standing.decision ?? holdOf(ref, states.length - count('retiring'), waiting, active, now)
  return {
    group: ref,
    name: groupName(ref),
    policy: {
      ...policyOf(ref, [ref.group.replace('worker_', '')]),
      min,
      max,
      targetAgeMs: 5 * MINUTE_MS,
      costPerHour: 0.206,
    },
    bounds: { min, max, by: 'policy' },
    job: 'present',
    desired: states.length - count('retiring'),
    live: states.length,
    starting: count('starting'),
    busy: count('busy'),
    idle: count('idle'),
    unknown: count('unknown'),
    retiring: count('retiring'),
    cordoned: 0,
    waiting,
    active,
    delayed: 0,
    ...(oldestAgeMs === undefined ? {} : { oldestAgeMs }),
    throughputPerMin: active * 1.5,
    sampleAgeMs: 800,
    decision,
    explained: explainDecision(decision),
    decidedSince: now - 95_000,
    lastEvaluatedAt: now,
    lastChange: { at: now - 95_000, from: 0, to: states.length },
    workers: states.map((state, index) => workerOf(ref, state, index, now)),
    alerts: [],
    costPerHour: 0.206 * states.length,
    ...changes,
  }
}

/** The platform at work: a burst of heavy tasks, and little else. */
export function dayOf(now: number): GroupReport[] {
  return [
    groupOf(
      { ref: LIGHT, workers: ['busy', 'busy', 'idle'], waiting: 3, active: 6, min: 2, oldestAgeMs: 900 },
      now,
    ),
    groupOf({ ref: MEDIUM, workers: ['busy', 'retiring'], waiting: 0, active: 2, min: 1, max: 3 }, now),
    groupOf(
      {
        ref: HEAVY,
        workers: ['busy', 'busy', 'starting', 'starting'],
        waiting: 7,
        active: 2,
        oldestAgeMs: 74_000,
        decision: growOf(HEAVY, now - 95_000),
      },
      now,
    ),
  ]
}

export function growOf(group: GroupRef, at: number): Decision {
  return {
    kind: 'scale',
    group,
    at,
    from: 0,
    to: 4,
    cause: 'grow',
    jobModifyIndex: 812,
    need: 4,
    reasons: [
      { kind: 'demand', waiting: 9, active: 0, oldestAgeMs: 4000 },
      { kind: 'vote', strategy: 'backlog', count: 9, why: '9 waiting + 0 active over 1 a worker needs 9' },
      { kind: 'vote', strategy: 'latency', why: 'no throughput is known yet' },
      { kind: 'clamp', by: 'max', from: 9, to: 4 },
      { kind: 'capacity', running: 0, starting: 0, retiring: 0, gone: 0 },
    ],
  }
}

export function inputsOf(group: GroupRef, at: number, waiting: number): DecisionInputs {
  const queue = group.group.replace('worker_', '')
  return {
    policy: policyOf(group, [queue]),
    samples: {
      [queue]: {
        ok: true,
        sample: { queue, at: at - 12, waiting, active: 0, delayed: 2, oldestAgeMs: 4000 },
      },
    },
    workers: { ok: true, workers: [{ worker: 'w1', busy: 1, seenAt: at }] },
    group: { count: 0 },
  }
}

/** Tells a decision and what came of it, as the daemon does. */
export function tellGrowth({ scaler }: Pick<Demo, 'scaler'>, group: GroupRef, at: number): void {
  const decision = growOf(group, at)
  const name = groupName(group)
  const inputs = inputsOf(group, at, 9)
  scaler.emit(
    { kind: 'decision', group, decision, isNews: true, inputs },
    `${name}: ${explainDecision(decision)}`,
    at,
  )
  scaler.emit(
    { kind: 'action', group, decision, answer: { ok: true, attempts: 1 }, tookMs: 41 },
    `${name}: count 0 to 4 (grow): accepted after 41 ms`,
    at + 41,
  )
}

function holdOf(group: GroupRef, count: number, waiting: number, active: number, at: number): Decision {
  const why = `${waiting} waiting + ${active} active over 4 a worker needs ${count}`
  return {
    kind: 'hold',
    group,
    at,
    count,
    because: 'steady',
    need: count,
    reasons: [
      { kind: 'demand', waiting, active },
      { kind: 'vote', strategy: 'backlog', count, why },
    ],
  }
}

function workerOf(ref: GroupRef, state: WorkerReport['state'], index: number, now: number): WorkerReport {
  const id = `5f1c02a${index}-${randomUUID().slice(9)}`
  const startedAt = now - 74_000 - index * 5000
  const isStarted = state !== 'starting'
  return {
    state,
    allocation: {
      id,
      name: `${ref.job}.${ref.group}[${index}]`,
      index,
      node: `node-${(index % 3) + 1}`,
      clientStatus: isStarted ? 'running' : 'pending',
      desiredStatus: 'run',
      jobVersion: 3,
      createdAt: startedAt - 5000,
      ...(isStarted ? { startedAt } : {}),
    },
    ...(isStarted
      ? {
          worker: {
            worker: `${ref.group}@${id.slice(0, 8)}`,
            allocation: id,
            busy: state === 'busy' ? 1 : 0,
            ...(state === 'busy' ? { tasks: [{ name: 'render', id: `${index}`, since: now - 61_000 }] } : {}),
            concurrency: 1,
            queues: [ref.group.replace('worker_', '')],
            seenAt: now - 700,
          },
        }
      : {}),
    ...(state === 'idle' ? { idleSince: now - 42_000 } : {}),
  }
}

/** A working week up to now: quiet hours and bursts, the last of which is under way. An hour of it was not recorded. */
function seriesOf(group: string, from: number, to: number): SeriesPoint[] {
  const points: SeriesPoint[] = []
  const end = Math.floor(Date.now() / MINUTE_MS)
  const phase = group.length % 7
  for (let minute = Math.ceil(from / MINUTE_MS); minute * MINUTE_MS <= to; minute++) {
    const ago = end - minute
    if (ago > 500 && ago < 560) continue
    const wave = Math.max(0, Math.sin((ago + 12 + phase) / 8) + Math.sin((ago + 40) / 61) - 0.5)
    const waiting = Math.round(wave * 9)
    const desired = Math.min(4, Math.ceil(wave * 3.4))
    points.push({
      at: minute * MINUTE_MS,
      desired,
      live: desired,
      busy: Math.min(desired, Math.round(wave * 2.8)),
      waiting,
      active: Math.min(desired, waiting),
      oldestAgeMs: waiting * 21_000,
      costPerHour: desired * 0.206,
    })
  }
  return points
}

function healthOf(
  jobs: readonly { readonly name: string; readonly kind: HealthLine['kind'] }[],
  now: number,
) {
  const line = ({ name, kind }: (typeof jobs)[number]): HealthLine => ({
    name,
    kind,
    state: name === 'feast' ? 'waiting' : name === 'mlflow' ? 'degraded' : 'healthy',
    ...(name === 'feast' ? { why: 'waits for mlflow: its check "http" fails for 40 s' } : {}),
    ...(name === 'mlflow' ? { why: 'check "http" fails for 40 s: 503 Service Unavailable' } : {}),
    desired: 1,
    running: name === 'feast' ? 0 : 1,
    restarts: name === 'mlflow' ? 2 : 0,
    changedAt: now - 40_000,
    endpoints: [],
    checks: [
      {
        id: `${name}:http`,
        name: 'http',
        status: name === 'mlflow' ? 'critical' : 'passing',
        output: '',
        service: name,
      },
    ],
    waitsFor: [],
  })
  return { lines: jobs.map(line), unseen: [] }
}
