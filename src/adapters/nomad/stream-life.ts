import { setTimeout as sleep } from 'node:timers/promises'
import type { NomadHttp } from './client.ts'
import type { EventLine } from './cluster-events.ts'
import { readIndex } from './cluster-lists.ts'
import { openEventStream } from './event-stream.ts'
import { wordsOf } from './failure.ts'

/** What is done with what comes. */
export interface StreamUse {
  /** Told of every line the moment it is there; false when it cannot be understood. */
  enter(line: EventLine): boolean
  /** The index of the latest line, or of what was listed. */
  heardIndex(): number
  /** Reads what no event tells: before each list, and whenever it is asked whether something was missed. */
  look(): Promise<void>
  /** Reads everything again. */
  list(isNewStream: boolean): Promise<void>
}

/** A line can be on its way still when a list has what it tells. */
const ON_ITS_WAY_MS = 1000

/**
 * One life of the event stream: opened from the present index, then everything is listed, so that nothing falls
 * between. Every `checkMs` it is asked whether something was missed; then everything is listed again.
 * Returns why it ended, in words. Throws NomadError.
 */
export async function liveOneStream(
  http: NomadHttp,
  use: StreamUse,
  { silenceMs, checkMs, signal }: { silenceMs: number; checkMs: number; signal: AbortSignal },
): Promise<string> {
  let isMissed = false
  let wake = (): void => {}
  const miss = (): void => {
    isMissed = true
    wake()
  }
  const index = await readIndex(http, signal)
  const stream = await openEventStream(http, {
    index,
    silenceMs,
    signal,
    onLine: (line) => void (use.enter(line) || miss()),
    onMissed: miss,
  })
  let isOver = false
  stream.ended.then(() => {
    isOver = true
    wake()
  })

  async function isBehind(): Promise<boolean> {
    const now = await readIndex(http, signal)
    if (now <= use.heardIndex()) return false
    await sleep(ON_ITS_WAY_MS, undefined, { signal })
    return now > use.heardIndex()
  }

  try {
    await use.look()
    await use.list(true)
    while (!isOver) {
      if (!isMissed) await pause(checkMs * (0.9 + Math.random() * 0.2), (awaken) => (wake = awaken))
      if (isOver) break
      await use.look()
      const mustList = isMissed || (await isBehind())
      isMissed = false
      if (mustList) await use.list(false)
    }
  } catch (error) {
    stream.close(wordsOf(error))
  }
  return stream.ended
}

function pause(ms: number, waker: (awaken: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    waker(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
