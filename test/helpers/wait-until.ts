import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks again and again until the answer is something else than undefined, and returns it. An answer that throws
 * counts as undefined. Throws after `withinMs`, naming `what`, with the last error as its cause.
 */
export async function waitUntil<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { withinMs = 30_000, everyMs = 100 } = {},
): Promise<T> {
  const end = Date.now() + withinMs
  let cause: unknown
  do {
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      cause = error
    }
    await sleep(everyMs)
  } while (Date.now() < end)
  const last = cause instanceof Error ? `; last error: ${cause.message}` : ''
  throw new Error(`${what}: not so after ${withinMs / 1000} s${last}`, { cause })
}
