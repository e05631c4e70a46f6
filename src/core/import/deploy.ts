import type { Parts } from '../compose/parts.ts'
import type { ComposeUpdate } from '../compose/service.ts'
import { toNomadDuration } from '../units.ts'
import type { JobContext } from './context.ts'
import { literalOf } from './pieces.ts'
import { present, type StackMap } from './tree.ts'
import { resolveVariables } from './variables.ts'

/** How the job is placed and replaced: `deploy` without resources and restarts, and `platform`. */
export function importDeploy(job: JobContext): StackMap {
  const { account, plan } = job
  const { deploy, platform } = plan.service
  const text = (parts: Parts): string =>
    literalOf(resolveVariables(parts, job.model.env, job.secrets).pieces) ?? ''
  if (deploy.mode) account.mapped(deploy.mode.key, plan.section)
  if (deploy.endpointMode)
    account.dropped(deploy.endpointMode.key, 'addresses come from Consul, one for each allocation')
  const constraints = deploy.constraints.flatMap(({ value, key }) => {
    const constraint = toConstraint(text(value))
    if (constraint) account.mapped(key, 'constraints')
    else account.dropped(key, `"${text(value)}" says nothing about a node of Nomad`)
    return constraint ?? []
  })
  if (platform) {
    const [, arch = ''] = text(platform.value).split('/')
    account.mapped(platform.key, 'constraints')
    if (arch !== '') constraints.push({ attribute: '${attr.cpu.arch}', value: arch })
  }
  if (deploy.maxPerNode?.value === 1) {
    account.mapped(deploy.maxPerNode.key, 'constraints')
    constraints.push({ attribute: '${node.unique.id}', operator: 'distinct_hosts', value: 'true' })
  } else if (deploy.maxPerNode)
    account.dropped(deploy.maxPerNode.key, 'Nomad limits allocations on a node to one or not at all')
  const spread = deploy.preferences.map(({ value, key }) => {
    account.mapped(key, 'spread')
    return { attribute: nodeAttribute(text(value)) ?? `\${meta.${text(value)}}` }
  })
  const labels = Object.entries(deploy.labels).map(([name, { value, key }]): [string, string] => {
    account.approximated(
      key,
      `meta["${name}"]`,
      'metadata of the job, since Nomad has no labels of a service',
    )
    return [name, text(value ?? [])]
  })
  dropRollback(job)
  return present({
    constraints,
    spread,
    meta: Object.fromEntries(labels),
    update: importUpdate(job, deploy.update),
  })
}

function toConstraint(text: string): StackMap | undefined {
  const [, left = '', operator, value = ''] = /^\s*(\S+?)\s*(==|!=)\s*(\S+)\s*$/.exec(text) ?? []
  const attribute = nodeAttribute(left)
  if (attribute === undefined) return undefined
  return operator === '!=' ? { attribute, operator, value } : { attribute, value }
}

function nodeAttribute(name: string): string | undefined {
  const label = /^(?:node|engine)\.labels\.(.+)$/.exec(name)?.[1]
  if (label !== undefined) return `\${meta.${label.replace(/[^\w.-]/g, '_')}}`
  const known: Readonly<Record<string, string>> = {
    'node.id': '${node.unique.id}',
    'node.hostname': '${attr.unique.hostname}',
    'node.platform.os': '${attr.kernel.name}',
    'node.platform.arch': '${attr.cpu.arch}',
  }
  return known[name]
}

function importUpdate({ account, plan }: JobContext, update: ComposeUpdate): StackMap {
  const { parallelism, delayMs, monitorMs, failureAction, maxFailureRatio, order } = update
  if (plan.section !== 'services' && plan.section !== 'system') {
    for (const source of Object.values(update))
      account.dropped(source.key, 'only services are updated in steps')
    return {}
  }
  const action = failureAction?.value.join('')
  if (parallelism) account.mapped(parallelism.key, 'update.max_parallel')
  if (monitorMs) account.mapped(monitorMs.key, 'update.min_healthy_time')
  if (failureAction) account.mapped(failureAction.key, 'update.auto_revert')
  if (delayMs) account.dropped(delayMs.key, 'Nomad goes on as soon as an allocation is healthy')
  if (maxFailureRatio) account.dropped(maxFailureRatio.key, 'Nomad ends a deployment at the first failure')
  if (order) account.dropped(order.key, 'a canary of Nomad starts first, all else stops first')
  return present({
    max_parallel: parallelism?.value,
    min_healthy_time: monitorMs && toNomadDuration(monitorMs.value),
    auto_revert: action === undefined ? undefined : action === 'rollback',
  })
}

function dropRollback({ account, plan }: JobContext): void {
  for (const source of Object.values(plan.service.deploy.rollback))
    account.dropped(source.key, 'a job is reverted in the way in which it is updated')
}
