import type { NomadHttp } from './client.ts'
import { type EventLine, eventLineSchema, TOPICS } from './cluster-events.ts'
import { lineSplitter } from './line-splitter.ts'

export interface EventStream {
  /** Settles when the stream has ended, whatever ended it: the cause in words. */
  readonly ended: Promise<string>
  close(cause: string): void
}

const MAX_LINE_BYTES = 32 * 2 ** 20
const HEAD_TIMEOUT_MS = 10_000

/**
 * Opens Nomad's event stream of all namespaces. Without an index Nomad would send everything that it remembers; with
 * one that it has forgotten it starts at the oldest it has, and does not say so. Throws NomadError.
 * @param onLine told of every line, signs of life included, the moment it is there
 * @param onMissed told of a line that cannot be read: something happened, and nobody knows what
 */
export async function openEventStream(
  http: NomadHttp,
  options: {
    readonly index: number
    readonly silenceMs: number
    readonly signal: AbortSignal
    readonly onLine: (line: EventLine) => void
    readonly onMissed: (why: string) => void
  },
): Promise<EventStream> {
  const { index, silenceMs, signal, onLine, onMissed } = options
  const stream = await http.stream({
    path: '/v1/event/stream',
    params: { namespace: '*', topic: TOPICS, index },
    timeoutMs: HEAD_TIMEOUT_MS,
    signal,
  })
  let settle: (cause: string) => void = () => {}
  const ended = new Promise<string>((resolve) => {
    settle = resolve
  })
  const close = (cause: string): void => {
    clearTimeout(silence)
    settle(cause)
    stream.destroy()
  }
  const silence = setTimeout(() => close(`Nomad has said nothing for ${silenceMs / 1000} s`), silenceMs)
  const split = lineSplitter(
    MAX_LINE_BYTES,
    (text) => {
      const line = readLine(text)
      if (line) onLine(line)
      else onMissed('a line of the event stream cannot be read')
    },
    () => onMissed(`a line of the event stream is longer than ${MAX_LINE_BYTES / 2 ** 20} MiB`),
  )
  stream.on('data', (chunk: Buffer) => {
    silence.refresh()
    split(chunk)
  })
  stream.once('end', () => close('Nomad ended the event stream'))
  stream.once('error', (error) => close(`the event stream broke: ${error.message}`))
  stream.once('close', () => close('the event stream was closed'))
  return { ended, close }
}

function readLine(text: string): EventLine | undefined {
  try {
    return eventLineSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
