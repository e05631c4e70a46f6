import type { BoundsWindow } from './policy.ts'

/** Whether a window of other bounds is in force at a time, milliseconds since 1970. */
export function isInForce(window: BoundsWindow, now: number): boolean {
  return isWithin(window, wallClock(now, window.timeZone)) !== window.isOutside
}

/** A time of the week as a clock on the wall shows it. */
interface WallClock {
  /** 1 is Monday. */
  readonly weekday: number
  readonly minutes: number
}

/** A window over midnight belongs to the day on which it begins. */
function isWithin(
  { weekdays, fromMinutes, toMinutes }: BoundsWindow,
  { weekday, minutes }: WallClock,
): boolean {
  if (fromMinutes === undefined || toMinutes === undefined) return weekdays.includes(weekday)
  if (fromMinutes < toMinutes)
    return weekdays.includes(weekday) && minutes >= fromMinutes && minutes < toMinutes
  const yesterday = weekday === 1 ? 7 : weekday - 1
  return (
    (minutes >= fromMinutes && weekdays.includes(weekday)) ||
    (minutes < toMinutes && weekdays.includes(yesterday))
  )
}

const WEEKDAYS: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 }

interface Known {
  readonly format: Intl.DateTimeFormat
  minute: number
  clock: WallClock
}

/** One format a time zone, which is slow to make, and the last minute that it was asked for. */
const zones = new Map<string, Known>()

function wallClock(now: number, timeZone: string): WallClock {
  const minute = Math.floor(now / 60_000)
  const known = zones.get(timeZone)
  if (known?.minute === minute) return known.clock
  const format = known?.format ?? formatOf(timeZone)
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]))
  const clock = {
    weekday: WEEKDAYS[parts.get('weekday') ?? ''] ?? 1,
    minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  }
  zones.set(timeZone, { format, minute, clock })
  return clock
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
}
