import { createParser } from 'eventsource-parser'

/** One event of the scaler's stream, with when it arrived here. */
export interface SeenEvent {
  readonly seenAt: number
  readonly kind: string
  readonly data: {
    readonly decision?: { readonly kind: string; readonly from?: number; readonly to?: number }
    readonly answer?: { readonly ok: boolean; readonly refusal?: string }
    readonly message: string
  }
}

export interface EventFeed {
  /** The first event from then on that fits. */
  next(fits: (event: SeenEvent) => boolean, withinMs?: number): Promise<SeenEvent>
  close(): void
}

/** Follows the event stream of a scaler. */
export async function followEvents(address: string): Promise<EventFeed> {
  const stop = new AbortController()
  const listeners = new Set<(event: SeenEvent) => void>()
  const response = await fetch(`${address}/v1/events`, { signal: stop.signal })
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const seen = { seenAt: Date.now(), kind: event ?? '', data: JSON.parse(data) as SeenEvent['data'] }
      for (const listener of [...listeners]) listener(seen)
    },
  })
  const decoder = new TextDecoder()
  void (async () => {
    for await (const chunk of response.body ?? [])
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }))
  })().catch(() => undefined)
  return {
    next: (fits, withinMs = 30_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          listeners.delete(listen)
          reject(new Error(`no such event within ${withinMs} ms`))
        }, withinMs)
        const listen = (event: SeenEvent): void => {
          if (!fits(event)) return
          clearTimeout(timer)
          listeners.delete(listen)
          resolve(event)
        }
        listeners.add(listen)
      }),
    close: () => stop.abort(),
  }
}
