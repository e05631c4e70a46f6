import { watch } from 'chokidar'

export interface FileWatch {
  /** Watches a file from now on, whether it is there or not. */
  add(file: string): void
  close(): Promise<void>
}

/** Files are often saved several at a time, and some in several steps. */
const SETTLE_MS = 200

/** Tells once when files have changed, a moment after the last change. */
export function watchFiles(onChange: () => void, onError: (error: unknown) => void): FileWatch {
  const known = new Set<string>()
  const watcher = watch([], {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: 50, pollInterval: 10 },
  })
  let timer: NodeJS.Timeout | undefined
  watcher.on('error', onError)
  watcher.on('all', (_, path) => {
    if (!known.has(path)) return
    clearTimeout(timer)
    timer = setTimeout(onChange, SETTLE_MS)
  })
  return {
    add(file) {
      if (known.has(file)) return
      known.add(file)
      watcher.add(file)
    },
    async close() {
      clearTimeout(timer)
      await watcher.close()
    },
  }
}
