import { closest } from '../closest.ts'
import { SCALER_SERVICE } from '../consul/names.ts'
import { consulName } from '../plan/names.ts'
import { inlinedJobs, isWanted } from '../plan/plan-jobs.ts'
import type { Stack } from '../stack/stack.ts'
import type { HealthSubjects } from './report-health.ts'

export interface Chosen extends HealthSubjects {
  /** Names that are nothing of the stack, and what may have been meant. */
  readonly unknown: readonly { readonly name: string; readonly hint: string }[]
}

/**
 * The parts of a stack by their names in it, or in Consul. Without names: every job of no profile or of one that is
 * given, all that runs elsewhere, and the scaler where there is something to scale.
 */
export function chooseSubjects(stack: Stack, profiles: readonly string[], names: readonly string[]): Chosen {
  const inlined = inlinedJobs(stack)
  const jobs = stack.jobs.filter(({ name }) => !inlined.has(name))
  if (names.length === 0)
    return {
      jobs: jobs.filter((job) => isWanted(job, profiles)),
      externals: stack.external,
      scaler: stack.jobs.some(({ worker }) => worker !== undefined),
      unknown: [],
    }
  const isNamed = ({ name }: { readonly name: string }) =>
    names.some((one) => one === name || one === consulName(name))
  const known = [...jobs, ...stack.external].map(({ name }) => name).concat(SCALER_SERVICE)
  const chosen = {
    jobs: jobs.filter(isNamed),
    externals: stack.external.filter(isNamed),
    scaler: names.includes(SCALER_SERVICE),
  }
  const unknown = names.filter((name) => !known.some((one) => one === name || consulName(one) === name))
  return {
    ...chosen,
    unknown: unknown.map((name) => {
      if (inlined.has(name))
        return { name, hint: `${name} has no job of its own: it runs in those that need it completed.` }
      const near = closest(name, known)
      return { name, hint: near === undefined ? `There is: ${known.join(', ')}.` : `Did you mean ${near}?` }
    }),
  }
}
