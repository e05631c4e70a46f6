import { parseGoDuration } from '../../../core/spec/go-duration.ts'
import { ConsulError } from '../consul-error.ts'

type Json = Readonly<Record<string, unknown>>

/** A service as somebody asks the agent to register it. */
export interface ServiceDefinition {
  readonly id: string
  readonly name: string
  readonly kind?: string
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, string>>
  readonly address: string
  readonly port: number
  readonly checks: readonly CheckDefinition[]
}

/** Times are milliseconds. */
export interface CheckDefinition {
  readonly id: string
  readonly name: string
  readonly notes: string
  readonly status?: string
  readonly kind: 'ttl' | 'http' | 'tcp'
  readonly ttlMs: number
  /** A URL or `host:port`. */
  readonly target: string
  readonly method: string
  readonly header: Readonly<Record<string, readonly string[]>>
  /** As they were written, for who asks. */
  readonly interval: string
  readonly timeout: string
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly failuresBeforeCritical: number
  readonly failuresBeforeWarning: number
  readonly deregisterAfterMs: number
}

const SERVICE_FIELDS = [
  ...[
    'ID',
    'Name',
    'Kind',
    'Tags',
    'Meta',
    'Address',
    'Port',
    'Weights',
    'EnableTagOverride',
    'Check',
    'Checks',
  ],
  ...['TaggedAddresses', 'Proxy', 'Connect', 'SocketPath', 'Token', 'Namespace', 'Partition'],
]
const CHECK_FIELDS = [
  ...[
    'ID',
    'CheckID',
    'Name',
    'Notes',
    'Status',
    'TTL',
    'HTTP',
    'Method',
    'Header',
    'Body',
    'TCP',
    'Interval',
    'Timeout',
  ],
  ...[
    'FailuresBeforeCritical',
    'FailuresBeforeWarning',
    'SuccessBeforePassing',
    'DeregisterCriticalServiceAfter',
  ],
  ...['TLSSkipVerify', 'TLSServerName', 'OutputMaxSize', 'ServiceID', 'Namespace', 'Partition'],
]
/** What only a Consul of one's own can run. */
const NOT_EMULATED = [
  'Args',
  'ScriptArgs',
  'DockerContainerID',
  'Shell',
  'GRPC',
  'GRPCUseTLS',
  'AliasNode',
  'AliasService',
  'H2PING',
]

/** Throws ConsulError: 400 in Consul's words, 501 for a kind of check that is not emulated. */
export function readService(sent: Json): ServiceDefinition {
  checkFields(sent, SERVICE_FIELDS)
  const name = text(sent.Name)
  if (name === '') throw bad('Missing service name')
  const id = text(sent.ID) || name
  const one = isObject(sent.Check) ? [sent.Check] : []
  const many = Array.isArray(sent.Checks) ? sent.Checks.filter(isObject) : []
  const checks = [...many, ...one]
  return {
    id,
    name,
    ...(text(sent.Kind) === '' ? {} : { kind: text(sent.Kind) }),
    tags: Array.isArray(sent.Tags) ? sent.Tags.map(String) : [],
    meta: (sent.Meta ?? {}) as Readonly<Record<string, string>>,
    address: text(sent.Address),
    port: Number(sent.Port ?? 0),
    checks: checks.map((check, index) =>
      readCheck(check, checks.length === 1 ? `service:${id}` : `service:${id}:${index + 1}`),
    ),
  }
}

function readCheck(sent: Json, otherwise: string): CheckDefinition {
  checkFields(sent, [...CHECK_FIELDS, ...NOT_EMULATED])
  const foreign = NOT_EMULATED.find((name) => sent[name] !== undefined)
  if (foreign !== undefined) throw new ConsulError(501, `the sandbox does not emulate checks with ${foreign}`)
  const kind = sent.HTTP ? 'http' : sent.TCP ? 'tcp' : 'ttl'
  const ttlMs = durationMs(sent.TTL)
  const failures = Number(sent.FailuresBeforeCritical ?? 0)
  // No longer than the interval.
  const timeout = durationMs(sent.Timeout) > durationMs(sent.Interval) ? sent.Interval : sent.Timeout
  const intervalMs = durationMs(sent.Interval)
  if (kind === 'ttl' && ttlMs <= 0) throw bad('Invalid check: TTL must be > 0 for TTL checks')
  if (kind !== 'ttl' && intervalMs <= 0)
    throw bad('Invalid check: Interval must be > 0 for Script, HTTP, H2PING, or TCP checks')
  return {
    id: text(sent.CheckID) || text(sent.ID) || otherwise,
    name: text(sent.Name) || `Service '${otherwise}' check`,
    notes: text(sent.Notes),
    ...(text(sent.Status) === '' ? {} : { status: text(sent.Status) }),
    kind,
    ttlMs,
    target: text(sent.HTTP) || text(sent.TCP),
    method: text(sent.Method) || 'GET',
    header: (sent.Header ?? {}) as CheckDefinition['header'],
    interval: text(sent.Interval),
    timeout: text(timeout),
    intervalMs,
    timeoutMs: durationMs(timeout) || 10_000,
    failuresBeforeCritical: failures,
    failuresBeforeWarning: Number(sent.FailuresBeforeWarning || failures),
    deregisterAfterMs: durationMs(sent.DeregisterCriticalServiceAfter),
  }
}

function checkFields(sent: Json, known: readonly string[]): void {
  const odd = Object.keys(sent).find((name) => !known.includes(name))
  if (odd !== undefined) throw bad(`Request decode failed: json: unknown field "${odd}"`)
}

function durationMs(value: unknown): number {
  if (value === undefined || value === null || value === '') return 0
  if (typeof value === 'number') return value / 1e6
  const parsed = parseGoDuration(String(value))
  if (parsed === undefined) throw bad(`Request decode failed: time: invalid duration "${value}"`)
  return parsed / 1e6
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bad(words: string): ConsulError {
  return new ConsulError(400, `Bad request: ${words}`)
}
