import type { ScalerClient } from '../../adapters/scaler-client.ts'
import type { Context } from '../context.ts'
import { askerOf } from '../scaler-options.ts'
import { whyLines } from '../why-lines.ts'
import { chosenIndex, nameFrom, type WatchState } from './state.ts'
import { told } from './told.ts'

export interface KeyDeps {
  readonly client: ScalerClient
  readonly context: Context
  readonly state: () => WatchState
  change(changes: Partial<WatchState>): void
  /** Something was ordered: what stands there is old. */
  ordered(): void
  quit(): void
}

export interface Keys {
  /** What a key asks for; other keys do nothing. Rejects for a bug only. */
  press(name: string): Promise<void>
  /** Reads the explanation anew, while one is shown. */
  explain(): Promise<void>
}

export function createKeys({ client, context, state, change, ordered, quit }: KeyDeps): Keys {
  let isOrdering = false
  const chosen = () => state().status.groups[chosenIndex(state())]

  async function explain(): Promise<void> {
    const name = chosen()?.name
    if (state().why === undefined || name === undefined) return
    const why = await client.why(name).then(
      (answer) => whyLines(answer, context.now()),
      (error) => [told(error)],
    )
    // Meanwhile it may have been closed, or another chosen.
    if (state().why !== undefined && chosen()?.name === name) change({ why })
  }

  async function show(why: readonly string[] | undefined, name = chosen()?.name): Promise<void> {
    change({ why, chosen: name, note: undefined })
    await explain()
  }

  async function order(): Promise<void> {
    const group = chosen()
    if (group === undefined || isOrdering) return
    isOrdering = true
    const { name, paused } = group
    try {
      if (paused === undefined) await client.pause(name, askerOf(context))
      else await client.resume(name, askerOf(context))
      change({ note: { text: `${name} is ${paused ? 'scaled again' : 'paused'}.`, isWrong: false } })
      ordered()
    } catch (error) {
      change({ note: { text: told(error), isWrong: true } })
    } finally {
      isOrdering = false
    }
  }

  const move = (by: number): Promise<void> => show(state().why && [], nameFrom(state(), by))
  const toggleWhy = (): Promise<void> => show(state().why === undefined ? [] : undefined)
  const actions: Readonly<Record<string, () => Promise<void> | void>> = {
    up: () => move(-1),
    k: () => move(-1),
    down: () => move(1),
    j: () => move(1),
    w: toggleWhy,
    return: toggleWhy,
    enter: toggleWhy,
    escape: () => show(undefined),
    p: order,
    q: quit,
  }
  return {
    async press(name) {
      if (Object.hasOwn(actions, name)) await actions[name]?.()
    },
    explain,
  }
}
