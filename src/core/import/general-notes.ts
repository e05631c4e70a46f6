import type { ImportContext, JobPlan } from './context.ts'
import type { StackMap } from './tree.ts'

interface BuiltJob {
  readonly plan: JobPlan
  readonly job: StackMap
}

/** What is true of the import as a whole and hangs on no single key. */
export function sayGenerally(context: ImportContext, built: readonly BuiltJob[], blocks: StackMap): void {
  const { assumptions } = context
  const unnamed = built.flatMap((one) => unnamedBy(context, one, blocks))
  if (unnamed.length > 0)
    assumptions.push(
      `These depend on others and name them nowhere in these files: ${unnamed.join(', ')}. A name inside of an image, as in the configuration of a proxy, means nothing in Nomad: mount that configuration, or pass the address.`,
    )
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

/** A job and those that it depends on, has ports to be dialled at, and are never looked up: `web (api)`. */
function unnamedBy({ plans, ports }: ImportContext, { plan, job }: BuiltJob, blocks: StackMap): string[] {
  const used = ((job.env_from ?? []) as readonly string[]).map((name) => blocks[name])
  const text = JSON.stringify([job, used])
  const names = Object.entries(plan.service.dependsOn).flatMap(([name, { value }]) => {
    const target = plans.get(name)
    if (!target || value.condition === 'completed' || (ports.get(name)?.length ?? 0) === 0) return []
    return text.includes(`"service":${JSON.stringify(target.name)}`) ? [] : [target.name]
  })
  return names.length === 0 ? [] : [`${plan.name} (${names.join(', ')})`]
}
