export interface GuardOptions {
  readonly signals: readonly NodeJS.Signals[]
  /** Called for each; what has begun goes on. */
  onSignal(): void
  /** An error that nobody caught. Without this, it would end the process and all its tasks. */
  onCrash(error: unknown): void
}

/** With no signals to listen to the process is somebody else's, and its errors are too. */
export function guardProcess({ signals, onSignal, onCrash }: GuardOptions): { release(): void } {
  if (signals.length === 0) return { release: () => undefined }
  for (const signal of signals) process.on(signal, onSignal)
  process.on('uncaughtException', onCrash)
  process.on('unhandledRejection', onCrash)
  return {
    release() {
      for (const signal of signals) process.off(signal, onSignal)
      process.off('uncaughtException', onCrash)
      process.off('unhandledRejection', onCrash)
    },
  }
}
