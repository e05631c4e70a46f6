import type { Log } from '../../src/log/create-log.ts'

const CLOSE_MS = 4800
export type Closing = () => Promise<unknown> | unknown

/** In this order, each whatever the others do; what hangs is left behind in time. */
export async function closeAll(parts: readonly Closing[], log: Log): Promise<void> {
  const all = (async () => {
    for (const close of parts)
      try {
        await close()
      } catch (error) {
        log.warn(`while closing: ${(error as Error).message}`)
      }
  })()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log.warn('not everything could be closed in time')
      resolve()
    }, CLOSE_MS)
  })
  await Promise.race([all, late])
  clearTimeout(timer)
}
