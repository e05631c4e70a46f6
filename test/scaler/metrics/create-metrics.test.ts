import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../../scaler/metrics/create-metrics.ts'
import { fakeScaler, HEAVY, inputsOf, MAILER, NOW, READY, reportOf, scaleOf } from '../fake-scaler.ts'

/** What of the text is ours, without help and type. */
async function textOf(metrics: ReturnType<typeof createMetrics>): Promise<string[]> {
  return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('drover_'))
}

function make() {
  const scaler = fakeScaler([
    reportOf(HEAVY, {
      desired: 3,
      live: 3,
      starting: 1,
      busy: 2,
      idle: 1,
      retiring: 1,
      waiting: 4,
      active: 2,
      delayed: 7,
      oldestAgeMs: 48_500,
      sampleAgeMs: 250,
      costPerHour: 1.5,
      lastEvaluatedAt: NOW,
      paused: { since: NOW },
    }),
    reportOf(MAILER, { unknown: 1, busy: 0 }),
  ])
  const metrics = createMetrics(scaler)
  scaler.subscribe(metrics.listen)
  return { scaler, metrics }
}

describe('the metrics of groups', () => {
  it('say what is known, and nothing of what is not', async () => {
    const heavy = '{namespace="default",job="worker_heavy",group="worker_heavy"}'
    const mailer = '{namespace="staging",job="shop",group="mailer"}'
    const lines = (await textOf(make().metrics)).filter((line) => line.startsWith('drover_group_'))
    const golden = (labels: string, values: Record<string, number>) =>
      Object.entries(values).map(([name, value]) => `drover_group_${name}${labels} ${value}`)
    expect(lines.sort()).toEqual(
      [
        ...golden(heavy, {
          desired_count: 3,
          min_count: 0,
          max_count: 4,
          live_allocations: 3,
          starting_allocations: 1,
          busy_workers: 2,
          idle_workers: 1,
          unknown_workers: 0,
          retiring_workers: 1,
          cordoned_workers: 0,
          waiting_tasks: 4,
          active_tasks: 2,
          delayed_tasks: 7,
          oldest_task_age_seconds: 48.5,
          sample_age_seconds: 0.25,
          paused: 1,
          cost_per_hour: 1.5,
          last_evaluation_timestamp_seconds: NOW / 1000,
        }),
        ...golden(mailer, {
          desired_count: 1,
          min_count: 0,
          max_count: 4,
          live_allocations: 1,
          starting_allocations: 0,
          busy_workers: 0,
          idle_workers: 0,
          unknown_workers: 1,
          retiring_workers: 0,
          cordoned_workers: 0,
          paused: 0,
        }),
      ].sort(),
    )
  })

  it('forget what is no longer known, and groups that are gone', async () => {
    const { scaler, metrics } = make()
    const before = await textOf(metrics)
    expect(before.filter((line) => line.startsWith('drover_group_waiting_tasks'))).toHaveLength(1)
    scaler.setGroup(reportOf(HEAVY))
    const after = await textOf(metrics)
    expect(after.filter((line) => line.startsWith('drover_group_waiting_tasks'))).toEqual([])
    expect(after.filter((line) => line.startsWith('drover_group_desired_count'))).toHaveLength(2)
    scaler.groups = () => []
    expect((await textOf(metrics)).filter((line) => line.startsWith('drover_group_'))).toEqual([])
  })

  it('are all of one look at the groups', async () => {
    const { scaler, metrics } = make()
    let looks = 0
    const { groups } = scaler
    scaler.groups = () => {
      looks++
      return groups()
    }
    await metrics.registry.metrics()
    expect(looks).toBe(1)
  })
})

it('readiness and leadership are of the moment', async () => {
  const { scaler, metrics } = make()
  expect(await textOf(metrics)).toEqual(expect.arrayContaining(['drover_ready 1', 'drover_leader 1']))
  scaler.setHealth({ ready: false, isLeader: false })
  expect(await textOf(metrics)).toEqual(expect.arrayContaining(['drover_ready 0', 'drover_leader 0']))
})

