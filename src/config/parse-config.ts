import { compact } from '../core/compact.ts'
import type { Issue } from '../core/issue.ts'
import { parseDurationMs, parseSizeBytes } from '../core/units.ts'
import { zodIssues } from '../core/zod-issues.ts'
import type { ScalerConfig } from './config.ts'
import { parseListen } from './listen.ts'
import { configSchema, type WrittenConfig } from './schema.ts'

export const DEFAULT_LISTEN = '127.0.0.1:7646'
/** Smaller than that, and a day of a busy group does not fit. */
const LEAST_HISTORY_BYTES = 4 * 1024 ** 2

/**
 * Reads a configuration as YAML gives it; nothing at all is a configuration of defaults. Gives every problem at
 * once.
 * @param resolve makes a path of the file work from where the process is
 */
export function parseConfig(
  value: unknown,
  resolve: (path: string) => string = (path) => path,
): { readonly config: ScalerConfig } | { readonly issues: readonly Issue[] } {
  const given = value ?? {}
  const parsed = configSchema.safeParse(given)
  if (!parsed.success)
    return { issues: zodIssues(parsed.error.issues, { value: given, schema: configSchema }) }
  const config = normalize(parsed.data, resolve)
  if (config.history.maxBytes >= LEAST_HISTORY_BYTES) return { config }
  const issue: Issue = {
    severity: 'error',
    code: 'too-small',
    path: ['history', 'max_size'],
    message: `must be at least 4MB, not ${parsed.data.history?.max_size}`,
  }
  return { issues: [issue] }
}

function normalize(written: WrittenConfig, resolve: (path: string) => string): ScalerConfig {
  const { nomad, lock, redis, history, log, alerts } = written
  const file = (path: string | undefined) => (path === undefined ? undefined : resolve(path))
  const listen = parseListen(written.listen ?? DEFAULT_LISTEN)
  if (listen === undefined) throw new RangeError(`${written.listen} has passed the schema`)
  return compact({
    listen,
    tokenFile: file(written.token_file),
    intervalMs: duration(written.interval),
    nomad: compact({
      address: nomad?.address,
      namespace: nomad?.namespace,
      region: nomad?.region,
      tokenFile: file(nomad?.token_file),
      caFile: file(nomad?.ca_file),
    }),
    lock: compact({ enabled: lock?.enabled ?? true, path: lock?.path }),
    redis: compact({
      url: redis?.url,
      username: redis?.username,
      passwordFile: file(redis?.password_file),
      caFile: file(redis?.ca_file),
    }),
    history: compact({
      path: file(history?.path),
      maxBytes: parseSizeBytes(history?.max_size ?? '256MB'),
      keepMs: parseDurationMs(history?.keep ?? '30d'),
    }),
    log: { level: log?.level ?? 'info', format: log?.format ?? 'auto' },
    alerts: compact({
      webhookFile: file(alerts?.webhook_file),
      on: alerts?.on,
      afterMs: parseDurationMs(alerts?.after ?? '1m'),
      maxAgeMs: duration(alerts?.max_age),
    }),
  })
}

function duration(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDurationMs(text)
}
