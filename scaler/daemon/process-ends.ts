import type { Log } from '../../src/log/create-log.ts'

/** What of the process is used; tests have their own. */
export type ProcessSignals = Pick<NodeJS.Process, 'on' | 'off' | 'exit'> & {
  removeAllListeners(event: 'SIGINT'): unknown
}

export interface Ends {
  /** Resolves with the first order to stop. */
  readonly stopped: Promise<string>
  close(): void
}

const EXIT_INTERRUPTED = 130

/**
 * Takes the signals of a daemon: SIGTERM and SIGINT stop it, a second SIGINT at once; SIGHUP has it read its files
 * again. What nobody has caught is logged and ends it: a scaler that is half dead would look alive.
 */
export function processEnds(
  process: ProcessSignals,
  log: Log,
  signal: AbortSignal,
  onHangUp: () => void,
): Ends {
  let stop = (_: string): void => {}
  const stopped = new Promise<string>((resolve) => {
    stop = resolve
  })
  let isStopping = false
  const crash = (error: unknown): void => {
    log.error(`a bug in Drover: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    log.close()
    process.exit(1)
  }
  const onStop = (name: string): void => {
    if (isStopping && name === 'SIGINT') process.exit(EXIT_INTERRUPTED)
    isStopping = true
    stop(name)
  }
  const listeners = [
    ['SIGTERM', () => onStop('SIGTERM')],
    ['SIGINT', () => onStop('SIGINT')],
    ['SIGHUP', onHangUp],
    ['uncaughtException', crash],
    ['unhandledRejection', crash],
  ] as const
  // A command that is interrupted ends within half a second; a daemon takes the time to let another lead.
  process.removeAllListeners('SIGINT')
  for (const [event, listener] of listeners) process.on(event as 'SIGTERM', listener as () => void)
  signal.addEventListener('abort', () => stop('interrupt'), { once: true })
  return {
    stopped,
    close() {
      for (const [event, listener] of listeners) process.off(event, listener as () => void)
    },
  }
}
