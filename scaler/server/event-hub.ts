import type { ServerResponse } from 'node:http'
import type { Clock } from '../../src/ports.ts'
import { groupOf } from '../history/group-of.ts'
import type { ScalerEvent } from '../reports.ts'
import { createEventRing, type Frame } from './event-ring.ts'

export interface EventHubLimits {
  readonly maxClients: number
  /** How far a client may fall behind before it is disconnected. */
  readonly maxFrames: number
  readonly maxCharacters: number
  readonly heartbeatMs: number
  /** A client that takes nothing for so long is disconnected. */
  readonly stallMs: number
}

export const HUB_LIMITS: EventHubLimits = {
  maxClients: 100,
  maxFrames: 1000,
  maxCharacters: 4 * 1024 ** 2,
  heartbeatMs: 15_000,
  stallMs: 60_000,
}

export interface StreamFilter {
  /** Key of a group. */
  readonly group?: string
  readonly kinds?: ReadonlySet<string>
}

export interface EventHub {
  publish(event: ScalerEvent): void
  /** As Last-Event-ID, gives all that comes from now on. */
  cursor(): string
  /** Streams to a response whose head is still to be written; false when there are too many clients. */
  connect(response: ServerResponse, filter: StreamFilter, lastEventId: string | undefined): boolean
  /** Ends every stream. */
  close(): void
}

interface Client {
  readonly response: ServerResponse
  readonly filter: StreamFilter
  next: number
  /** Since when its socket takes no more; milliseconds since 1970. */
  stalledAt: number | undefined
}

/**
 * Server-sent events for any number of clients out of one ring: a client is a place in the ring, so that a slow one
 * costs what its socket holds, and one that falls out of the ring is disconnected.
 * @param epoch tells this process's event ids from those of the one before
 */
export function createEventHub(epoch: number, clock: Clock, limits: EventHubLimits = HUB_LIMITS): EventHub {
  const ring = createEventRing(limits.maxFrames, limits.maxCharacters)
  const clients = new Set<Client>()

  const pump = (client: Client): void => {
    const { response, filter } = client
    if (client.next < ring.oldest()) {
      response.destroy()
      return
    }
    while (client.stalledAt === undefined) {
      const frame = client.next < ring.next() ? ring.at(client.next) : undefined
      if (frame === undefined) return
      client.next++
      if (passes(frame, filter) && !response.write(textOf(epoch, frame))) client.stalledAt = clock.now()
    }
  }
  const beat = setInterval(() => {
    for (const { response, stalledAt } of clients) {
      if (stalledAt === undefined) response.write(':\n\n')
      else if (clock.now() - stalledAt >= limits.stallMs) response.destroy()
    }
  }, limits.heartbeatMs)
  beat.unref()

  return {
    publish(event) {
      if (event.kind === 'decision' && !event.isNews) return
      ring.push({ kind: event.kind, group: groupOf(event), text: JSON.stringify(withoutInputs(event)) })
      for (const client of [...clients]) pump(client)
    },
    cursor: () => `${epoch}-${ring.next() - 1}`,
    connect(response, filter, lastEventId) {
      if (clients.size >= limits.maxClients) return false
      const wanted = resumeAt(lastEventId, epoch, ring.next())
      const client: Client = { response, filter, next: Math.max(wanted, ring.oldest()), stalledAt: undefined }
      clients.add(client)
      response.on('close', () => clients.delete(client))
      response.on('error', () => clients.delete(client))
      response.on('drain', () => {
        client.stalledAt = undefined
        pump(client)
      })
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        // nginx would gather events until a buffer is full.
        'x-accel-buffering': 'no',
      })
      response.write('retry: 2000\n\n')
      if (wanted < ring.oldest()) response.write('event: missed\ndata: {"kind":"missed"}\n\n')
      pump(client)
      return true
    },
    close() {
      clearInterval(beat)
      for (const { response } of clients) response.end()
    },
  }
}

/** The sequence that a client wants next: all that is kept of this process when it knew another one. */
function resumeAt(lastEventId: string | undefined, epoch: number, next: number): number {
  const [, of, sequence] = /^(\d{1,15})-(\d{1,15})$/.exec(lastEventId ?? '') ?? []
  if (of === undefined) return next
  return Number(of) === epoch ? Math.min(Number(sequence) + 1, next) : 1
}

function textOf(epoch: number, { sequence, kind, text }: Frame): string {
  return `id: ${epoch}-${sequence}\nevent: ${kind}\ndata: ${text}\n\n`
}

function passes({ kind, group }: Frame, filter: StreamFilter): boolean {
  return (
    (filter.group === undefined || filter.group === group) &&
    (filter.kinds === undefined || filter.kinds.has(kind))
  )
}

/** They are many times as long as the rest, and are kept in the history. */
function withoutInputs(event: ScalerEvent): object {
  if (event.kind !== 'decision') return event
  const { inputs, ...rest } = event
  return rest
}
