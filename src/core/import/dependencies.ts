import type { JobContext, JobPlan } from './context.ts'
import { readHealthCommand } from './health-command.ts'
import { networksOf } from './networks.ts'
import { profilesOf } from './reach.ts'
import type { StackMap, StackValue } from './tree.ts'

type Condition = 'healthy' | 'started' | 'completed'

/** `depends_on`: a list when all are waited for until healthy, else each with its condition. */
export function importDependencies(job: JobContext): StackValue | undefined {
  const { account, plan, plans } = job
  const found: Record<string, Condition> = {}
  for (const [name, { value, key }] of Object.entries(plan.service.dependsOn)) {
    const target = plans.get(name)
    if (!target) {
      account.dropped(key, `${name} is not among the services that were imported`)
      continue
    }
    const condition = conditionFor(job, target, value.condition, key)
    if (condition === undefined) continue
    const to = `depends_on.${target.name}`
    account.mapped(key, to)
    if (value.restart)
      account.approximated(`${key}.restart`, to, 'a job whose address moves is restarted in any case')
    if (!value.required)
      account.approximated(`${key}.required`, to, 'a dependency of a stack is always required')
    found[target.name] = condition
  }
  const names = Object.keys(found)
  if (names.length === 0) return undefined
  return names.every((name) => found[name] === 'healthy') ? names : (found satisfies StackMap)
}

/** The condition as Drover can keep it; undefined, and told, when it cannot. */
function conditionFor(
  job: JobContext,
  target: JobPlan,
  condition: Condition,
  key: string,
): Condition | undefined {
  const { account, model, plan } = job
  const to = `depends_on.${target.name}`
  if (condition === 'completed') {
    account.approximated(
      key,
      to,
      `${target.name} runs inside each allocation of ${plan.name} before it starts, not once`,
    )
    return condition
  }
  if (target.section === 'batch') {
    account.approximated(key, to, `${target.name} is a batch job: waited for until it has completed`)
    return 'completed'
  }
  const needed = profilesOf(target)
  if (needed.length > 0 && !profilesOf(plan).some((profile) => needed.includes(profile))) {
    account.dropped(key, `${target.name} runs only with the profile ${needed.join(' or ')}`)
    return undefined
  }
  if (!isVisible(job, target)) {
    account.dropped(
      key,
      `${target.name} has no port and no check, so nobody can see in Consul that it is there`,
    )
    return undefined
  }
  const [here, there] = [networksOf(model, plan.service), networksOf(model, target.service)]
  if (!here.some((network) => there.includes(network))) {
    account.dropped(
      key,
      `it shares no network with ${target.name}, and in a stack only those on one network may wait`,
    )
    return undefined
  }
  return condition
}

/** In Consul, by a port or a check. */
function isVisible({ ports }: JobContext, { service, celery }: JobPlan): boolean {
  if (celery !== undefined || (ports.get(service.name)?.length ?? 0) > 0) return true
  const { test, disable } = service.healthcheck ?? {}
  if (!test || disable?.value) return false
  return ['probe', 'script'].includes(readHealthCommand(test.value).kind)
}
