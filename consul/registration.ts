import { createHash } from 'node:crypto'
import type { RegistrationKind } from '../src/core/consul/names.ts'

/** A service that Drover registers, with its checks. */
export interface Registration {
  readonly id: string
  readonly name: string
  readonly kind: RegistrationKind
  readonly address?: string
  readonly port?: number
  readonly tags: readonly string[]
  /** With Drover's mark: the stack, and a digest of all else, by which a change is seen. */
  readonly meta: Readonly<Record<string, string>>
  readonly checks: readonly RegisteredCheck[]
}

interface AnyCheck {
  /** Unique on the agent. */
  readonly id: string
  readonly name: string
  readonly notes?: string
  /** The service goes when this check has been critical so long: a Go duration, at least 1m. */
  readonly deregisterAfter?: string
}

/** Durations are Go's: `30s`, `1m30s`. */
export type RegisteredCheck = AnyCheck &
  (
    | { readonly type: 'ttl'; readonly ttl: string }
    | (Timing & { readonly type: 'http'; readonly url: string; readonly method: string })
    | (Timing & { readonly type: 'tcp'; readonly target: string })
  )

interface Timing {
  readonly interval: string
  readonly timeout: string
  /** Failures in a row that make it critical. */
  readonly retries: number
}

/** Meta keys by which Drover knows what it has registered. */
export const MARK = { stack: 'drover_stack', digest: 'drover_digest' } as const

/** Adds Drover's mark. */
export function marked(stack: string, registration: Registration): Registration {
  const digest = createHash('sha256').update(JSON.stringify(registration)).digest('hex').slice(0, 16)
  return {
    ...registration,
    meta: { ...registration.meta, [MARK.stack]: stack, [MARK.digest]: digest },
  }
}

/** As the agent's HTTP API takes it. */
export function toApi(registration: Registration): object {
  const { id, name, address, port, tags, meta, checks } = registration
  return {
    ID: id,
    Name: name,
    Tags: tags,
    Meta: meta,
    ...(address === undefined ? {} : { Address: address }),
    ...(port === undefined ? {} : { Port: port }),
    Checks: checks.map((check) => ({
      CheckID: check.id,
      Name: check.name,
      ...(check.notes === undefined ? {} : { Notes: check.notes }),
      ...(check.type === 'ttl'
        ? { TTL: check.ttl }
        : {
            ...(check.type === 'http' ? { HTTP: check.url, Method: check.method } : { TCP: check.target }),
            Interval: check.interval,
            Timeout: check.timeout,
            FailuresBeforeCritical: check.retries,
          }),
      ...(check.deregisterAfter === undefined
        ? {}
        : { DeregisterCriticalServiceAfter: check.deregisterAfter }),
    })),
  }
}

/** As a file that `consul services register` takes; same registration, same bytes. */
export function toFileText(registration: Registration): string {
  return `${JSON.stringify({ service: snakeCased(toApi(registration)) }, null, 2)}\n`
}

/** The names of the API in the form that Consul's files have them; those of `meta` are not Consul's. */
function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      FILE_KEYS[key] ?? key.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase(),
      key === 'Meta' ? part : snakeCased(part),
    ]),
  )
}

const FILE_KEYS: Readonly<Record<string, string>> = { CheckID: 'id', ID: 'id' }
