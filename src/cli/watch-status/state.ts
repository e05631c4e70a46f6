import type { EventView } from '../../adapters/scaler-client.ts'
import type { Status } from './read-status.ts'

/** All that a frame shows. */
export interface WatchState {
  /** Of the scaler. */
  readonly address: string
  readonly status: Status
  /** The scaler has not answered since then; milliseconds since 1970. */
  readonly lost?: { readonly since: number; readonly why: string } | undefined
  /** Oldest first. */
  readonly events: readonly Pick<EventView, 'at' | 'message'>[]
  /** Why events do not arrive. */
  readonly eventsTrouble?: string | undefined
  /** Name of the group that the keys are about. */
  readonly chosen?: string | undefined
  /** The explanation of the chosen group, while it is shown. */
  readonly why?: readonly string[] | undefined
  /** What came of the last key. */
  readonly note?: { readonly text: string; readonly isWrong: boolean } | undefined
  readonly now: number
}

/** The chosen group, or the first while none is; -1 when there is none at all. */
export function chosenIndex({ status, chosen }: WatchState): number {
  const index = status.groups.findIndex(({ name }) => name === chosen)
  return index < 0 ? Math.min(0, status.groups.length - 1) : index
}

/** The name of the group that is so many further down; the ends are ends. */
export function nameFrom(state: WatchState, by: number): string | undefined {
  const { groups } = state.status
  return groups[Math.max(0, Math.min(groups.length - 1, chosenIndex(state) + by))]?.name
}
