import type { Log } from '../../src/log/create-log.ts'
import type { Clock } from '../../src/ports.ts'
import { type Alerts, startAlerts } from '../alerts/start-alerts.ts'
import { createWebhook, type Webhook } from '../alerts/webhook.ts'
import { createEventBus, type EventListener } from '../event-bus.ts'
import type { History, Scaler } from '../reports.ts'
import type { Setup } from './load-setup.ts'
import { logEvent } from './log-events.ts'

/** Where all that happens comes in, and goes to log, history, alerts and API: in one order, under one number. */
export interface Desk {
  /** For the engine: its events. */
  readonly listen: EventListener
  /** The engine with alerts among its events and in its reports. */
  attach(engine: Scaler): Scaler
  /** Sends alerts that wait, for at most that long. */
  close(withinMs: number): Promise<void>
}

export interface DeskOptions {
  readonly state: () => Setup
  readonly clock: Clock
  readonly log: Log
  readonly history?: Pick<History, 'add'>
}

export function createDesk({ state, clock, log, history }: DeskOptions): Desk {
  const bus = createEventBus(clock, (error) => log.error(`a bug in Drover: ${(error as Error).stack}`))
  let alerts: Alerts | undefined
  let webhook: { readonly url: string; readonly open: Webhook } | undefined
  bus.subscribe((event) => logEvent(log, event))
  bus.subscribe((event) => alerts?.note(event))
  if (history !== undefined) bus.subscribe((event) => history.add(event))

  function currentWebhook(): Webhook | undefined {
    const { webhook: url } = state()
    if (url === undefined) return undefined
    if (webhook?.url !== url) {
      const onFailure = (why: string) => log.warn(`an alert could not be sent, and is tried again: ${why}`)
      webhook = { url, open: createWebhook({ url, onFailure }) }
    }
    return webhook?.open
  }

  return {
    listen({ id: _, at: __, message, ...fact }) {
      bus.emit(fact, message)
    },
    attach(engine) {
      const scaler: Scaler = {
        ...engine,
        subscribe: bus.subscribe,
        groups: () => withAll(engine.groups()),
        group(name) {
          const report = engine.group(name)
          return report && (alerts?.withAlerts(report) ?? report)
        },
      }
      const withAll: (groups: ReturnType<Scaler['groups']>) => ReturnType<Scaler['groups']> = (groups) =>
        alerts === undefined || alerts.active().length === 0 ? groups : groups.map(alerts.withAlerts)
      alerts = startAlerts({
        scaler: engine,
        clock,
        title: `drover ${state().stack.name}`,
        settings: () => alertSettings(state()),
        webhook: currentWebhook,
        onAlert: (alert) => bus.emit({ kind: 'alert', alert }, alert.message),
      })
      return scaler
    },
    async close(withinMs) {
      alerts?.close()
      await webhook?.open.close(withinMs)
    },
  }
}

/** The configuration's word before the stack's. Alerts that the stack switches off are off. */
function alertSettings({ config, stack }: Setup) {
  const { afterMs, maxAgeMs, on } = config.alerts
  const ofStack = stack.scaling.alerts
  const wanted = on ?? (ofStack?.enabled === false ? [] : ofStack?.on)
  return {
    afterMs,
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    ...(wanted === undefined ? {} : { on: wanted }),
  }
}
