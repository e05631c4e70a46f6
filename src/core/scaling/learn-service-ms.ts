import type { QueueReading } from './sample.ts'

const SHARE = 0.05
const MINUTE_MS = 60_000

/**
 * The mean time of a task: what runs, divided by what is finished in that time. A running mean, since the number that
 * runs is of this moment and the number finished of the last minute. Undefined until both were known once.
 */
export function learnServiceMs(
  before: number | undefined,
  samples: ReadonlyMap<string, QueueReading>,
): number | undefined {
  let active = 0
  let perMinute = 0
  for (const reading of samples.values()) {
    if (!reading.ok || reading.sample.active === undefined || reading.sample.throughputPerMin === undefined)
      return before
    active += reading.sample.active
    perMinute += reading.sample.throughputPerMin
  }
  if (active === 0 || perMinute === 0) return before
  const serviceMs = (active / perMinute) * MINUTE_MS
  return before === undefined ? serviceMs : before + SHARE * (serviceMs - before)
}
