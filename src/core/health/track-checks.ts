import type { CheckFacts, ConsulReading, ServiceFacts } from './reading.ts'

/** The status of each check as it was seen last, and since when, where the change was seen. */
export type TrackedChecks = ReadonlyMap<string, { readonly status: string; readonly since?: number }>

/**
 * Consul does not tell when a check changed, so that who looks again and again has to remember.
 * @param at when the reading was taken, milliseconds since 1970
 */
export function trackChecks(
  before: TrackedChecks,
  { services }: ConsulReading,
  at: number,
): { readonly tracked: TrackedChecks; readonly reading: ConsulReading } {
  const tracked = new Map<string, { status: string; since?: number }>()
  const withSince = (service: ServiceFacts, check: CheckFacts): CheckFacts => {
    const key = `${service.node} ${service.id} ${check.id}`
    const known = before.get(key)
    const now =
      known === undefined || known.status === check.status
        ? { ...known, status: check.status }
        : { status: check.status, since: at }
    tracked.set(key, now)
    return now.since === undefined ? check : { ...check, since: now.since }
  }
  return {
    reading: {
      services: services.map((one) => ({ ...one, checks: one.checks.map((check) => withSince(one, check)) })),
    },
    tracked,
  }
}
