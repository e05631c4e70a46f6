import type { GroupView, ScalerClient, ScalerHealthView } from '../../adapters/scaler-client.ts'

export interface Status {
  readonly health: ScalerHealthView
  readonly groups: readonly GroupView[]
}

/** @param names none: all groups. Throws what the client throws, USAGE for a group that there is not. */
export async function readStatus(client: ScalerClient, names: readonly string[]): Promise<Status> {
  const groups = names.length === 0 ? client.groups() : Promise.all(names.map(client.group))
  const [health, found] = await Promise.all([client.health(), groups])
  // A group has several names.
  return { health, groups: [...new Map(found.map((group) => [group.name, group])).values()] }
}
