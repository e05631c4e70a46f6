import { parseDurationMs } from '../core/units.ts'
import { DroverError } from '../errors.ts'

const FORM = 'must be a time such as "2026-05-01T12:00", "14:05" or, as long ago, "10m"'
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/

/**
 * Milliseconds since 1970 of an option that is a time: ISO 8601 (local time without a zone), the last HH:MM by the
 * local clock, or how long ago. Throws USAGE for what is none, or lies ahead.
 */
export function timeOption(name: string, text: string, now: number): number {
  const at = readTime(text, now)
  if (Number.isNaN(at)) throw new DroverError('USAGE', `${name}: "${text}" ${FORM}`)
  if (at > now) throw new DroverError('USAGE', `${name}: ${text} has not come yet`)
  return at
}

function readTime(text: string, now: number): number {
  const clock = CLOCK.exec(text)
  if (clock) {
    const [, hours, minutes, seconds = '0'] = clock
    const time = new Date(now)
    time.setHours(Number(hours), Number(minutes), Number(seconds), 0)
    if (time.getTime() > now) time.setDate(time.getDate() - 1)
    return time.getTime()
  }
  // A date alone is midnight here, not in Greenwich.
  if (DATE.test(text)) return Date.parse(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'))
  try {
    return now - Math.round(parseDurationMs(text))
  } catch {
    return Number.NaN
  }
}
