import { planJobs } from '../../../src/core/plan/plan-jobs.ts'
import type { GroupSpec, JobSpec, ServiceSpec, TaskSpec } from '../../../src/core/spec/jobspec.ts'
import { aStack } from '../../helpers/a-stack.ts'

/** The spec of one job of a stack, with all its profiles. */
export function planned(written: object, name = 'it'): JobSpec {
  const stack = aStack(written)
  const { jobs } = planJobs(
    stack,
    stack.jobs.flatMap(({ profiles }) => profiles),
  )
  const found = jobs.find(({ job }) => job.name === name)
  if (!found) throw new Error(`no job ${name}`)
  return found.spec
}

/** Its only group. */
export function groupOf(written: object, name = 'it'): GroupSpec {
  return planned(written, name).group?.[name] ?? {}
}

/** Its main task, or another one. */
export function taskOf(written: object, task = 'it', name = 'it'): TaskSpec {
  const found = groupOf(written, name).task?.[task]
  if (!found) throw new Error(`no task ${task}`)
  return found
}

/** Its services, of the group or of the main task. */
export function servicesOf(written: object, name = 'it'): readonly ServiceSpec[] {
  const group = groupOf(written, name)
  return group.service ?? group.task?.[name]?.service ?? []
}

/** A stack of one service named `it`, from what it has besides an image; `rest` is the stack around it. */
export function serviceIn(rest: object, it: object = {}): object {
  const { services = {}, ...others } = rest as { services?: object }
  return { ...others, services: { it: { image: 'a:1', ...it }, ...services } }
}