describe('what happens is counted', () => {
  it('decisions and actions by kind and reason, and how long a scale took', async () => {
    const { scaler, metrics } = make()
    const decision = scaleOf(HEAVY)
    const inputs = inputsOf(HEAVY)
    const decided = { kind: 'decision', group: HEAVY, inputs } as const
    scaler.emit({ ...decided, decision, isNews: true })
    scaler.emit({ ...decided, decision, isNews: true, isFollower: true })
    const common = { group: HEAVY, at: NOW, reasons: [] }
    for (const isNews of [true, false])
      scaler.emit({ ...decided, isNews, decision: { kind: 'hold', ...common, count: 1, because: 'steady' } })
    scaler.emit({ ...decided, isNews: true, decision: { kind: 'retire', ...common, allocations: ['a'] } })
    scaler.emit({ ...decided, isNews: true, decision: { kind: 'lift', ...common, allocations: ['a'] } })
    const acted = { kind: 'action', group: HEAVY, decision, tookMs: 12 } as const
    scaler.emit({ ...acted, answer: { ok: true, attempts: 1 } })
    const no = { ok: false, message: '', mayBeDone: false, attempts: 1 } as const
    scaler.emit({ ...acted, tookMs: 700, answer: { ...no, refusal: 'stale-index' } })
    scaler.emit({ ...acted, tookMs: 700, answer: { ...no, refusal: 'forbidden' } })
    scaler.emit({
      ...acted,
      decision: { kind: 'retire', ...common, allocations: ['a'] },
      answer: { ok: true, attempts: 1 },
    })
    expect(await textOf(metrics)).toEqual(
      expect.arrayContaining([
        'drover_decisions_total{kind="scale",reason="grow"} 1',
        'drover_decisions_total{kind="hold",reason="steady"} 2',
        'drover_decisions_total{kind="retire",reason="surplus"} 1',
        'drover_decisions_total{kind="lift",reason="demand"} 1',
        'drover_actions_total{kind="scale",result="ok"} 1',
        'drover_actions_total{kind="scale",result="stale-index"} 1',
        'drover_actions_total{kind="scale",result="forbidden"} 1',
        'drover_actions_total{kind="retire",result="ok"} 1',
        'drover_scale_latency_seconds_bucket{le="0.01"} 0',
        'drover_scale_latency_seconds_bucket{le="0.02"} 1',
        'drover_scale_latency_seconds_bucket{le="0.5"} 1',
        'drover_scale_latency_seconds_count 3',
        'drover_errors_total{source="nomad"} 1',
      ]),
    )
  })

  it('errors by where they came from', async () => {
    const { scaler, metrics } = make()
    const { sources, cluster } = READY
    const state = sources.redis
    if (state === undefined) throw new Error('no source')
    const cause = { code: 'unreachable', message: 'x' } as const
    scaler.emit({ kind: 'source', source: 'redis', state, cause })
    scaler.emit({ kind: 'source', source: 'redis', state })
    scaler.emit({ kind: 'cluster', state: { ...cluster, status: 'lost' } })
    scaler.emit({ kind: 'cluster', state: cluster })
    scaler.emit({ kind: 'config', ok: false })
    scaler.emit({ kind: 'config', ok: true })
    const lines = (await textOf(metrics)).filter((line) => line.startsWith('drover_errors_total'))
    expect(lines.sort()).toEqual(
      ['config', 'nomad', 'redis'].map((source) => `drover_errors_total{source="${source}"} 1`),
    )
  })

  it('open alerts, each once until it is resolved', async () => {
    const { scaler, metrics } = make()
    const alert = { kind: 'at-max', group: 'worker_heavy', message: 'x', since: NOW } as const
    const open = async () =>
      (await textOf(metrics)).filter((line) => line.startsWith('drover_alerts') && !line.endsWith(' 0'))
    scaler.emit({ kind: 'alert', alert })
    scaler.emit({ kind: 'alert', alert })
    scaler.emit({ kind: 'alert', alert: { ...alert, group: 'shop/mailer' } })
    scaler.emit({ kind: 'alert', alert: { kind: 'source-blind', message: 'x', since: NOW } })
    expect(await open()).toEqual(['drover_alerts{kind="at-max"} 2', 'drover_alerts{kind="source-blind"} 1'])
    scaler.emit({ kind: 'alert', alert: { ...alert, resolvedAt: NOW } })
    expect(await open()).toEqual(['drover_alerts{kind="at-max"} 1', 'drover_alerts{kind="source-blind"} 1'])
  })
})

describe('the names', () => {
  it('and types are those of docs/api.md', async () => {
    const text = await make().metrics.registry.metrics()
    const made = [...text.matchAll(/^# TYPE (drover_\S+) (\S+)$/gm)].map(
      ([, name, type]) => `${name} ${type}`,
    )
    const page = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8')
    const told = [...page.matchAll(/^\| `(drover_\w+)` \| (\w+) \|/gm)].map(
      ([, name, type]) => `${name} ${type}`,
    )
    expect(told.sort()).toEqual(made.sort())
    expect(made.length).toBeGreaterThan(20)
  })

  it('hold to the convention, and the process is measured as well', async () => {
    const metrics = await make().metrics.registry.getMetricsAsJSON()
    for (const { name, type, help } of metrics) {
      expect(help).toBeTruthy()
      if (!name.startsWith('drover_')) expect(name).toMatch(/^(?:process|nodejs)_/)
      else {
        expect(name).toMatch(/^drover(?:_[a-z]+)+$/)
        expect([name, name.endsWith('_total')]).toEqual([name, String(type) === 'counter'])
      }
    }
    expect(metrics.map(({ name }) => name)).toContain('process_resident_memory_bytes')
  })

  it('are of a registry of its own: two scalers in one process do not mix', async () => {
    const [first, second] = [make(), make()]
    first.scaler.emit({ kind: 'config', ok: false })
    expect(await textOf(second.metrics)).not.toContain('drover_errors_total{source="config"} 1')
  })
})
