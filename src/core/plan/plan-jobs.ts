import type { Issue } from '../issue.ts'
import type { JobSpec } from '../spec/jobspec.ts'
import { applyPatch } from '../spec/patch.ts'
import { serviceReferences } from '../stack/references.ts'
import type { Job, Stack } from '../stack/stack.ts'
import type { FindJob } from './names.ts'
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
  const { jobs, issues } = planEveryJob(stack)
  return { jobs: jobs.filter(({ job }) => isWanted(job, profiles)), issues }
}

const plans = new WeakMap<Stack, PlanJobs>()

/** The jobs of all profiles; a stack is planned once, however often it is asked for. */
function planEveryJob(stack: Stack): PlanJobs {
  const known = plans.get(stack)
  if (known) return known
  const findJob = jobFinder(stack)
  const inlined = inlinedJobs(stack)
  const around = surroundings(stack, inlined)
  const planned = stack.jobs
    .filter((job) => !inlined.has(job.name))
    .map((job) => planOnce(stack, job, findJob, around))
  const plan = {
    jobs: planned.map(({ planned: job }) => job),
    issues: planned.flatMap(({ issues }) => issues),
  }
  plans.set(stack, plan)
  return plan
}

interface Plan {
  readonly around: string
  readonly planned: PlannedJob
  readonly issues: readonly Issue[]
}

const plansOfJobs = new WeakMap<Job, Plan>()

/** A job's plan; the same objects as before while the job and what its plan looks at are the same. */
function planOnce(stack: Stack, job: Job, findJob: FindJob, around: string): Plan {
  const known = plansOfJobs.get(job)
  if (known?.around === around) return known
  const spec = planJob(stack, job, findJob)
  const patched = job.patch === undefined ? { spec, issues: [] } : applyPatch(spec, job.patch)
  const found = [...patched.issues, ...checkMark(spec, patched.spec)]
  const issues = found.map((issue) => ({ ...issue, path: [...job.path, 'x-nomad', ...issue.path] }))
  const plan = { around, planned: { job, spec: patched.spec }, issues }
  plansOfJobs.set(job, plan)
  return plan
}

/** A patch may not take away what Drover knows its own jobs and files by. */
function checkMark(before: JobSpec, after: JobSpec): Issue[] {
  const lost = ['drover_stack', 'drover_kind'].filter((key) => after.meta?.[key] !== before.meta?.[key])
  return lost.map((key) => ({
    severity: 'error',
    code: 'fixed-meta',
    path: ['meta'],
    message: `the patch changes ${key}, by which Drover knows its jobs`,
    fix: 'patch other keys of meta only',
  }))
}

/**
 * All that a job's plan depends on besides the job: the stack's own settings, and of the other jobs their
 * names, networks, ports, the ports of their checks and whom they dial; those that run inside others, whole.
 */
function surroundings(stack: Stack, inlined: ReadonlySet<string>): string {
  const { name, cluster, secrets, volumes } = stack
  const jobs = stack.jobs.map((job) => {
    if (inlined.has(job.name)) return whole(job)
    return cluster.isolation === 'docker' ? outline(job) + dialled(job) : outline(job)
  })
  return [JSON.stringify([name, cluster, secrets, volumes]), ...jobs].join('\n')
}

const whole = inJson((job) => job)
const outline = inJson(({ name, networks, ports, checks }) => [
  name,
  networks,
  ports,
  checks.map(({ port }) => port),
])
const dialled = inJson((job) => serviceReferences(job).map(({ reference }) => reference))

/** Writes a part of a job down, once: a job that did not change is the same object. */
function inJson(part: (job: Job) => unknown): (job: Job) => string {
  const known = new WeakMap<Job, string>()
  return (job) => {
    const before = known.get(job)
    if (before !== undefined) return before
    const text = JSON.stringify(part(job))
    known.set(job, text)
    return text
  }
}

/** Whether a job is rendered with these profiles; one without profiles always is. */
export function isWanted(job: Job, profiles: readonly string[]): boolean {
  return job.profiles.length === 0 || job.profiles.some((profile) => profiles.includes(profile))
}

/** Batch jobs that run as init tasks, so that they have no job of their own. */
export function inlinedJobs(stack: Stack): ReadonlySet<string> {
  const needed = stack.jobs.flatMap((job) =>
    job.dependsOn.filter(({ condition }) => condition === 'completed'),
  )
  return new Set(needed.map(({ on }) => on))
}

/** Finds jobs by name; the first when a name is taken twice, which the rules report. */
export function jobFinder(stack: Stack): (name: string) => Job | undefined {
  const byName = new Map<string, Job>()
  for (const job of stack.jobs) if (!byName.has(job.name)) byName.set(job.name, job)
  return (name) => byName.get(name)
}
