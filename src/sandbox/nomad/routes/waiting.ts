import type { SandboxClock } from '../../clock.ts'
import { NomadError } from '../nomad-error.ts'
import type { Store } from '../state/store.ts'
import { parseDuration } from '../time.ts'

export interface Wait {
  /** The index has to be higher than this. */
  readonly index: number
  readonly waitMs: number
}

const LONGEST_MS = 10 * 60_000
const USUAL_MS = 5 * 60_000

/** What `?index=N&wait=10s` asks for; undefined: the answer as it is now. Throws 400. */
export function readWait(query: Readonly<Record<string, string | undefined>>): Wait | undefined {
  const { wait, index } = query
  const waitMs = wait === undefined ? USUAL_MS : parseDuration(wait)
  if (waitMs === undefined) throw new NomadError(400, 'Invalid wait time')
  if (index === undefined) return undefined
  if (!/^\d+$/.test(index)) throw new NomadError(400, 'Invalid index')
  return Number(index) === 0 ? undefined : { index: Number(index), waitMs: Math.min(waitMs, LONGEST_MS) }
}

/** Resolves when the index is higher than asked, or the time is over; rejects never. */
export function waitForIndex(
  store: Pick<Store, 'onWrite'>,
  clock: SandboxClock,
  { index, waitMs }: Wait,
  current: () => number,
): Promise<void> {
  if (current() > index) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      stop()
      resolve()
    }
    const cancel = clock.after(waitMs, end)
    const stop = store.onWrite(() => {
      if (current() > index) end()
    })
  })
}
