/** Counts what happened within the last minute, in seconds' steps: bounded memory, whatever the rate. */
export interface MinuteWindow {
  add(at: number, count: number): void
  /** Absent until a whole minute has been watched. */
  count(at: number): number | undefined
}

const SECONDS = 60

/** @param since from when on everything is added; milliseconds since 1970 */
export function createMinuteWindow(since: number): MinuteWindow {
  const counts = new Map<number, number>()
  const forget = (second: number) => {
    for (const old of counts.keys()) if (old <= second - SECONDS) counts.delete(old)
  }
  return {
    add(at, count) {
      const second = Math.floor(at / 1000)
      counts.set(second, (counts.get(second) ?? 0) + count)
      if (counts.size > SECONDS) forget(second)
    },
    count(at) {
      if (at - since < SECONDS * 1000) return undefined
      forget(Math.floor(at / 1000))
      let sum = 0
      for (const count of counts.values()) sum += count
      return sum
    },
  }
}
