import type { Clock } from '../../src/ports.ts'
import type { AlertReport, GroupReport, Scaler, ScalerEvent } from '../reports.ts'
import { type AlertState, activeAlerts, alertsOf, NO_ALERTS } from './alerts-of.ts'
import { type AlertSettings, conditionsOf } from './conditions.ts'
import { durationWords } from './duration-words.ts'
import { NOTHING_NOTED, note } from './noted.ts'
import type { Webhook } from './webhook.ts'

export interface AlertsOptions {
  readonly scaler: Pick<Scaler, 'groups' | 'health'>
  readonly clock: Clock
  settings(): AlertSettings & {
    /** The kinds that are told; absent: all. */
    readonly on?: readonly string[]
  }
  /** Where they are sent to; undefined: nowhere. */
  webhook(): Webhook | undefined
  /** Told of each alert, and of its end. */
  onAlert(alert: AlertReport): void
  /** In front of each line. */
  readonly title: string
}

export interface Alerts {
  /** To be told every event of the scaler. */
  note(event: ScalerEvent): void
  /** Looks at everything; the timer calls it. */
  look(): void
  active(): readonly AlertReport[]
  /** The report with its alerts. */
  withAlerts(report: GroupReport): GroupReport
  close(): void
}

const EVERY_MS = 10_000

/** Looks every ten seconds for what is wrong. Every daemon does, so that a new leader knows; the leader alone sends. */
export function startAlerts(options: AlertsOptions): Alerts {
  const { scaler, clock, title } = options
  let noted = NOTHING_NOTED
  let state: AlertState = NO_ALERTS
  let active: readonly AlertReport[] = []

  function look(): void {
    const { on, ...settings } = options.settings()
    const health = scaler.health()
    const now = clock.now()
    const conditions = conditionsOf(scaler.groups(), health, noted, settings)
    const wanted = conditions.filter(({ kind }) => on === undefined || on.includes(kind))
    const result = alertsOf(state, wanted, now)
    state = result.state
    if (result.told.length === 0) return
    active = activeAlerts(state)
    for (const alert of result.told) options.onAlert(alert)
    if (!health.isLeader || health.dryRun) return
    options.webhook()?.send(result.told.map((alert) => `${title}: ${alertLine(alert)}`))
  }

  const timer = setInterval(look, EVERY_MS)
  timer.unref()
  return {
    note(event) {
      noted = note(noted, event)
    },
    look,
    active: () => active,
    withAlerts(report) {
      const alerts = active.filter(({ group }) => group === report.name)
      return alerts.length === 0 ? report : { ...report, alerts }
    },
    close: () => clearInterval(timer),
  }
}

/** One line: `worker_heavy: at its maximum ... (at-max)`, or `resolved after 3m: ...`. */
export function alertLine({ kind, group, message, since, resolvedAt }: AlertReport): string {
  const what = `${group === undefined ? '' : `${group}: `}${message} (${kind})`
  return resolvedAt === undefined ? what : `resolved after ${durationWords(resolvedAt - since)}: ${what}`
}
