import type { ImportContext, JobPlan } from './context.ts'
import type { StackMap } from './tree.ts'

/** What is true of the import as a whole and hangs on no single key. */
export function sayGenerally(
  { assumptions }: ImportContext,
  built: readonly { readonly plan: JobPlan; readonly job: StackMap }[],
): void {
  const bare = built.filter(({ job }) => job.resources === undefined).map(({ plan }) => plan.name)
  if (bare.length > 0)
    assumptions.push(
      `${bare.join(', ')} ${bare.length === 1 ? 'has' : 'have'} no limits in compose; Nomad gives each task some, and Drover 0.1 cores and 300 MB: set \`resources\`.`,
    )
  if (built.some(({ plan, job }) => job.checks !== undefined && plan.section !== 'workers'))
    assumptions.push(
      'A check that fails restarts the task, where compose only marks it as unhealthy; `on_unhealthy: report` on a check does the same.',
    )
  const once = built
    .filter(({ plan }) => plan.section === 'services' && isStartedOnce(plan))
    .map(({ plan }) => plan.name)
  if (once.length > 0)
    assumptions.push(
      `${once.join(', ')} ${once.length === 1 ? 'starts' : 'start'} again when the program ends; compose, told no \`restart\`, would not do that.`,
    )
  const images = new Set(
    built.filter(({ plan }) => plan.service.build && !plan.service.image).map(({ job }) => String(job.image)),
  )
  if (images.size > 0) assumptions.push(`Images that have to be built and pushed: ${[...images].join(', ')}.`)
  if (built.some(({ plan }) => plan.section === 'workers'))
    assumptions.push(
      'Compose files do not say which task goes to which queue: add `routes`, so that Drover can check that each queue has a worker.',
    )
}

function isStartedOnce({ service }: JobPlan): boolean {
  return service.restart === undefined && service.deploy.restartCondition === undefined
}
