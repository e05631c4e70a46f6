export interface NomadEvent {
  readonly Topic: string
  readonly Type: string
  readonly Key: string
  readonly Namespace: string
  readonly FilterKeys: readonly string[] | null
  readonly Index: number
  readonly Payload: unknown
}

export interface EventLine {
  readonly index: number
  readonly events: readonly NomadEvent[]
  /** The events as JSON, each made once for all who listen. */
  json(event: NomadEvent): string
}

export interface EventBuffer {
  append(index: number, events: readonly NomadEvent[]): void
  /** What is kept, oldest first. */
  kept(): readonly EventLine[]
  /** Called with each new line. Answers how to stop that. */
  listen(listener: (line: EventLine) => void): () => void
  /** Loses everything, as a server does that starts again. */
  clear(): void
}

/** The last `size` lines. */
export function createEventBuffer(size: number): EventBuffer {
  const lines: EventLine[] = []
  const listeners = new Set<(line: EventLine) => void>()
  return {
    append(index, events) {
      const line = toLine(index, events)
      lines.push(line)
      // Cut in bulk: shifting an array at every event costs more than keeping some longer.
      if (lines.length >= 2 * size) lines.splice(0, lines.length - size)
      for (const listener of listeners) listener(line)
    },
    kept: () => lines.slice(-size),
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    clear: () => lines.splice(0),
  }
}

function toLine(index: number, events: readonly NomadEvent[]): EventLine {
  const made = new Map<NomadEvent, string>()
  return {
    index,
    events,
    json(event) {
      let json = made.get(event)
      if (json === undefined) {
        json = JSON.stringify(event)
        made.set(event, json)
      }
      return json
    },
  }
}
