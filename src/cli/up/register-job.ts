import { type Outcome, outcomeOf } from './outcome.ts'
import { type PreparedJob, prepareJob } from './prepare-job.ts'
import { type Answer, isAway, type NomadRefusal, type UpNomad } from './up-nomad.ts'

/** Others may change a job at any moment, above all a scaler its count: then it is looked at anew. */
const TRIES = 5

/**
 * Registers a job as it was planned, and has Nomad keep the version that it replaces.
 * @param whyWait asked again for a plan that had to be made anew
 */
export async function registerJob(
  nomad: UpNomad,
  first: PreparedJob,
  whyWait: (job: PreparedJob) => Promise<string | undefined>,
): Promise<Outcome> {
  let job = first
  for (let tries = 1; ; tries++) {
    const { counted, jobModifyIndex } = job
    const answer = await nomad.register(counted.job, counted.preserveCounts, jobModifyIndex)
    if (answer.ok) return registered(job, await keepReplaced(nomad, job))
    if (answer.refusal !== 'stale-index' || tries === TRIES) return failed(job, answer)
    const again = await prepareJob(nomad, job.planned, job.parsed)
    if (!again.ok) return failed(job, again)
    job = again.value
    if (job.change.kind === 'none') return outcomeOf(job, 'unchanged')
    const reason = await whyWait(job)
    if (reason !== undefined) return outcomeOf(job, 'refused', { reason })
  }
}

function failed(job: PreparedJob, refusal: NomadRefusal): Outcome {
  const reason = refusal.message.trim()
  return outcomeOf(job, 'failed', isAway(refusal) ? { reason, isAway: true } : { reason })
}

function registered(job: PreparedJob, kept: Answer<unknown> | undefined): Outcome {
  const warnings =
    kept === undefined || kept.ok ? [] : [`the version before is not kept for a revert: ${kept.message}`]
  return outcomeOf(job, 'registered', { warnings: [...job.change.warnings, ...warnings] })
}

/** A version that has a tag is kept already, and a stopped one is nothing to go back to. */
async function keepReplaced(
  nomad: UpNomad,
  { parsed, live }: PreparedJob,
): Promise<Answer<unknown> | undefined> {
  if (live === undefined || live.VersionTag || live.Stop) return undefined
  return nomad.keepVersion(parsed, live.Version)
}
