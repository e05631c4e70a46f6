import { consulName } from '../plan/names.ts'

/** What Drover registers by itself; all else of a stack is registered by Nomad. */
export type RegistrationKind = 'external' | 'group' | 'scaler'

/** The service that every scaler is one of, whatever its stack. */
export const SCALER_SERVICE = 'drover-scaler'

/**
 * The service that stands for a worker group as a whole, beside the one of its allocations: whoever looks those
 * up, or waits for one, must not find this one, which has no address.
 */
export function groupServiceName(group: string): string {
  return `${consulName(group).replace(/[^A-Za-z0-9-]+/g, '-')}-group`
}

/** Every service that Drover registers for a stack has an ID that starts so; no name of a stack has a colon. */
export function idPrefix(stack: string): string {
  return `drover:${stack}:`
}

export function registrationId(stack: string, kind: RegistrationKind, name: string): string {
  return `${idPrefix(stack)}${kind}:${name}`
}

/** Everything that Drover keeps in Consul's key-value store for a stack. */
export function keyPrefix(stack: string): string {
  return `drover/${stack}/`
}

/** Where the live numbers of a worker group are: JSON. */
export function groupKeyPath(stack: string, group: string): string {
  return `${keyPrefix(stack)}groups/${group}`
}
