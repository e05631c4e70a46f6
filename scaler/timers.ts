/** Time for waiting and for measuring. Unlike the clock on the wall it only goes forward, whatever anybody sets. */
export interface Timers {
  /** Milliseconds since some moment. */
  elapsed(): number
  /** Calls once after `ms`; the answer cancels. */
  after(ms: number, run: () => void): () => void
  /** Calls once when what has arrived by now has been dealt with. */
  soon(run: () => void): void
}

export const SYSTEM_TIMERS: Timers = {
  elapsed: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.max(0, ms))
    return () => clearTimeout(timer)
  },
  soon(run) {
    setImmediate(run)
  },
}

/** Resolves when the work is done or has failed, or after `ms`: it goes on then, and nobody waits for it. */
export async function within(timers: Timers, ms: number, work: Promise<unknown>): Promise<void> {
  let cancel = () => {}
  const late = new Promise<void>((resolve) => {
    cancel = timers.after(ms, resolve)
  })
  // A timer that is left would keep the process alive.
  await Promise.race([work.catch(() => undefined), late])
  cancel()
}
