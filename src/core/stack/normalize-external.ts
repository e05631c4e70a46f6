import { compact } from '../compact.ts'
import type { DocumentPath } from '../issue.ts'
import { toNomadDuration } from '../units.ts'
import type { External, ExternalCheck } from './external.ts'
import type { WrittenExternal } from './schema/external.ts'

const DEFAULT_PORTS = { http: 80, https: 443 } as const

/** Throws RangeError for what the schema cannot say: a port or a duration out of bounds. */
export function normalizeExternal(name: string, written: WrittenExternal): External {
  const path = ['external', name]
  const [, scheme, host = '', port] = /^(?:(https?):\/\/)?(.*?)(?::(\d+))?$/.exec(written.address) ?? []
  const protocol = scheme as keyof typeof DEFAULT_PORTS | undefined
  return compact({
    name,
    path,
    description: written.description,
    protocol: protocol ?? 'http',
    // Consul takes an IPv6 address without brackets.
    host: host.replace(/^\[|\]$/g, ''),
    port: toPort(port === undefined ? DEFAULT_PORTS[protocol ?? 'http'] : Number(port)),
    checks: normalizeChecks(written.checks ?? [{ type: 'tcp' }], path),
    tags: written.tags ?? [],
    meta: written.meta ?? {},
  })
}

function normalizeChecks(
  checks: NonNullable<WrittenExternal['checks']>,
  external: DocumentPath,
): ExternalCheck[] {
  return checks.map((check, index) => ({
    name: check.name ?? (checks.length === 1 ? check.type : `${check.type}-${index + 1}`),
    interval: toNomadDuration(check.interval ?? '30s'),
    timeout: toNomadDuration(check.timeout ?? '10s'),
    retries: check.retries ?? 3,
    path: [...external, 'checks', index],
    ...(check.type === 'http'
      ? { type: check.type, httpPath: check.path, method: check.method ?? 'GET' }
      : { type: check.type }),
  }))
}

function toPort(port: number): number {
  if (!(port >= 1 && port <= 65535)) throw new RangeError(`${port} must be a port from 1 to 65535`)
  return port
}
