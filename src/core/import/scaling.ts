import type { Autoscale } from '../compose/autoscale-schema.ts'
import { parseParts } from '../compose/parts.ts'
import type { Position } from '../issue.ts'
import { toNomadDuration } from '../units.ts'
import type { ImportContext } from './context.ts'
import type { Account } from './ledger.ts'
import { importSchedules } from './schedules.ts'
import { isSecretVariable } from './secrets.ts'
import { present, type StackMap } from './tree.ts'

/** Words for alerts in autoscale.yml and in a stack. */
const ALERTS: Readonly<Record<string, string>> = {
  queue_depth_exceeded: 'backlog-over-threshold',
  worker_startup_failed: 'allocation-failed',
  scaling_limit_reached: 'at-max',
  cost_limit_exceeded: 'budget-reached',
}

/** The stack's `scaling`: what autoscale.yml says beside its tiers. */
export function importScaling(
  context: ImportContext,
  autoscale: Autoscale,
  account: Account,
  positionOf: (key: string) => Position | undefined,
): StackMap {
  const { advanced = {}, global = {} } = autoscale
  const interval = global.check_interval_seconds
  if (interval !== undefined) account.mapped('global.check_interval_seconds', 'scaling.interval')
  account.mapped('global.redis_url', 'broker', "the workers' own broker, from their CELERY_BROKER_URL")
  account.dropped('global.docker_compose_dir', 'Drover changes counts in Nomad, not by docker compose')
  account.dropped('monitoring', "belongs to the old scaler's process; Drover's has its own metrics and logs")
  return present({
    interval: interval === undefined ? undefined : toNomadDuration(interval * 1000),
    schedules: importSchedules(context, advanced.schedule ?? {}, account),
    forecast: advanced.predictive && importForecast(advanced.predictive, account),
    budget: advanced.cost_optimization && importBudget(context, advanced.cost_optimization, account),
    alerts:
      advanced.alerts &&
      importAlerts(context, advanced.alerts, account, positionOf('advanced.alerts.webhook_url')),
  })
}

type Advanced = NonNullable<Autoscale['advanced']>

function importForecast(predictive: NonNullable<Advanced['predictive']>, account: Account): StackMap {
  const { enabled, lookback_hours: back, forecast_minutes: ahead, scale_proactively: early } = predictive
  const at = (key: string) => `advanced.predictive.${key}`
  account.mapped(at('enabled'), 'scaling.forecast.enabled')
  account.mapped(at('lookback_hours'), 'scaling.forecast.look_back')
  account.mapped(at('forecast_minutes'), 'scaling.forecast.horizon')
  const isOff = early === false
  if (isOff)
    account.approximated(
      at('scale_proactively'),
      'scaling.forecast.enabled',
      'a forecast is there to scale early: it is off',
    )
  else account.mapped(at('scale_proactively'), 'scaling.forecast', 'what a forecast is for')
  return present({
    enabled: isOff ? false : enabled,
    look_back: back === undefined ? undefined : toNomadDuration(back * 3_600_000),
    horizon: ahead === undefined ? undefined : toNomadDuration(ahead * 60_000),
  })
}

function importBudget(
  { comments, assumptions }: ImportContext,
  cost: NonNullable<Advanced['cost_optimization']>,
  account: Account,
): StackMap | undefined {
  const at = (key: string) => `advanced.cost_optimization.${key}`
  account.dropped(
    at('prefer_fewer_large_workers'),
    'each queue has one worker group, so there is no choice between them',
  )
  if (cost.shutdown_idle_workers === false)
    account.dropped(
      at('shutdown_idle_workers'),
      'idle workers leave after scale.keep_alive, down to scale.min',
    )
  else
    account.mapped(
      at('shutdown_idle_workers'),
      'scale.keep_alive',
      'idle workers always leave, down to scale.min',
    )
  const most = cost.max_cost_per_hour_usd
  if (most === undefined) {
    account.dropped(at('enabled'), 'there is no limit of the cost')
    return undefined
  }
  account.mapped(at('enabled'), 'scaling.budget.enabled')
  account.mapped(at('max_cost_per_hour_usd'), 'scaling.budget.max_per_hour')
  comments.push({
    path: ['cluster', 'prices'],
    text: 'An assumption, for the budget: usual on-demand prices. Put in your own.',
  })
  assumptions.push(
    'The prices in `cluster.prices` are usual on-demand prices, for the budget of the autoscale file.',
  )
  return present({ enabled: cost.enabled, max_per_hour: most })
}

function importAlerts(
  { secrets }: ImportContext,
  alerts: NonNullable<Advanced['alerts']>,
  account: Account,
  position: Position = { file: '', line: 1, column: 1 },
): StackMap | undefined {
  const at = (key: string) => `advanced.alerts.${key}`
  const wanted = alerts.alert_on ?? []
  const known = wanted.flatMap((name) => ALERTS[name] ?? [])
  const unknown = wanted.filter((name) => !Object.hasOwn(ALERTS, name))
  if (!alerts.webhook_url || known.length === 0) {
    account.dropped(
      'advanced.alerts',
      alerts.webhook_url ? 'it names no alert that Drover has' : 'it has no webhook to send them to',
    )
    return undefined
  }
  account.mapped(at('enabled'), 'scaling.alerts.enabled')
  account.mapped(at('alert_on'), 'scaling.alerts.on')
  if (unknown.length > 0)
    account.approximated(
      at('alert_on'),
      'scaling.alerts.on',
      `without ${unknown.join(', ')}: Drover has no such alert`,
    )
  const parsed = parseParts(alerts.webhook_url)
  const [first, ...more] = parsed.ok ? parsed.parts : [alerts.webhook_url]
  const isVariable = typeof first === 'object' && more.length === 0
  const secret = isVariable
    ? secrets.ofVariable(first.variable)
    : secrets.ofLiteral(alerts.webhook_url, 'alert_webhook_url', 'scaling', position)
  const why = `the value in the file is the secret ${secret.secret}: put it into the Nomad variable`
  if (isVariable && isSecretVariable(first.variable))
    account.mapped(at('webhook_url'), 'scaling.alerts.webhook')
  else account.approximated(at('webhook_url'), 'scaling.alerts.webhook', why)
  return present({ enabled: alerts.enabled, webhook: { secret: secret.secret }, on: [...new Set(known)] })
}
