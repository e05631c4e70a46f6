import { hiddenChanges } from './hidden-changes.ts'
import type { CountedJob } from './live-counts.ts'
import type { LiveJob, NomadPlan } from './nomad-answers.ts'
import { listChanges } from './plan-diff.ts'

/** What registering a job does. */
export interface Change {
  /**
   * none: Nomad has it so already. new: Nomad does not have it. start: it is stopped and starts again. update: what
   * runs goes on. replace: what runs is stopped, and others are started.
   */
  readonly kind: 'none' | 'new' | 'start' | 'update' | 'replace'
  /** Allocations, as far as Nomad's plan tells: of a rolling update only the first that are replaced. */
  readonly allocations: Readonly<Record<'start' | 'stop' | 'update' | 'replace', number>>
  /** What differs, a line each; empty for a new job. */
  readonly differences: readonly string[]
  /** Nomad's warnings, and what could not be placed. They stop nothing. */
  readonly warnings: readonly string[]
}

/**
 * Reads a plan made with the live counts put in.
 * @param stack the stack's name
 */
export function readChange(
  plan: NomadPlan,
  counted: CountedJob,
  live: LiveJob | undefined,
  stack: string,
): Change {
  const kept = new Set(counted.job.TaskGroups.filter(({ Scaling }) => Scaling).map(({ Name }) => Name))
  const outside = new Set(counted.outside.map(({ group }) => group))
  const allocations = { start: 0, stop: 0, update: 0, replace: 0 }
  for (const [group, updates] of Object.entries(plan.Annotations?.DesiredTGUpdates ?? {})) {
    allocations.start += updates.Place
    // The surplus over the bounds is stopped in the plan only: Nomad keeps the count.
    allocations.stop += outside.has(group) ? 0 : updates.Stop
    allocations.update += updates.InPlaceUpdate
    allocations.replace += updates.DestructiveUpdate
  }
  const differences =
    live && plan.Diff
      ? [...listChanges(plan.Diff, (group) => kept.has(group)), ...hiddenChanges(counted.job, live)]
      : []
  const kind = kindOf(live, differences, allocations)
  // For a job that stays as it is the plan tells of what its own version still has to do.
  if (kind === 'none')
    return { kind, allocations: { start: 0, stop: 0, update: 0, replace: 0 }, differences, warnings: [] }
  return {
    kind,
    allocations,
    differences,
    warnings: [
      ...otherOwner(live, stack),
      ...counted.outside.map(
        ({ group, live: count, planned }) =>
          `the count of ${group} is ${count} and stays so, though the stack allows no ${count > planned ? 'more' : 'fewer'} than ${planned}`,
      ),
      ...notPlaced(plan),
      ...nomadWarnings(plan.Warnings ?? ''),
    ],
  }
}

function kindOf(
  live: LiveJob | undefined,
  differences: readonly string[],
  { stop, replace }: Change['allocations'],
): Change['kind'] {
  if (live === undefined) return 'new'
  if (live.Stop) return 'start'
  if (differences.length === 0) return 'none'
  return stop + replace > 0 ? 'replace' : 'update'
}

/** A job of the same name may be somebody else's. */
function otherOwner(live: LiveJob | undefined, stack: string): string[] {
  if (live === undefined) return []
  const owner = live.Meta?.drover_stack
  if (owner === stack) return []
  return [owner === undefined ? 'the job was not made by Drover' : `the job was of the stack ${owner}`]
}

/** Which allocations have no place, and why, a line for each group. */
export function notPlaced({ FailedTGAllocs }: Pick<NomadPlan, 'FailedTGAllocs'>): string[] {
  return Object.entries(FailedTGAllocs ?? {}).map(([group, failure]) => {
    const count = failure.CoalescedFailures + 1
    const reasons = [
      ...Object.entries(failure.ConstraintFiltered ?? {}).map(
        ([what, nodes]) => `${what} filters ${plural(nodes, 'node')}`,
      ),
      ...Object.entries(failure.ClassFiltered ?? {}).map(
        ([what, nodes]) => `class ${what} filters ${plural(nodes, 'node')}`,
      ),
      ...Object.entries(failure.DimensionExhausted ?? {}).map(
        ([what, nodes]) => `${what} does not suffice on ${plural(nodes, 'node')}`,
      ),
    ]
    const why = reasons.length === 0 ? 'no node takes it' : reasons.join(', ')
    return `${plural(count, 'allocation')} of ${group} cannot be placed: ${why}`
  })
}

/** Nomad writes `2 warnings:` and a list with stars. */
function nomadWarnings(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  return lines
    .filter((line) => line !== '' && !/^\d+ warnings?:$/.test(line))
    .map((line) => line.replace(/^\* /, ''))
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
