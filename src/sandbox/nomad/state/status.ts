import type { Allocation } from './types.ts'

/** The node says that it has ended. */
export function isClientTerminal({ ClientStatus }: Allocation): boolean {
  return ClientStatus === 'complete' || ClientStatus === 'failed' || ClientStatus === 'lost'
}

/** The server wants it to stop. */
export function isServerTerminal({ DesiredStatus }: Allocation): boolean {
  return DesiredStatus === 'stop'
}

export function isTerminal(allocation: Allocation): boolean {
  return isServerTerminal(allocation) || isClientTerminal(allocation)
}

/** Every task has ended, and none in failure. */
export function ranSuccessfully({ TaskStates }: Allocation): boolean {
  const states = Object.values(TaskStates ?? {})
  return states.length > 0 && states.every(({ State, Failed }) => State === 'dead' && !Failed)
}

/** The number in `job.group[2]`. */
export function indexOf({ Name }: Pick<Allocation, 'Name'>): number {
  return Number(Name.slice(Name.lastIndexOf('[') + 1, -1))
}
