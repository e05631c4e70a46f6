export type SignalledProcess = Pick<NodeJS.Process, 'on' | 'off' | 'exit'> & {
  removeAllListeners(event: 'SIGINT'): unknown
}

export interface TakenSignals {
  /** Aborted by the first of SIGINT, SIGTERM and SIGHUP, or when `signal` is. */
  readonly stopped: AbortSignal
  release(): void
}

const EXIT_INTERRUPTED = 130

/**
 * Takes the signals that end this process, so that it can end what it has started first. A second SIGINT ends it at
 * once.
 */
export function takeSignals(process: SignalledProcess, signal: AbortSignal): TakenSignals {
  const stop = new AbortController()
  const onSignal = (name: string): void => {
    if (stop.signal.aborted && name === 'SIGINT') process.exit(EXIT_INTERRUPTED)
    stop.abort()
  }
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  // Of a command that is interrupted, no more than half a second is waited for.
  process.removeAllListeners('SIGINT')
  for (const name of names) process.on(name, onSignal)
  const forward = (): void => stop.abort()
  signal.addEventListener('abort', forward, { once: true })
  return {
    stopped: stop.signal,
    release() {
      for (const name of names) process.off(name, onSignal)
      signal.removeEventListener('abort', forward)
    },
  }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
