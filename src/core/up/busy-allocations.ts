import type { WorkersReading } from '../scaling/sample.ts'
import type { LiveAllocation } from './nomad-answers.ts'

/** What the live allocations of a worker group do. */
export interface Occupation {
  readonly busy: readonly string[]
  /** Neither known busy nor known idle. */
  readonly unknown: readonly string[]
  readonly idle: readonly string[]
  /** Why the workers are not known, when the source did not tell of any. */
  readonly cause?: string
}

/**
 * Who of a group would be stopped at work. Left out are allocations that run nothing any more, or are told to stop
 * already; one whose main task has never started is idle.
 */
export function occupationOf(
  group: string,
  allocations: readonly LiveAllocation[],
  workers: WorkersReading,
): Occupation {
  const busyOf = new Map(
    workers.ok
      ? workers.workers.flatMap(({ allocation, busy }) =>
          allocation === undefined || busy === undefined ? [] : [[allocation, busy]],
        )
      : [],
  )
  const found = { busy: [] as string[], unknown: [] as string[], idle: [] as string[] }
  for (const allocation of allocations.filter((one) => isLive(one) && one.TaskGroup === group)) {
    const busy = hasStarted(allocation, group) ? busyOf.get(allocation.ID) : 0
    found[busy === undefined ? 'unknown' : busy > 0 ? 'busy' : 'idle'].push(allocation.ID)
  }
  return workers.ok ? found : { ...found, cause: workers.cause.message }
}

function isLive({ ClientStatus, DesiredStatus }: LiveAllocation): boolean {
  return DesiredStatus === 'run' && ['pending', 'running', 'unknown'].includes(ClientStatus)
}

/** By the task that the group is named after, else by any. */
function hasStarted({ TaskStates, ClientStatus }: LiveAllocation, group: string): boolean {
  const states = TaskStates ?? {}
  const main = states[group]
  if (main) return startedAt(main)
  return ClientStatus !== 'pending' || Object.values(states).some(startedAt)
}

function startedAt({ StartedAt }: { readonly StartedAt?: string | null | undefined }): boolean {
  return Boolean(StartedAt) && !StartedAt?.startsWith('0001-')
}

/** Why a change has to wait, in words; undefined when nobody is stopped at work. */
export function whyBusy({ busy, unknown, idle, cause }: Occupation): string | undefined {
  const all = busy.length + unknown.length + idle.length
  const ofAll = (count: number): string => `${count} of ${all} ${all === 1 ? 'worker' : 'workers'}`
  const because = cause === undefined ? '' : `: ${cause}`
  if (busy.length === 0)
    return unknown.length === 0 ? undefined : `${ofAll(unknown.length)} may be busy${because}`
  const others = unknown.length === 0 ? '' : `, ${unknown.length} may be`
  return `${ofAll(busy.length)} ${busy.length === 1 ? 'is' : 'are'} busy${others}`
}
