import { pino } from 'pino'
import { foldRepeats } from './fold-repeats.ts'
import { formatLine } from './format-line.ts'
import { createScrubber } from './scrub.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** What else a line says, besides its message: names to plain values. */
export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** From now on, lines below this level are not written. */
  setLevel(level: LogLevel): void
  /** From now on, these texts are not written, wherever they stand. */
  hide(secrets: readonly string[]): void
  /** Writes what was held back. */
  close(): void
}

export interface LogOptions {
  readonly level: LogLevel
  /** auto: text on a terminal, JSON lines elsewhere. */
  readonly format: 'auto' | 'json' | 'text'
  readonly stream: { readonly isTTY?: boolean; write(text: string): unknown }
  readonly color?: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * A log of one line an event. Passwords in addresses are never written, nor are texts that it was told to hide. The
 * same message again within a minute is counted, and said once more with the count.
 */
export function createLog({ level, format, stream, color = false, now }: LogOptions): Log {
  const isText = format === 'text' || (format === 'auto' && stream.isTTY === true)
  const scrubber = createScrubber()
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write(line: string) {
        const clean = scrubber.scrub(line)
        stream.write(isText ? formatLine(clean, color && stream.isTTY === true) : clean)
      },
    },
  )
  const fold = foldRepeats(now, (one) => logger[one.level](one.fields, one.message))
  const at =
    (of: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (logger.isLevelEnabled(of)) fold.add({ level: of, message, fields })
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    setLevel(next) {
      logger.level = next
    },
    hide: scrubber.hide,
    close: fold.close,
  }
}
