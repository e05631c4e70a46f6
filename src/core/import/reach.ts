import type { ComposeModel } from '../compose/model.ts'
import type { ComposeService } from '../compose/service.ts'
import type { ImportContext, JobPlan } from './context.ts'
import { dependantsOn, networksOf } from './networks.ts'

/** Why a job cannot look up another one's address; undefined when it can. */
export function whyOutOfReach(
  { model, plans }: Pick<ImportContext, 'model' | 'plans'>,
  from: JobPlan,
  to: JobPlan,
): string | undefined {
  if (to.section === 'batch') return `${to.name} is a batch job, which has no address`
  const [here, there] = [networksOf(model, from.service), networksOf(model, to.service)]
  if (!here.some((network) => there.includes(network))) return `it shares no network with ${to.name}`
  // What runs inside others is needed wherever they are.
  const callers = dependantsOn(model, from.service.name).flatMap((service) => plans.get(service.name) ?? [])
  const asking = callers.length > 0 ? callers : [from]
  const profiles = profilesOf(to)
  const always = profiles.length === 0 || asking.every((plan) => isCovered(profilesOf(plan), profiles))
  return always ? undefined : `${to.name} runs only with the profile ${profiles.join(' or ')}`
}

/** Whether a text that names this service speaks of the job itself. */
export function isItself(model: ComposeModel, from: JobPlan, service: string): boolean {
  return (
    from.service.name === service ||
    dependantsOn(model, from.service.name).some(({ name }) => name === service)
  )
}

/**
 * Whether a job may wait for another one: compose starts it later anyway, since it depends on it, directly or
 * through others. Anything else would add an order of starting, and with it deadlocks.
 */
export function mayWait(model: ComposeModel, from: JobPlan, service: string): boolean {
  const dependants = dependantsOn(model, from.service.name)
  const asking = dependants.length > 0 ? dependants : [from.service]
  return asking.every((one) => needs(model, one).has(service))
}

/** Asked for each address of a service, so it is worked out once. */
const known = new WeakMap<ComposeModel, Map<string, ReadonlySet<string>>>()

function needs(model: ComposeModel, service: ComposeService): ReadonlySet<string> {
  const ofModel = known.get(model) ?? new Map<string, ReadonlySet<string>>()
  known.set(model, ofModel)
  const before = ofModel.get(service.name)
  if (before) return before
  const seen = new Set<string>()
  // A stack of its own: a chain of services may be longer than calls can be nested.
  const open = [service]
  for (let from = open.pop(); from; from = open.pop())
    for (const [name, { value }] of Object.entries(from.dependsOn)) {
      const next = model.services[name]
      if (value.condition === 'completed' || seen.has(name) || !next) continue
      seen.add(name)
      open.push(next)
    }
  ofModel.set(service.name, seen)
  return seen
}

export function profilesOf({ service }: JobPlan): string[] {
  return service.profiles.map(({ value }) => value)
}

function isCovered(own: readonly string[], wanted: readonly string[]): boolean {
  return own.length > 0 && own.every((profile) => wanted.includes(profile))
}
