import { planGraph } from '../graph.ts'
import type { PlannedJob } from '../plan/plan-jobs.ts'
import type { Stack } from '../stack/stack.ts'

/**
 * Jobs so that each comes after those that it waits for, and otherwise in the stack's order. What a job that has no
 * job of its own waits for (it runs inside its dependants) is waited for by them.
 */
export function registrationOrder(stack: Stack, planned: readonly PlannedJob[]): PlannedJob[] {
  const needs = neededJobs(stack)
  const byName = new Map(planned.map((one) => [one.job.name, one]))
  const seen = new Set<string>()
  const order: PlannedJob[] = []
  // A chain of jobs may be long, so that this keeps its own trail. The rules refuse circles; one would not hang this.
  for (const { job } of planned) {
    const trail: { readonly name: string; readonly rest: Iterator<string> }[] = []
    const enter = (name: string): void => {
      if (seen.has(name)) return
      seen.add(name)
      trail.push({ name, rest: (needs.get(name) ?? []).values() })
    }
    enter(job.name)
    for (let at = trail.at(-1); at !== undefined; at = trail.at(-1)) {
      const next = at.rest.next()
      if (!next.done) {
        enter(next.value)
        continue
      }
      trail.pop()
      const done = byName.get(at.name)
      if (done) order.push(done)
    }
  }
  return order
}

/** Job to the jobs that it waits for when it starts, dependencies and addresses, of the whole stack. */
export function neededJobs(stack: Stack): ReadonlyMap<string, readonly string[]> {
  const everyProfile = stack.jobs.flatMap(({ profiles }) => profiles)
  const needs = new Map<string, string[]>(stack.jobs.map(({ name }) => [name, []]))
  for (const { from, to, waits } of planGraph(stack, everyProfile).edges) if (waits) needs.get(from)?.push(to)
  return needs
}

/** Whether a job waits, directly or by way of others, for one of these. */
export function findNeeded(
  needs: ReadonlyMap<string, readonly string[]>,
  job: string,
  wanted: ReadonlySet<string>,
): string | undefined {
  const seen = new Set([job])
  for (const name of seen)
    for (const next of needs.get(name) ?? []) {
      if (wanted.has(next)) return next
      seen.add(next)
    }
  return undefined
}
