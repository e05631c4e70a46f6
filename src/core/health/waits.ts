import { compact } from '../compact.ts'
import type { AllocationFacts, CheckFacts, ServiceFacts } from './reading.ts'
import type { Wait } from './report.ts'
import { oneLine, span } from './words.ts'

const SERVICE = /^kv\.block\(drover\/waits-for\/([^)@]+)(?:@[^)]*)?\)$/
const VARIABLE = /^nomad\.var\.block\(([^)@]+)(?:@[^)]*)?\)$/

/**
 * What allocations wait for before they start, each once, the longest wait first. Nomad names three of them at most,
 * and then how many more there are.
 * @param services undefined when Consul cannot be asked
 * @param startedAt when the allocation that serves a service last started, for one that has never been healthy
 */
export function waitsOf(
  allocations: readonly AllocationFacts[],
  services: readonly ServiceFacts[] | undefined,
  startedAt: (service: ServiceFacts) => number | undefined,
): Wait[] {
  const waits = new Map<string, Wait>()
  const missing = allocations.flatMap((one) => one.missing ?? []).sort((a, b) => a.since - b.since)
  for (const { words, since } of missing)
    for (const item of itemsOf(words)) {
      if (waits.has(item)) continue
      const service = SERVICE.exec(item)?.[1]
      const variable = VARIABLE.exec(item)?.[1]
      if (service !== undefined) waits.set(item, { ...waitFor(service, services, startedAt), since })
      else if (variable !== undefined) waits.set(item, { for: 'variable', name: variable, since })
      else waits.set(item, { for: 'other', name: oneLine(item), since })
    }
  return [...waits.values()]
}

/** `Missing: a, b, c, and 2 more`; the names themselves hold no comma. */
function itemsOf(words: string): string[] {
  return words
    .replace(/^Missing:\s*/, '')
    .split(/,\s*/)
    .map((item) => item.replace(/^and\s+/, '').trim())
    .filter(Boolean)
}

function waitFor(
  name: string,
  services: readonly ServiceFacts[] | undefined,
  startedAt: (service: ServiceFacts) => number | undefined,
): Omit<Wait, 'since'> {
  if (services === undefined) return { for: 'service', name }
  const found = services.filter((service) => service.name === name)
  for (const service of found) {
    const check = worstCheck(service.checks)
    if (check !== undefined)
      return { for: 'service', name, isRegistered: true, check: sinceStart(check, startedAt(service)) }
  }
  return { for: 'service', name, isRegistered: found.length > 0 }
}

/** Consul does not tell since when a check fails; one that never passed fails since its task started. */
export function sinceStart(check: CheckFacts, startedAt: number | undefined): CheckFacts {
  return compact({ ...check, since: check.since ?? startedAt })
}

/** The first that is critical, else the first that warns. */
export function worstCheck(checks: readonly CheckFacts[]): CheckFacts | undefined {
  return (
    checks.find(({ status }) => status === 'critical') ?? checks.find(({ status }) => status === 'warning')
  )
}

/** `waits for falkordb: check redis-cli failing since 40 s: Could not connect`. */
export function waitsInWords(waits: readonly Wait[], now: number): string {
  return waits.map((wait) => `waits for ${waitInWords(wait, now)}`).join('; ')
}

function waitInWords(wait: Wait, now: number): string {
  if (wait.for === 'variable') return `the variable ${wait.name}, which Nomad does not have`
  if (wait.for === 'other') return wait.name
  if (wait.check) return `${wait.name}: ${checkInWords(wait.check, now)}`
  if (wait.isRegistered === false)
    return `${wait.name}, which is not in Consul (${span(now - wait.since)} so far)`
  return `${wait.name} (${span(now - wait.since)} so far)`
}

/** `check redis-cli failing since 40 s: Could not connect`. */
export function checkInWords({ name, status, output, since }: CheckFacts, now: number): string {
  const verb = status === 'warning' ? 'warns' : status === 'passing' ? 'passes' : 'failing'
  const when = since === undefined ? '' : ` since ${span(now - since)}`
  const words = oneLine(output)
  return `check ${name} ${verb}${when}${words === '' ? '' : `: ${words}`}`
}
