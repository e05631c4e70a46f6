import type { NomadJob } from '../../src/adapters/nomad/jobs.ts'
import { planJobs } from '../../src/core/plan/plan-jobs.ts'
import type { GroupRef } from '../../src/core/scaling/group-ref.ts'
import { policiesOfStack } from '../../src/core/scaling/policies-of-stack.ts'
import { toApiJob } from '../../src/core/spec/api-json.ts'
import type { Stack } from '../../src/core/stack/stack.ts'
import type { PolicyProvider } from '../deps.ts'

/**
 * Policies of the stack that was read last.
 * @param reload reads it again; throws when it is wrong
 */
export function stackPolicies(stack: () => Stack, reload: () => void): PolicyProvider {
  let isFirst = true
  return {
    async load() {
      // It was read a moment ago, to know what to start.
      if (!isFirst) reload()
      isFirst = false
      return policiesOfStack(stack())
    },
    budget() {
      const { budget } = stack().scaling
      return budget?.enabled ? { maxPerHour: budget.maxPerHour } : undefined
    },
  }
}

/** The job of a group as the stack renders it; undefined for one of somebody else. */
export async function renderedJob(stack: Stack, { namespace, job }: GroupRef): Promise<NomadJob | undefined> {
  if (namespace !== stack.cluster.namespace) return undefined
  const planned = planJobs(stack).jobs.find((one) => one.job.name === job)
  return planned && (toApiJob(planned.spec) as NomadJob)
}
