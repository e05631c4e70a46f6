export interface Painter {
  /** Paints within a tenth of a second, once for all that changed until then. */
  soon(): void
  now(): void
  close(): void
}

const EVERY_MS = 100

/** At most ten times a second, however much happens. */
export function createPainter(paint: () => void): Painter {
  let timer: NodeJS.Timeout | undefined
  let rest: NodeJS.Timeout | undefined
  let isClosed = false
  const now = (): void => {
    if (isClosed) return
    clearTimeout(timer)
    clearTimeout(rest)
    timer = undefined
    rest = setTimeout(() => {
      rest = undefined
    }, EVERY_MS)
    paint()
  }
  return {
    soon() {
      // What comes after a quiet time is shown at once, a key above all.
      if (rest === undefined) now()
      else timer ??= setTimeout(now, EVERY_MS)
    },
    now,
    close() {
      isClosed = true
      clearTimeout(timer)
      clearTimeout(rest)
    },
  }
}
