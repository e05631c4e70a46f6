import type { ServiceFacts } from './reading.ts'
import type { Verdict } from './report.ts'
import { checkInWords, worstCheck } from './waits.ts'
import { oneLine } from './words.ts'

/**
 * How something is that only Consul knows.
 * @param services all that stand for it; undefined when Consul cannot be asked
 * @param absent what it means that Consul has none
 */
export function judgeRegistered(
  services: readonly ServiceFacts[] | undefined,
  absent: string,
  at: number,
): Verdict {
  if (services === undefined) return { state: 'unknown', why: 'Consul cannot be asked' }
  if (services.length === 0) return { state: 'unknown', why: absent }
  const worst = services.map(({ checks }) => worstCheck(checks))
  const critical = worst.find((check) => check?.status === 'critical')
  const bad = critical ?? worst.find((check) => check !== undefined)
  if (bad === undefined) {
    const words = services.flatMap(({ checks }) =>
      checks.flatMap(({ id, output }) => (/:state$/.test(id) ? output : [])),
    )
    return words.length === 0 ? { state: 'healthy' } : { state: 'healthy', why: oneLine(words.join(', ')) }
  }
  const serves = worst.some((check) => check?.status !== 'critical')
  return { state: serves ? 'degraded' : 'down', why: checkInWords(bad, at) }
}
