import type { Timers } from '../timers.ts'

/** Keeps what must survive this process with the lock. Writes are gathered: one at a time, of the newest state. */
export interface MemoryStore {
  /** Something changed that may be written a little later. */
  touch(): void
  /** Resolves when all that has changed by now is written; false when it could not be. */
  flush(): Promise<boolean>
  close(): void
}

const GATHER_MS = 200
const RETRY_MS = 1000

/**
 * @param write the present state; never rejects
 * @param isWorthwhile whether a write that failed is to be tried again
 */
export function createMemoryStore(
  timers: Timers,
  write: () => Promise<boolean>,
  isWorthwhile: () => boolean,
): MemoryStore {
  let cancel: (() => void) | undefined
  let underWay: Promise<boolean> | undefined
  let next: Promise<boolean> | undefined
  let isClosed = false

  function begin(): Promise<boolean> {
    cancel?.()
    cancel = undefined
    underWay = write().then((isWritten) => {
      underWay = undefined
      if (!isWritten && isWorthwhile()) plan(RETRY_MS)
      return isWritten
    })
    return underWay
  }

  function plan(ms: number): void {
    if (isClosed) return
    cancel ??= timers.after(ms, () => {
      cancel = undefined
      void flush()
    })
  }

  function flush(): Promise<boolean> {
    if (underWay === undefined) return begin()
    // The write under way may have begun before the change.
    next ??= underWay.then(() => {
      next = undefined
      return begin()
    })
    return next
  }

  return {
    touch: () => plan(GATHER_MS),
    flush,
    close() {
      isClosed = true
      cancel?.()
    },
  }
}
