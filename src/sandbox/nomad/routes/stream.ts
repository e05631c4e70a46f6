import type { ServerResponse } from 'node:http'
import type { SandboxClock } from '../../clock.ts'
import type { Faults } from '../faults.ts'
import { NomadError } from '../nomad-error.ts'
import type { EventBuffer, EventLine, NomadEvent } from '../state/event-buffer.ts'

export interface StreamCall {
  /** `Job`, `Job:id`, `*`; none: everything. */
  readonly topics: readonly string[]
  /** `*` for all. */
  readonly namespace: string
  readonly index: string | undefined
}

export interface Streams {
  /** Takes the response over. Throws NomadError before that. */
  open(call: StreamCall, response: ServerResponse): void
  /** Ends every stream without a word, as a server does that stops. */
  disconnect(): void
  count(): number
}

const HEARTBEAT_MS = 30_000

/**
 * GET /v1/event/stream: what is kept from the index on, or all that is kept without one, then what happens; `{}` at
 * once and every 30 s. An index that is older than all that is kept is no error, and neither is one of the future.
 */
export function createStreams(events: EventBuffer, clock: SandboxClock, faults: () => Faults): Streams {
  const closers = new Set<() => void>()

  function open(call: StreamCall, response: ServerResponse): void {
    const from = indexOf(call.index)
    const fits = topicFilter(call)
    const isWanted = (event: NomadEvent): boolean => fits(event) && !faults().dropEvents?.(event)
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' })
    response.write('{}\n')
    const send = (line: EventLine): void => {
      if (faults().noLeader) return
      const wanted = line.events.filter(isWanted)
      if (wanted.length === 0) return
      const json = wanted.map((event) => line.json(event)).join(',')
      response.write(`{"Index":${line.index},"Events":[${json}]}\n`)
    }
    for (const line of startAt(events.kept(), from)) send(line)
    const stop = events.listen(send)
    let cancel = (): void => {}
    const beat = (): void => {
      cancel = clock.after(HEARTBEAT_MS, () => {
        if (!faults().noLeader) response.write('{}\n')
        beat()
      })
    }
    beat()
    const close = (): void => {
      stop()
      cancel()
      closers.delete(close)
      response.destroy()
    }
    closers.add(close)
    response.on('close', close)
    response.on('error', close)
  }

  return {
    open,
    disconnect() {
      for (const close of [...closers]) close()
    },
    count: () => closers.size,
  }
}

/** Of an index of the future the newest line comes, and then whatever happens, lower as its index may be. */
function startAt(lines: readonly EventLine[], from: number): readonly EventLine[] {
  const later = lines.filter(({ index }) => index >= from)
  return later.length > 0 ? later : lines.slice(-1)
}

function indexOf(text: string | undefined): number {
  if (text === undefined || text === '') return 0
  if (!/^-?\d+$/.test(text))
    throw new NomadError(400, `Unable to parse index: strconv.Atoi: parsing "${text}": invalid syntax`)
  return Number(text)
}

function topicFilter({ topics, namespace }: StreamCall): (event: NomadEvent) => boolean {
  const wanted = topics.map((topic) => topic.split(/:(.*)/s) as [string, string?])
  return ({ Topic, Key, Namespace, FilterKeys }) => {
    if (namespace !== '*' && Namespace !== '' && Namespace !== namespace) return false
    if (wanted.length === 0) return true
    return wanted.some(([topic, key = '*']) => {
      if (topic !== '*' && topic !== Topic) return false
      return key === '*' || key === '' || key === Key || (FilterKeys?.includes(key) ?? false)
    })
  }
}
