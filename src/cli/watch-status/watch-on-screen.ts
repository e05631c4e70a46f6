import type { EventView, ScalerClient } from '../../adapters/scaler-client.ts'
import { followEvents } from '../../adapters/scaler-events.ts'
import { groupName } from '../../core/scaling/group-ref.ts'
import type { Context } from '../context.ts'
import { pause } from '../pause.ts'
import { createPainter } from './create-painter.ts'
import { frame } from './frame.ts'
import { createKeys } from './keys.ts'
import { readStatus, type Status } from './read-status.ts'
import type { OpenScreen } from './screen.ts'
import type { WatchState } from './state.ts'
import { told } from './told.ts'

/** Ages grow by themselves; what happens is shown when it is told. */
const READ_MS = 1000
/** Events that come closer together have the groups read once. */
const GATHER_MS = 100
const RETRY_EVENTS_MS = 5000
const KEPT_EVENTS = 200

/**
 * Shows groups and events on the whole terminal until `q` or the user's interrupt. What goes wrong with the scaler is
 * shown, too, and tried again.
 * @param first what was read already: the scaler is there
 */
export async function watchOnScreen(
  client: ScalerClient,
  names: readonly string[],
  first: Status,
  context: Context,
  openScreen: OpenScreen,
): Promise<number> {
  const quit = new AbortController()
  const signal = AbortSignal.any([context.signal, quit.signal])
  let state: WatchState = { address: client.address, status: first, events: [], now: context.now() }
  let wake = (): void => {}
  let fail = (_: unknown): void => {}
  const ended = new Promise<void>((resolve, reject) => {
    fail = reject
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const change = (changes: Partial<WatchState>): void => {
    state = { ...state, ...changes }
    painter.soon()
  }
  const keys = createKeys({
    client,
    context,
    state: () => state,
    change,
    ordered: () => wake(),
    quit: () => quit.abort(),
  })
  const painter = createPainter(() => {
    state = { ...state, now: context.now() }
    screen.draw(frame(state, screen.size(), context.output.colors))
  })
  const screen = await openScreen({
    key: (name) => void keys.press(name).catch(fail),
    resized: () => painter.soon(),
  })
  try {
    painter.now()
    read().catch(fail)
    follow().catch(fail)
    await ended
    return 0
  } finally {
    quit.abort()
    painter.close()
    screen.close()
  }

  async function read(): Promise<void> {
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      try {
        change({ status: await readStatus(client, names), lost: undefined })
        await keys.explain()
      } catch (error) {
        change({ lost: { since: state.lost?.since ?? context.now(), why: told(error) } })
      }
      await pause(GATHER_MS, signal)
      await Promise.race([woken, pause(READ_MS - GATHER_MS, signal)])
    }
  }

  async function follow(): Promise<void> {
    const listener = {
      event(event: EventView) {
        if (isShown(event)) change({ events: [...state.events.slice(1 - KEPT_EVENTS), event] })
        wake()
      },
      missed: () => undefined,
      lost: (error: Error) => change({ eventsTrouble: error.message }),
      back: () => change({ eventsTrouble: undefined }),
    }
    while (!signal.aborted) {
      try {
        const { events, cursor } = await client.history({ limit: KEPT_EVENTS })
        change({ events: events.filter(isShown).toReversed(), eventsTrouble: undefined })
        await followEvents(client, {}, cursor, listener, signal)
      } catch (error) {
        change({ eventsTrouble: told(error) })
      }
      await pause(RETRY_EVENTS_MS, signal)
    }
  }

  /** Of the groups that are watched, and of none. */
  function isShown(event: EventView): boolean {
    const group =
      'group' in event ? groupName(event.group) : event.kind === 'alert' ? event.alert.group : undefined
    return names.length === 0 || group === undefined || state.status.groups.some(({ name }) => name === group)
  }
}
