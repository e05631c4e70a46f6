import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createParser } from 'eventsource-parser'
import { eventSchema } from '../core/api/event.ts'
import { DroverError } from '../errors.ts'
import { type EventView, refusalOf, type ScalerClient, told } from './scaler-client.ts'

export interface EventsQuery {
  readonly group?: string
  readonly kind?: string
}

export interface EventsListener {
  event(event: EventView): void
  /** Some were missed: they are no longer kept, or the scaler is another process. */
  missed(): void
  /** The stream has ended, and is tried again; told once until it is back. */
  lost(error: DroverError): void
  back(): void
}

/** Three heartbeats. */
const SILENCE_MS = 45_000
const FIRST_PAUSE_MS = 250
const MAX_PAUSE_MS = 5000
const MAX_EVENT_CHARACTERS = 16 * 1024 ** 2

/**
 * Follows the events of a scaler until the signal, over interruptions, each event once. Throws when the scaler says
 * no, or has never answered: `from` is an answer.
 * @param from Last-Event-ID: what comes after is told first
 */
export async function followEvents(
  client: ScalerClient,
  query: EventsQuery,
  from: string | undefined,
  listener: EventsListener,
  signal: AbortSignal,
): Promise<void> {
  const place = { last: from }
  let hasAnswered = from !== undefined
  let isLost = false
  let pauseMs = FIRST_PAUSE_MS
  while (!signal.aborted) {
    let error = new DroverError('UNAVAILABLE', 'the stream has ended')
    try {
      const stream = await open(client, query, place.last, signal)
      if (isLost) listener.back()
      hasAnswered = true
      isLost = false
      pauseMs = FIRST_PAUSE_MS
      await read(stream, place, listener)
    } catch (cause) {
      if (signal.aborted) return
      error = asDroverError(cause)
      if (!hasAnswered || error.code !== 'UNAVAILABLE') throw error
    }
    if (signal.aborted) return
    if (!isLost) listener.lost(error)
    isLost = true
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)
  }
}

async function open(
  client: ScalerClient,
  params: EventsQuery,
  last: string | undefined,
  signal: AbortSignal,
): Promise<Readable> {
  const headers = { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) }
  const work = client.http.get<Readable>('/v1/events', {
    params,
    headers,
    signal,
    responseType: 'stream',
    timeout: 0,
    maxContentLength: -1,
    validateStatus: () => true,
  })
  const { status, data } = await told(client.address, work)
  if (status === 200) return data
  let text = ''
  for await (const chunk of data) text += chunk
  throw refusalOf(client.address, status, parseJson(text))
}

/** Until the stream ends, is silent for too long, or breaks. */
async function read(
  stream: Readable,
  place: { last: string | undefined },
  listener: EventsListener,
): Promise<void> {
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent({ id, event, data }) {
      if (id !== undefined) place.last = id
      if (event === 'missed') return listener.missed()
      // A kind that this version does not know is left to those that do.
      const parsed = eventSchema.safeParse(parseJson(data))
      if (parsed.success) listener.event(parsed.data)
    },
  })
  const decoder = new TextDecoder()
  let silence = setTimeout(() => undefined, 0)
  const listen = (): void => {
    clearTimeout(silence)
    silence = setTimeout(() => stream.destroy(new Error('nothing was heard for too long')), SILENCE_MS)
  }
  try {
    listen()
    for await (const chunk of stream) {
      listen()
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }))
    }
  } finally {
    clearTimeout(silence)
  }
}

function asDroverError(cause: unknown): DroverError {
  if (cause instanceof DroverError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  return new DroverError('UNAVAILABLE', `the events have stopped: ${message}`, { cause })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
