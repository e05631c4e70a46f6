/** Time as the sandbox sees it: a test can hold it still and move it by hand. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `task` once, `ms` milliseconds from now (0: as soon as may be, never at once). Answers how to cancel. */
  after(ms: number, task: () => void): () => void
}

export interface ManualClock extends SandboxClock {
  /** Moves time on, running what falls due in the order of its time, and what that sets off in turn. */
  advance(ms: number): void
}

/** The machine's own time. A waiting task does not keep the process alive. */
export function realClock(): SandboxClock {
  return {
    now: () => Date.now(),
    after(ms, task) {
      const timer = setTimeout(task, Math.min(ms, MAX_DELAY_MS))
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}

/** The longest delay that a timer of Node's takes: 24 days. */
const MAX_DELAY_MS = 2 ** 31 - 1

export function manualClock(start = 1_700_000_000_000): ManualClock {
  let now = start
  /** The latest first, so that what is next is taken from the end. */
  const waiting: Waiting[] = []
  return {
    now: () => now,
    after(ms, task) {
      const one = { at: now + Math.max(0, ms), task }
      waiting.splice(placeOf(waiting, one.at), 0, one)
      return () => {
        const at = waiting.indexOf(one)
        if (at >= 0) waiting.splice(at, 1)
      }
    },
    advance(ms) {
      const end = now + ms
      for (let next = waiting.at(-1); next && next.at <= end; next = waiting.at(-1)) {
        waiting.pop()
        now = next.at
        next.task()
      }
      now = end
    },
  }
}

interface Waiting {
  readonly at: number
  readonly task: () => void
}

/** Before all of the same time: they were asked for earlier, and go first. */
function placeOf(waiting: readonly Waiting[], at: number): number {
  let [low, high] = [0, waiting.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((waiting[middle]?.at ?? 0) > at) low = middle + 1
    else high = middle
  }
  return low
}
