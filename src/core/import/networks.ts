import type { ComposeModel } from '../compose/model.ts'
import type { ComposeService } from '../compose/service.ts'

/** Name of the network of services that name none, in compose and in a stack. */
const DEFAULT_NETWORK = 'default'

/**
 * The networks that a service is on, by their compose names. One that others need completed runs inside
 * them, so that without a network of its own it has theirs.
 */
export function networksOf(model: ComposeModel, service: ComposeService): readonly string[] {
  const own = ownNetworks(service)
  if (own.length > 0) return own
  const inside = dependantsOn(model, service.name).flatMap((dependant) => ownNetworks(dependant))
  return [...new Set(inside)]
}

/** Services that wait for this one to complete: it runs inside each of them. */
export function dependantsOn(model: ComposeModel, name: string): readonly ComposeService[] {
  return completedBy(model).get(name) ?? []
}

/** Asked for each address of a file, so it is worked out once. */
const known = new WeakMap<ComposeModel, ReadonlyMap<string, readonly ComposeService[]>>()

function completedBy(model: ComposeModel): ReadonlyMap<string, readonly ComposeService[]> {
  const before = known.get(model)
  if (before) return before
  const dependants = new Map<string, ComposeService[]>()
  for (const service of Object.values(model.services))
    for (const [name, { value }] of Object.entries(service.dependsOn))
      if (value.condition === 'completed') dependants.set(name, [...(dependants.get(name) ?? []), service])
  known.set(model, dependants)
  return dependants
}

/** As the service says it itself; empty for none. */
export function ownNetworks({ networks, networkMode }: ComposeService): readonly string[] {
  if (networkMode?.value.join('') === 'none') return []
  return networks ? Object.keys(networks) : [DEFAULT_NETWORK]
}
