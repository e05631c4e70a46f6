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
export function dependantsOn(model: ComposeModel, name: string): ComposeService[] {
  return Object.values(model.services).filter(
    ({ dependsOn }) => dependsOn[name]?.value.condition === 'completed',
  )
}

/** As the service says it itself; empty for none. */
export function ownNetworks({ networks, networkMode }: ComposeService): readonly string[] {
  if (networkMode?.value.join('') === 'none') return []
  return networks ? Object.keys(networks) : [DEFAULT_NETWORK]
}
