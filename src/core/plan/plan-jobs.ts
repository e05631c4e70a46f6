import type { Issue } from '../issue.ts'
import type { JobSpec } from '../spec/jobspec.ts'
import { applyPatch } from '../spec/patch.ts'
import type { Job, Stack } from '../stack/stack.ts'
import { planJob } from './plan-job.ts'

/** A job of the stack and the spec that Nomad gets for it. */
export interface PlannedJob {
  readonly job: Job
  readonly spec: JobSpec
}

export interface PlanJobs {
  readonly jobs: readonly PlannedJob[]
  /** Problems of `x-nomad` patches. */
  readonly issues: readonly Issue[]
}

/**
 * Every job that the stack asks for, in the stack's order. Left out are jobs of profiles that are not
 * asked for, and batch jobs that others need `completed`: those run as init tasks of their dependants.
 */
export function planJobs(stack: Stack, profiles: readonly string[] = []): PlanJobs {
  const issues: Issue[] = []
  const findJob = jobFinder(stack)
  const inlined = inlinedJobs(stack)
  const jobs = stack.jobs
    .filter((job) => !inlined.has(job.name) && isWanted(job, profiles))
    .map((job): PlannedJob => {
      const spec = planJob(stack, job, findJob)
      if (job.patch === undefined) return { job, spec }
      const patched = applyPatch(spec, job.patch)
      const base = [...job.path, 'x-nomad']
      issues.push(...patched.issues.map((issue) => ({ ...issue, path: [...base, ...issue.path] })))
      return { job, spec: patched.spec }
    })
  return { jobs, issues }
}

/** Whether a job is rendered with these profiles; one without profiles always is. */
export function isWanted(job: Job, profiles: readonly string[]): boolean {
  return job.profiles.length === 0 || job.profiles.some((profile) => profiles.includes(profile))
}

/** Batch jobs that run as init tasks, so that they have no job of their own. */
export function inlinedJobs(stack: Stack): ReadonlySet<string> {
  const needed = stack.jobs.flatMap((job) => job.dependsOn.filter(({ condition }) => condition === 'completed'))
  return new Set(needed.map(({ on }) => on))
}

/** Finds jobs by name; the first when a name is taken twice, which the rules report. */
export function jobFinder(stack: Stack): (name: string) => Job | undefined {
  const byName = new Map<string, Job>()
  for (const job of stack.jobs) if (!byName.has(job.name)) byName.set(job.name, job)
  return (name) => byName.get(name)
}
