import type { Stack } from '../../core/stack/stack.ts'
import { findNeeded, neededJobs } from '../../core/up/order.ts'
import type { Context } from '../context.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import type { PreparedJob } from './prepare-job.ts'
import { refuseBusy } from './refuse-busy.ts'
import { registerJob } from './register-job.ts'
import type { UpNomad } from './up-nomad.ts'

export interface UpOptions {
  /** Replace workers that are busy, too. */
  readonly now: boolean
  readonly dryRun: boolean
}

/**
 * Registers what changed, in this order. What is refused holds up only those that need it; once Nomad is away, nothing
 * more is tried.
 */
export async function registerJobs(
  nomad: UpNomad,
  stack: Stack,
  prepared: readonly PreparedJob[],
  { now, dryRun }: UpOptions,
  context: Context,
): Promise<Outcome[]> {
  const needs = neededJobs(stack)
  const refuse = async (jobs: readonly PreparedJob[]): Promise<ReadonlyMap<string, string>> =>
    now ? new Map() : refuseBusy(nomad, stack, jobs, context)
  const busy = await refuse(prepared)
  const missing = new Set<string>()
  const outcomes: Outcome[] = []
  for (const [index, job] of prepared.entries()) {
    if (!dryRun)
      context.output.progress(`Registering ${index + 1} of ${prepared.length}: ${job.planned.job.name}`)
    const outcome = await decide(job)
    outcomes.push(outcome)
    if (outcome.reason !== undefined) missing.add(outcome.job)
  }
  return outcomes

  async function decide(job: PreparedJob): Promise<Outcome> {
    const { name } = job.planned.job
    const whyWait = busy.get(name)
    if (job.change.kind === 'none') return outcomeOf(job, 'unchanged')
    if (whyWait !== undefined) return outcomeOf(job, 'refused', { reason: whyWait })
    const skip = whySkip(name)
    if (skip !== undefined) return outcomeOf(job, 'skipped', { reason: skip })
    if (dryRun) return outcomeOf(job, 'would register')
    return registerJob(nomad, job, async (again) => (await refuse([again])).get(name))
  }

  function whySkip(name: string): string | undefined {
    if (context.signal.aborted) return 'interrupted'
    if (outcomes.some(({ isAway }) => isAway)) return 'Nomad was not reachable any more'
    const needed = findNeeded(needs, name, missing)
    return needed === undefined ? undefined : `it needs ${needed}`
  }
}
