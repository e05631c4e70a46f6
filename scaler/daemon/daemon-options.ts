import type { ScalerConfig } from '../../src/config/config.ts'
import type { ListenAddress } from '../../src/config/listen.ts'
import { createLog, type Log } from '../../src/log/create-log.ts'
import type { Clock } from '../../src/ports.ts'
import type { ScalerSettings } from '../deps.ts'
import type { Environment } from './environment.ts'
import type { Setup, SetupFiles } from './load-setup.ts'
import { daemonName } from './open-ports.ts'
import type { ProcessSignals } from './process-ends.ts'

export interface DaemonOptions {
  readonly files: SetupFiles
  /** In place of the configuration's. */
  readonly listen?: ListenAddress | undefined
  readonly dryRun: boolean
  readonly env: Environment
  readonly clock: Clock
  readonly version: string
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown }
  readonly color: boolean
  readonly process: ProcessSignals & { readonly pid: number }
  /** Ends it, as SIGTERM does. */
  readonly signal: AbortSignal
}

/** Readings older than that many intervals are not acted upon, and none that is younger than this is too old. */
const STALE_INTERVALS = 3
const LEAST_STALE_MS = 10_000
export function openLog(
  { stderr, color, clock }: DaemonOptions,
  { level, format }: ScalerConfig['log'],
): Log {
  return createLog({ level, format, stream: stderr, color, now: clock.now })
}

export function settingsOf(setup: Setup, { dryRun, env, process }: DaemonOptions): ScalerSettings {
  const intervalMs = intervalOf(setup)
  const staleAfterMs = Math.max(LEAST_STALE_MS, STALE_INTERVALS * intervalMs)
  return { name: daemonName(env, process.pid), intervalMs, staleAfterMs, dryRun }
}

export function intervalOf({ config, stack }: Setup): number {
  return config.intervalMs ?? stack.scaling.intervalMs
}
