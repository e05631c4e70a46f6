import type { Changes } from '../../../consul/reconcile.ts'
import { reconcile } from '../../../consul/reconcile.ts'
import type { Registration } from '../../../consul/registration.ts'
import { applyChanges } from '../../../consul/sync.ts'
import { groupsOf, wantedExternals, wantedGroup } from '../../../consul/wanted.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { EXIT_DIFFERENCES } from '../../errors.ts'
import type { Context } from '../context.ts'
import { withConsul } from './open-consul.ts'

/** What the stack alone says is to be registered: all but the scaler, which only it can know. */
export function wantedOf(stack: Stack, profiles: readonly string[]): Registration[] {
  return [...wantedExternals(stack), ...groupsOf(stack, profiles).map((group) => wantedGroup(stack, group))]
}

export interface SyncArgs {
  readonly profile: readonly string[]
  readonly dryRun: boolean
  readonly prune: boolean
}

/** Makes Consul's agent have what the stack says; gives the exit code. */
export async function syncConsul(
  stack: Stack,
  { profile, dryRun, prune }: SyncArgs,
  context: Context,
): Promise<number> {
  const { changes, left } = await withConsul(context, async (client) => {
    const present = await client.present(stack.name)
    // A scaler registers itself, and groups that are in Nomad only.
    const mine = present.filter(({ meta }) => meta.kind !== 'scaler' && meta.origin !== 'nomad')
    const found = reconcile(wantedOf(stack, profile), mine)
    const changes: Changes = prune ? found : { ...found, remove: [] }
    if (!dryRun) await applyChanges(client, changes)
    return { changes, left: prune ? [] : found.remove }
  })
  await printChanges(stack, changes, left, dryRun, context)
  const count = changes.create.length + changes.update.length + changes.remove.length
  return dryRun && count > 0 ? EXIT_DIFFERENCES : 0
}

async function printChanges(
  { name }: Stack,
  { create, update, remove, unchanged }: Changes,
  left: Changes['remove'],
  dryRun: boolean,
  { json, output }: Context,
): Promise<void> {
  const rows = [
    ...create.map(({ name, kind }) => ({ service: name, kind, change: 'create', why: 'it is not there' })),
    ...update.map(({ registration, why }) => ({
      service: registration.name,
      kind: registration.kind,
      change: 'update',
      why,
    })),
    ...remove.map(({ name, meta }) => ({
      service: name,
      kind: meta.kind ?? '-',
      change: 'remove',
      why: 'the stack does not have it',
    })),
  ]
  if (json) {
    output.printJson({ dryRun, changes: rows, unchanged, left: left.map(({ name }) => name) })
    return
  }
  if (rows.length > 0)
    await output.printTable({
      head: ['service', 'kind', 'change', 'why'],
      rows: rows.map(({ service, kind, change, why }) => [service, kind, change, why]),
    })
  for (const { name } of left) output.say(`${name} is not in the stack any more; --prune removes it`)
  const done = dryRun ? 'would be made' : 'made'
  output.say(
    `${name}: ${rows.length} ${rows.length === 1 ? 'change' : 'changes'} ${done}, ${unchanged} unchanged`,
  )
}
