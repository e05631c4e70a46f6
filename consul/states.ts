import { DroverError } from '../src/errors.ts'
import type { CheckState, ConsulClient } from './client.ts'
import { each } from './each.ts'
import { isRefusal } from './sync.ts'
import { RENEW_MS } from './times.ts'

/** What came of telling states. */
export interface Told {
  /** The agent does not have a check that it should have: it was restarted, or somebody removed it. */
  readonly isForgotten: boolean
  /** Not all of it fitted into one round. */
  readonly isMore: boolean
  /** What Consul refused first. */
  readonly refusal?: string
}

export interface States {
  /** Tells what has changed at once, and renews what is due. Throws UNAVAILABLE. */
  tell(states: readonly CheckState[]): Promise<Told>
  /** Has these told anew, or all. */
  forget(checks?: readonly string[]): void
}

const AT_ONCE = 8
const MOST_IN_A_ROUND = 512
/** Rounds one after the other in which the agent has lost what was registered. */
const MOST_FORGOTTEN = 2

/** The states of checks that nobody but Drover knows, as they were told last. */
export function createStates(
  client: ConsulClient,
  elapsed: (since: number) => number,
  now: () => number,
): States {
  const told = new Map<string, { readonly status: string; readonly at: number }>()
  let timesForgotten = 0
  return {
    async tell(states) {
      const changed = states.filter(({ id, status }) => told.get(id)?.status !== status)
      const age = ({ id }: CheckState): number => elapsed(told.get(id)?.at ?? 0)
      const due = states
        .filter((one) => told.get(one.id)?.status === one.status && age(one) >= RENEW_MS)
        .sort((a, b) => age(b) - age(a))
      const all = [...changed, ...due]
      const at = now()
      let isForgotten = false
      let refusal: string | undefined
      await each(all.slice(0, MOST_IN_A_ROUND), AT_ONCE, async (one) => {
        try {
          if (await client.tell(one)) told.set(one.id, { status: one.status, at })
          else isForgotten = true
        } catch (error) {
          if (!isRefusal(error)) throw error
          refusal ??= error.message
        }
      })
      timesForgotten = isForgotten ? timesForgotten + 1 : 0
      if (timesForgotten > MOST_FORGOTTEN)
        throw new DroverError('UNAVAILABLE', 'Consul does not know the checks that were just registered')
      const isMore = all.length > MOST_IN_A_ROUND && refusal === undefined
      return { isForgotten, isMore, ...(refusal === undefined ? {} : { refusal }) }
    },
    forget(checks) {
      if (checks === undefined) told.clear()
      else for (const check of checks) told.delete(check)
    },
  }
}
