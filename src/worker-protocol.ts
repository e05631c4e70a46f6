/**
 * What workers made with `drover/worker` and Drover tell each other through Redis. No imports: both sides have this
 * file, and worker authors have it in their program. All keys share one hash tag, so that they share a slot of a
 * cluster and one pipeline can touch them all.
 */
export const REGISTRY_PREFIX = 'drover'

/** Ids of the workers that were heard of in the last hour: a sorted set, scored by the time of the last heartbeat. */
export function workersKey(prefix: string = REGISTRY_PREFIX): string {
  return `{${prefix}}:workers`
}

/** A worker's last heartbeat: a string of JSON that expires, so what a killed worker leaves is soon gone. */
export function heartbeatKey(id: string, prefix: string = REGISTRY_PREFIX): string {
  return `{${prefix}}:worker:${id}`
}

/** What a worker is asked to be: a string of JSON, and the channel on which a change of it is said. */
export function controlKey(id: string, prefix: string = REGISTRY_PREFIX): string {
  return `{${prefix}}:control:${id}`
}

/** The channel on which every heartbeat is published as well. */
export function heartbeatChannel(prefix: string = REGISTRY_PREFIX): string {
  return `{${prefix}}:heartbeats`
}

/** taking: takes tasks. cordoned: takes none until lifted. draining: takes none and leaves when it is done. */
export type WorkerState = 'taking' | 'cordoned' | 'draining'

export interface RunningTask {
  readonly queue: string
  readonly id: string
  readonly name: string
  /** Milliseconds since 1970, by the worker's clock. */
  readonly since: number
}

export interface Heartbeat {
  readonly v: 1
  readonly kind: 'bullmq'
  /** The Nomad allocation; outside of Nomad a name that is unique. */
  readonly id: string
  readonly namespace?: string
  readonly job?: string
  readonly group?: string
  /** Name of the Nomad node, else the host's. */
  readonly node: string
  readonly pid: number
  readonly queues: readonly string[]
  /** Tasks that it runs at once, over all its queues. */
  readonly concurrency: number
  /** Tasks that run now; `tasks` names them. */
  readonly busy: number
  readonly tasks: readonly RunningTask[]
  readonly state: WorkerState
  /** Since when this process runs, milliseconds since 1970 by the worker's clock; so are the other two. */
  readonly since: number
  /** Since when nothing runs; absent while something does. */
  readonly idleSince?: number
  readonly at: number
  /** Milliseconds between two heartbeats when nothing changes. The key expires after five of them. */
  readonly everyMs: number
  readonly completed: number
  readonly failed: number
  /** The request that was last obeyed. */
  readonly acknowledged?: string
}

/** What is asked of a worker. Stays until it is changed: a worker that Nomad starts again still obeys it. */
export interface Control {
  /** Unique; the worker's heartbeat repeats it when it is done. */
  readonly request: string
  readonly want: 'taking' | 'cordoned'
}

/** How long a request is kept without a worker that reads it. Each heartbeat of its worker starts this anew. */
export const CONTROL_KEPT_MS = 24 * 60 * 60 * 1000

/** Reads what stands at a control key; undefined for anything that is none. */
export function parseControl(text: string | null | undefined): Control | undefined {
  if (!text) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { request, want } = value as Partial<Record<keyof Control, unknown>>
    if (typeof request !== 'string' || (want !== 'taking' && want !== 'cordoned')) return undefined
    return { request, want }
  } catch {
    return undefined
  }
}
