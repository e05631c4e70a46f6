import type { ComposeNetwork, ComposeVolume, Sourced } from '../compose/model.ts'
import type { Parts } from '../compose/parts.ts'
import { formatPath } from '../issue.ts'
import type { ImportContext } from './context.ts'
import type { Account } from './ledger.ts'
import { literalOf } from './pieces.ts'
import { present, type StackMap } from './tree.ts'
import { resolveVariables } from './variables.ts'

/** Top-level `volumes`: docker volumes under the names that they have on the node already. */
export function importVolumes(context: ImportContext, stackName: string): StackMap {
  const account = context.ledger.of()
  const entries = Object.entries(context.model.volumes).map(([name, volume]): [string, StackMap] => {
    const own = context.volumeNames.get(name) ?? name
    return [own, importVolume(context, account, name, own, volume, stackName)]
  })
  return Object.fromEntries(entries)
}

function importVolume(
  context: ImportContext,
  account: Account,
  name: string,
  own: string,
  volume: ComposeVolume,
  stackName: string,
): StackMap {
  const at = formatPath(['volumes', name])
  const to = `volumes.${own}`
  account.mapped(at, to)
  const driver = textOf(context, volume.driver)
  if (volume.driver)
    account.mapped(volume.driver.key, `${to}.driver`, driver === 'local' ? 'the default' : undefined)
  if (volume.name) account.mapped(volume.name.key, `${to}.source`)
  if (volume.external) account.mapped(volume.external.key, to, 'Drover makes no docker volumes in any case')
  for (const { key } of Object.values(volume.labels))
    account.dropped(key, 'a volume of a stack has no labels')
  const options = Object.entries(volume.driverOptions).map(([option, source]): [string, string] => {
    account.mapped(source.key, `${to}.options`)
    return [option, textOf(context, { ...source, value: source.value ?? [] }) ?? '']
  })
  const source = textOf(context, volume.name) ?? (volume.external ? name : `${stackName}_${name}`)
  return present({
    type: 'docker',
    source: source === `${stackName}_${own}` ? undefined : source,
    driver: driver === 'local' && options.length === 0 ? undefined : driver,
    options: Object.fromEntries(options),
  })
}

/** Top-level `networks`: who may talk to whom. */
export function importNetworks(context: ImportContext): StackMap {
  const account = context.ledger.of()
  const entries = Object.entries(context.model.networks).map(([name, network]): [string, StackMap] => {
    const own = context.networkNames.get(name) ?? name
    const to = `networks.${own}`
    account.mapped(formatPath(['networks', name]), to)
    tellNetwork(context, account, network, to)
    return [own, present({ internal: network.internal?.value || undefined })]
  })
  return Object.fromEntries(entries)
}

function tellNetwork(context: ImportContext, account: Account, network: ComposeNetwork, to: string): void {
  const driver = textOf(context, network.driver)
  if (network.driver && driver === 'bridge')
    account.mapped(network.driver.key, to, 'how networks are kept apart is cluster.isolation')
  else if (network.driver)
    account.dropped(network.driver.key, 'how networks are kept apart is cluster.isolation')
  if (network.name)
    account.dropped(network.name.key, 'with isolation by docker networks they are named STACK_NETWORK')
  if (network.internal) account.mapped(network.internal.key, `${to}.internal`)
  if (network.external)
    account.approximated(
      network.external.key,
      to,
      'a network of the stack: who is on it but not in these files is not reached by name',
    )
  if (network.attachable)
    account.dropped(network.attachable.key, 'jobs join the networks that the stack gives them')
  for (const { key } of Object.values(network.driverOptions))
    account.dropped(key, 'a network of a stack has no driver options')
  for (const { key } of Object.values(network.labels))
    account.dropped(key, 'a network of a stack has no labels')
}

function textOf({ model, secrets }: ImportContext, source: Sourced<Parts> | undefined): string | undefined {
  return source && literalOf(resolveVariables(source.value, model.env, secrets).pieces)
}
