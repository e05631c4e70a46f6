import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { ALERT_KINDS } from '../../src/core/api/report.ts'
import type { Decision } from '../../src/core/scaling/decision.ts'
import type { Refusal } from '../../src/ports.ts'
import type { AlertReport, Scaler, ScalerEvent } from '../reports.ts'
import { createGroupGauge } from './group-gauge.ts'
import { GROUP_GAUGES } from './group-gauges.ts'

export interface Metrics {
  readonly registry: Registry
  /** Counts what happens: to be told of every event. */
  listen(event: ScalerEvent): void
}

/** Everything that Prometheus may ask of a scaler, in a registry of its own. Gauges are read when they are asked for. */
export function createMetrics(scaler: Scaler): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const openAlerts = new Map<string, AlertReport['kind']>()

  const ready = new Gauge({
    name: 'drover_ready',
    help: '1 when the scaler does its work.',
    registers,
    // The registry asks its metrics in the order of their making: the first to be asked fills in all.
    collect: () => fillGauges(),
  })
  const leader = new Gauge({ name: 'drover_leader', help: '1 for the daemon that acts.', registers })
  const alerts = new Gauge({ name: 'drover_alerts', help: 'Open alerts.', labelNames: ['kind'], registers })
  const gauges = GROUP_GAUGES.map((gauge) => createGroupGauge(gauge, registry))
  const decisions = new Counter({
    name: 'drover_decisions_total',
    help: 'Decisions of the daemon that leads, of every evaluation.',
    labelNames: ['kind', 'reason'],
    registers,
  })
  const actions = new Counter({
    name: 'drover_actions_total',
    help: "Actions by Nomad's answer.",
    labelNames: ['kind', 'result'],
    registers,
  })
  const errors = new Counter({
    name: 'drover_errors_total',
    help: 'Failures by where they came from: nomad, config, or the name of a queue source.',
    labelNames: ['source'],
    registers,
  })
  const latency = new Histogram({
    name: 'drover_scale_latency_seconds',
    help: "From the event that woke the group to Nomad's answer.",
    buckets: [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  collectDefaultMetrics({ register: registry })

  function fillGauges(): void {
    const health = scaler.health()
    ready.set(Number(health.ready))
    leader.set(Number(health.isLeader))
    for (const kind of ALERT_KINDS) alerts.set({ kind }, 0)
    for (const kind of openAlerts.values()) alerts.inc({ kind })
    const groups = scaler.groups().map((report) => {
      const { namespace, job, group } = report.group
      return { report, labels: { namespace, job, group } }
    })
    for (const fill of gauges) fill(groups)
  }

  return {
    registry,
    listen(event) {
      switch (event.kind) {
        case 'decision':
          if (!event.isFollower)
            decisions.inc({ kind: event.decision.kind, reason: reasonOf(event.decision) })
          break
        case 'action': {
          const { decision, answer, tookMs } = event
          actions.inc({ kind: decision.kind, result: answer.ok ? 'ok' : answer.refusal })
          if (decision.kind === 'scale' && tookMs >= 0) latency.observe(tookMs / 1000)
          if (!answer.ok && FAILURES.has(answer.refusal)) errors.inc({ source: 'nomad' })
          break
        }
        case 'source':
          if (event.cause) errors.inc({ source: event.source })
          break
        case 'cluster':
          if (event.state.status === 'lost') errors.inc({ source: 'nomad' })
          break
        case 'config':
          if (!event.ok) errors.inc({ source: 'config' })
          break
        case 'alert': {
          const { kind, group = '', resolvedAt } = event.alert
          if (resolvedAt === undefined) openAlerts.set(`${kind} ${group}`, kind)
          else openAlerts.delete(`${kind} ${group}`)
          break
        }
      }
    },
  }
}

function reasonOf(decision: Decision): string {
  if (decision.kind === 'scale') return decision.cause
  if (decision.kind === 'hold') return decision.because
  return decision.kind === 'lift' ? 'demand' : 'surplus'
}

/** Refusals that mean that something is wrong; the others are answers that the scaler reckons with. */
const FAILURES: ReadonlySet<Refusal> = new Set([
  'forbidden',
  'rate-limited',
  'no-leader',
  'invalid',
  'server-error',
  'unreachable',
  'timeout',
])
