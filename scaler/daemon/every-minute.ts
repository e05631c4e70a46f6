import type { Clock } from '../../src/ports.ts'

const MINUTE_MS = 60_000
/** Timers may come a little early. */
const MARGIN_MS = 250

/** Calls a moment after the start of each minute, and keeps no process alive. Returns what ends that. */
export function everyMinute(clock: Clock, call: () => void): () => void {
  let timer: NodeJS.Timeout
  const wait = (): void => {
    timer = setTimeout(
      () => {
        call()
        wait()
      },
      MINUTE_MS - (clock.now() % MINUTE_MS) + MARGIN_MS,
    ).unref()
  }
  wait()
  return () => clearTimeout(timer)
}
