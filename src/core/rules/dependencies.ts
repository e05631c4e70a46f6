import { hasService } from '../plan/names.ts'
import type { Dependency, Job } from '../stack/stack.ts'
import { type Rule, suggest } from './rule.ts'
import type { StackView } from './view.ts'

export const unknownDependency: Rule = {
  code: 'unknown-dependency',
  severity: 'error',
  silenceable: false,
  reason: 'A job that waits for a name nobody has waits for ever.',
  fix: 'name a job of this stack',
  *check({ stack, jobs }) {
    for (const job of stack.jobs)
      for (const { on, path } of job.dependsOn)
        if (!jobs.has(on))
          yield { path, message: `no job "${on}" in this stack`, fix: suggest(on, jobs.keys()) }
  },
}

export const neverCompletes: Rule = {
  code: 'dependency-never-completes',
  severity: 'error',
  silenceable: false,
  reason:
    'Only batch jobs come to an end. What is needed `completed` runs as an init task of the job that needs it.',
  fix: 'wait for it to be `healthy`, or move it to the section batch',
  *check(view) {
    for (const { dependency, target } of dependencies(view))
      if (dependency.condition === 'completed' && target.section !== 'batch')
        yield {
          path: dependency.path,
          message: `"${target.name}" is in ${target.section} and never completes`,
        }
  },
}

export const dependencyInvisible: Rule = {
  code: 'dependency-not-visible',
  severity: 'error',
  silenceable: false,
  reason:
    'A job waits until Consul shows the other one. A job without ports and checks has no service in Consul, so it is never seen.',
  fix: 'give it a port or a check',
  *check(view) {
    for (const { dependency, target } of dependencies(view)) {
      if (dependency.condition === 'completed' || hasService(target)) continue
      const fix = target.section === 'batch' ? { fix: 'wait for it to be `completed`' } : {}
      yield {
        path: dependency.path,
        message: `"${target.name}" has no ports and no checks, so nobody can see that it is ${dependency.condition}`,
        ...fix,
      }
    }
  },
}

export const dependencyProfile: Rule = {
  code: 'dependency-needs-profile',
  severity: 'error',
  silenceable: false,
  reason:
    'Without its profile the other job is not rendered, and this one would wait for it for ever. An address with `wait: false` may be missing.',
  fix: 'give both jobs the same profiles, or remove those of the other job',
  *check(view) {
    const { jobs } = view
    for (const job of view.stack.jobs) {
      // What is needed completed runs inside the job that needs it, whatever its profiles.
      const needed = job.dependsOn
        .filter(({ condition }) => condition !== 'completed')
        .map(({ on, path }) => ({ on, path }))
      const dialled = view
        .referencesOf(job)
        .filter(({ wait }) => wait)
        .map(({ service, path }) => ({ on: service, path }))
      for (const { on, path } of [...needed, ...dialled]) {
        const target = jobs.get(on)
        const missing = target && missingProfiles(job, target)
        if (missing !== undefined)
          yield {
            path,
            message: `"${on}" is rendered only with ${profiles(target?.profiles ?? [])}, "${job.name}" ${missing}`,
            job: job.name,
          }
      }
    }
  },
}

export const completedPartIgnored: Rule = {
  code: 'completed-job-reduced',
  severity: 'warning',
  silenceable: true,
  reason:
    'A batch job that others need `completed` runs as an init task inside each of them. Its main task goes there; what else it has (init tasks, sidecars, dependencies, constraints, an x-nomad patch) belongs to a job that is not rendered.',
  fix: 'move this to the jobs that need it',
  *check({ stack, jobs }) {
    const needed = new Set(
      stack.jobs.flatMap((job) =>
        job.dependsOn.filter(({ condition }) => condition === 'completed').map(({ on }) => on),
      ),
    )
    for (const name of needed) {
      const job = jobs.get(name)
      if (job?.section !== 'batch') continue
      for (const key of ignoredKeys(job))
        yield {
          path: [...job.path, key],
          message: `${name} runs as an init task of the jobs that need it, where its ${key} is not used`,
        }
    }
  },
}

function ignoredKeys(job: Job): string[] {
  const given: Record<string, boolean> = {
    init: job.init.length > 0,
    sidecars: job.sidecars.length > 0,
    depends_on: job.dependsOn.length > 0,
    constraints: job.constraints.length > 0,
    affinities: job.affinities.length > 0,
    spread: job.spread.length > 0,
    labels: Object.keys(job.labels).length > 0,
    meta: Object.keys(job.meta).length > 0,
    'x-nomad': job.patch !== undefined,
  }
  return Object.keys(given).filter((key) => given[key])
}

function* dependencies({ stack, jobs }: StackView): Generator<{ dependency: Dependency; target: Job }> {
  for (const job of stack.jobs)
    for (const dependency of job.dependsOn) {
      const target = jobs.get(dependency.on)
      if (target && target !== job) yield { dependency, target }
    }
}

/** Why the target may be missing where the job is rendered; undefined when it never is. */
function missingProfiles(job: Job, target: Job): string | undefined {
  if (target.profiles.length === 0) return undefined
  if (job.profiles.length === 0) return 'always'
  const alone = job.profiles.filter((profile) => !target.profiles.includes(profile))
  return alone.length === 0 ? undefined : `also with ${profiles(alone)}`
}

function profiles(names: readonly string[]): string {
  return `the profile ${names.join(' or ')}`
}
