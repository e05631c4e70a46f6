import { hostname } from 'node:os'
import { createConsulClient } from '../../consul/client.ts'
import { type ConsulReporterState, createConsulReporter } from '../../consul/reporter.ts'
import { consulSettings } from '../../consul/settings.ts'
import type { Stack } from '../../src/core/stack/stack.ts'
import type { Log } from '../../src/log/create-log.ts'
import type { Clock } from '../../src/ports.ts'
import type { Scaler, ScalerEvent } from '../reports.ts'
import type { Environment } from './environment.ts'

export interface ConsulReportOptions {
  readonly scaler: Scaler
  readonly stack: () => Stack
  readonly env: Environment
  readonly clock: Clock
  readonly version: string
  /** Where the API is served. */
  readonly url: string
  readonly intervalMs: number
  readonly log: Log
}

/** Changes that come closer together are told at once. */
const GATHER_MS = 100
const NEWS: readonly ScalerEvent['kind'][] = ['action', 'leader', 'source', 'cluster', 'alert', 'order']

/**
 * Keeps Consul true to the scaler: at every interval, and soon after a change. undefined where no CONSUL_HTTP_ADDR says
 * that there is a Consul. Throws USAGE for files of it that cannot be read.
 */
export function openConsulReport(options: ConsulReportOptions): { close(): Promise<void> } | undefined {
  const { scaler, stack, env, clock, version, url, intervalMs, log } = options
  if (!env.CONSUL_HTTP_ADDR) return undefined
  const reporter = createConsulReporter({
    client: createConsulClient(consulSettings(env)),
    stack,
    clock,
    scaler: { ...placeOf(url), version },
    onChange: (state) => tell(log, state),
  })
  const update = (): void => reporter.update(scaler.groups(), scaler.health())
  let gathering: NodeJS.Timeout | undefined
  const subscription = scaler.subscribe((event) => {
    if (!NEWS.includes(event.kind) && !(event.kind === 'decision' && event.isNews)) return
    gathering ??= setTimeout(() => {
      gathering = undefined
      update()
    }, GATHER_MS)
  })
  const timer = setInterval(update, intervalMs)
  return {
    close() {
      subscription.close()
      clearTimeout(gathering)
      clearInterval(timer)
      return reporter.close()
    },
  }
}

/** Who serves at every address of a machine is found by its name; two on one machine differ by port. */
function placeOf(url: string) {
  const { hostname: at, port, protocol } = new URL(url)
  const host = at === '0.0.0.0' || at === '[::]' ? hostname() : at.replace(/^\[|\]$/g, '')
  return {
    id: `${hostname()}-${port}`,
    host,
    port: Number(port),
    protocol: protocol === 'https:' ? ('https' as const) : ('http' as const),
  }
}

function tell(log: Log, { status, cause }: ConsulReporterState): void {
  const why = cause === undefined ? '' : `: ${cause}`
  if (status === 'ready') log.info('Consul is kept true')
  else if (status === 'lost') log.warn(`Consul is not reachable${why}`)
  else if (status === 'refused') log.warn(`Consul refuses something${why}`)
}
