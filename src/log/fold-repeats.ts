import type { LogFields, LogLevel } from './create-log.ts'

export interface LogLine {
  readonly level: LogLevel
  readonly message: string
  readonly fields: LogFields
}

export interface Fold {
  add(line: LogLine): void
  /** Writes the counts that were held back, and ends. */
  close(): void
}

const WINDOW_MS = 60_000
/** Different messages that are remembered. */
const MOST_MESSAGES = 2000

/** Writes a line at once; the same again within a minute is counted, and written when the minute is over. */
export function foldRepeats(now: () => number, write: (line: LogLine) => void): Fold {
  const seen = new Map<string, { readonly until: number; count: number; last: LogLine }>()
  let timer: NodeJS.Timeout | undefined

  function flush(all: boolean): void {
    const at = now()
    for (const [key, entry] of seen) {
      // Those behind it were seen later.
      if (!all && entry.until > at && entry.until <= at + WINDOW_MS) break
      seen.delete(key)
      if (entry.count > 0) write(counted(entry.last, entry.count))
    }
    if (seen.size === 0 && timer !== undefined) {
      clearInterval(timer)
      timer = undefined
    }
  }

  return {
    add(line) {
      flush(false)
      const key = `${line.level} ${line.message}`
      const entry = seen.get(key)
      if (entry !== undefined) {
        entry.count++
        entry.last = line
        return
      }
      write(line)
      if (seen.size >= MOST_MESSAGES) return
      seen.set(key, { until: now() + WINDOW_MS, count: 0, last: line })
      timer ??= setInterval(() => flush(false), WINDOW_MS / 4).unref()
    },
    close: () => flush(true),
  }
}

function counted({ level, message, fields }: LogLine, count: number): LogLine {
  const again = count === 1 ? 'once more' : `${count} times more`
  return { level, message: `${message} (${again} within a minute)`, fields: { ...fields, repeated: count } }
}
