import type { LiveJob, ParsedJob } from './nomad-answers.ts'

export interface CountedJob {
  /** The job to plan and to register. */
  readonly job: ParsedJob
  /** Whether Nomad is asked to keep its counts. False only when the stack changes a count that is its own to say. */
  readonly preserveCounts: boolean
  /** Groups whose live count lies outside the bounds that the stack gives now; Nomad plans only within them. */
  readonly outside: readonly { readonly group: string; readonly live: number; readonly planned: number }[]
}

/**
 * The job with the counts that it will have. A group with scaling bounds keeps the count that Nomad holds: whoever
 * scales it has set it. The count of any other group is the stack's. Nomad's plan does not know of kept counts, and
 * would tell of allocations that stop.
 */
export function withLiveCounts(job: ParsedJob, live: LiveJob | undefined): CountedJob {
  if (live === undefined) return { job, preserveCounts: true, outside: [] }
  const counts = new Map(live.TaskGroups.map(({ Name, Count }) => [Name, Count]))
  const outside: { group: string; live: number; planned: number }[] = []
  let preserveCounts = true
  const TaskGroups = job.TaskGroups.map((group) => {
    const count = counts.get(group.Name)
    if (count === undefined || count === null) return group
    if (!group.Scaling) {
      if ((group.Count ?? 1) !== count) preserveCounts = false
      return group
    }
    const planned = Math.min(Math.max(count, group.Scaling.Min ?? 0), group.Scaling.Max ?? count)
    if (planned !== count) outside.push({ group: group.Name, live: count, planned })
    return { ...group, Count: planned }
  })
  return { job: { ...job, TaskGroups }, preserveCounts, outside }
}
