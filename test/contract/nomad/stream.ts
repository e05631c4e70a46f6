import { waitUntil } from '../../helpers/wait-until.ts'
import type { World } from './world.ts'

export interface StreamLine {
  readonly Index?: number
  readonly Events?: readonly StreamEvent[]
}

export interface StreamEvent {
  readonly Topic: string
  readonly Type: string
  readonly Key: string
  readonly Namespace: string
  readonly FilterKeys: readonly string[] | null
  readonly Index: number
  readonly Payload: Readonly<Record<string, Record<string, unknown> | undefined>>
}

export interface Listener {
  /** Lines so far. */
  seen(): readonly StreamLine[]
  /** Waits for what is seen to be enough. */
  until(isEnough: (lines: readonly StreamLine[]) => boolean): Promise<readonly StreamLine[]>
  close(): void
}

/** Opens the event stream and reads it line by line; returns after its first sign of life. */
export async function listen(world: World, query: string): Promise<Listener> {
  const end = new AbortController()
  const response = await fetch(`${world.address}/v1/event/stream?${query}`, { signal: end.signal })
  if (response.status !== 200 || response.body === null) throw new Error(`the stream is ${response.status}`)
  const lines: StreamLine[] = []
  const { body } = response
  const reading = (async () => {
    let rest = ''
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) if (part !== '') lines.push(JSON.parse(part) as StreamLine)
    }
  })()
  reading.catch(() => {})
  const until: Listener['until'] = (isEnough) =>
    waitUntil('events', async () => (isEnough(lines) ? [...lines] : undefined), {
      withinMs: 20_000,
      everyMs: 20,
    })
  await until((seen) => seen.length > 0)
  return { seen: () => [...lines], until, close: () => end.abort() }
}
