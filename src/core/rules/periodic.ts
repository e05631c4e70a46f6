import type { DocumentPath } from '../issue.ts'
import { cronProblem } from './cron.ts'
import { forEachJob, type Rule } from './rule.ts'

export const badCron: Rule = {
  code: 'bad-cron',
  severity: 'error',
  silenceable: false,
  reason: 'Nomad refuses cron lines that it cannot read.',
  fix: 'write minute, hour, day of the month, month and day of the week, for example "30 2 * * 1-5"',
  check: forEachJob(function* ({ periodic, path }) {
    for (const [index, line] of (periodic?.crons ?? []).entries()) {
      const problem = cronProblem(line)
      const at = periodic?.crons.length === 1 ? [...path, 'cron'] : [...path, 'cron', index]
      if (problem !== undefined) yield { path: at, message: `the cron line "${line}": ${problem}` }
    }
  }),
}

export const unknownTimeZone: Rule = {
  code: 'unknown-time-zone',
  severity: 'error',
  silenceable: false,
  reason: 'Times are meant in a zone of the IANA database, whose names are case-sensitive.',
  fix: 'use a name such as "Europe/Berlin" or "UTC"',
  *check({ stack }) {
    const zones: { zone: string; path: DocumentPath }[] = [
      ...stack.jobs.flatMap(({ periodic, path }) =>
        periodic ? [{ zone: periodic.timeZone, path: [...path, 'time_zone'] }] : [],
      ),
      ...Object.values(stack.scaling.schedules).map(({ timeZone, path }) => ({
        zone: timeZone,
        path: [...path, 'time_zone'],
      })),
    ]
    for (const { zone, path } of zones) {
      const known = knownZone(zone)
      if (known === undefined) yield { path, message: `no time zone "${zone}"` }
      else if (known !== zone)
        yield { path, message: `no time zone "${zone}"`, fix: `did you mean "${known}"?` }
    }
  },
}

/** The zone as the database spells it; undefined when it has none. */
function knownZone(zone: string): string | undefined {
  // Most stacks have only this one, and looking others up costs milliseconds.
  if (zone === 'UTC') return zone
  if (!/^[A-Za-z]/.test(zone)) return undefined
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions()
    // Old names are resolved to new ones, which says nothing about their own spelling.
    return timeZone.toLowerCase() === zone.toLowerCase() ? timeZone : zone
  } catch {
    return undefined
  }
}
