import { compact } from '../compact.ts'
import type { Sourced } from './model.ts'
import { childOf, isNull } from './node.ts'
import type { MapReader } from './reader.ts'
import type { ComposeDependency, ComposeRestart, ComposeService, ComposeServiceNetwork } from './service.ts'

const CONDITIONS: Readonly<Record<string, ComposeDependency['condition']>> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
}

export function readDependencies(service: MapReader): Record<string, Sourced<ComposeDependency>> {
  return service.record('depends_on', (item) => {
    const { map } = item
    const written = map.word('condition')?.value ?? 'service_started'
    const condition = Object.hasOwn(CONDITIONS, written) ? CONDITIONS[written] : undefined
    if (!condition)
      return item.fail(
        `"${written}" is not a condition`,
        `conditions are ${Object.keys(CONDITIONS).join(', ')}`,
      )
    return {
      condition,
      restart: map.flag('restart')?.value ?? false,
      required: map.flag('required')?.value ?? true,
    }
  })
}

export function readRestart(service: MapReader): Sourced<ComposeRestart> | undefined {
  const written = service.word('restart')
  if (!written) return undefined
  const [, policy, attempts] = /^(no|always|unless-stopped|on-failure)(?::(\d+))?$/.exec(written.value) ?? []
  if (policy === undefined || (attempts !== undefined && policy !== 'on-failure')) {
    const policies = 'no, always, unless-stopped, on-failure or on-failure:TIMES'
    return service.fail('restart', `"${written.value}" is not a restart policy`, `write ${policies}`)
  }
  const value = {
    policy: policy as ComposeRestart['policy'],
    ...(attempts === undefined ? {} : { attempts: Number(attempts) }),
  }
  return { ...written, value }
}

/** Undefined when the service does not say: it is then on the project's default network. */
export function readServiceNetworks(service: MapReader): ComposeService['networks'] {
  const written = childOf(service.node, 'networks')
  if (!written || isNull(written)) return undefined
  return service.record('networks', ({ node, map }): ComposeServiceNetwork => {
    if (isNull(node)) return { aliases: [] }
    const addresses = {
      ipv4Address: map.word('ipv4_address')?.value,
      ipv6Address: map.word('ipv6_address')?.value,
    }
    return {
      aliases: map.list('aliases', (alias) => alias.text).map(({ value }) => value),
      ...compact(addresses),
    }
  })
}

export function readUlimits(service: MapReader): ComposeService['ulimits'] {
  return service.record('ulimits', (item) => {
    if (item.node.kind !== 'map') return both(Number(item.text), Number(item.text))
    const [soft, hard] = [item.map.number('soft')?.value, item.map.number('hard')?.value]
    if (soft === undefined && hard === undefined) return item.fail('has neither soft nor hard', 'add both')
    return both(soft ?? (hard as number), hard ?? (soft as number))
  })
}

function both(soft: number, hard: number): { soft: number; hard: number } {
  return { soft, hard }
}
