import type { PlannedJob } from '../../core/plan/plan-jobs.ts'
import { type CountedJob, withLiveCounts } from '../../core/up/live-counts.ts'
import type { LiveJob, ParsedJob } from '../../core/up/nomad-answers.ts'
import { type Change, readChange } from '../../core/up/read-change.ts'
import type { Answer, UpNomad } from './up-nomad.ts'

/** A job that Nomad has parsed and planned. */
export interface PreparedJob {
  readonly planned: PlannedJob
  readonly parsed: ParsedJob
  readonly live: LiveJob | undefined
  readonly counted: CountedJob
  readonly change: Change
  /** What the plan was made for; 0 for a job that Nomad does not have. */
  readonly jobModifyIndex: number
}

/** Between reading a job and planning it, others may change it; then it is read again. */
const TRIES = 3

/** Reads what Nomad has of a job, and has it plan the job with the counts that it will have. */
export async function prepareJob(
  nomad: UpNomad,
  planned: PlannedJob,
  parsed: ParsedJob,
): Promise<Answer<PreparedJob>> {
  const stack = planned.spec.meta?.drover_stack ?? ''
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await nomad.live(parsed)
    if (!found.ok) return found
    const live = found.value
    const counted = withLiveCounts(parsed, live)
    const plan = await nomad.plan(counted.job)
    if (!plan.ok) return plan
    const jobModifyIndex = plan.value.JobModifyIndex
    if (jobModifyIndex !== (live?.JobModifyIndex ?? 0)) continue
    const change = readChange(plan.value, counted, live, stack)
    return { ok: true, value: { planned, parsed, live, counted, change, jobModifyIndex } }
  }
  return { ok: false, refusal: 'stale-index', message: `others keep changing ${parsed.ID}` }
}
