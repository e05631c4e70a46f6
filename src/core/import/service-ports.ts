import type { ComposeService } from '../compose/service.ts'
import { readHealthCommand } from './health-command.ts'
import type { HostNames, Mention } from './mentions.ts'
import { portName } from './port-names.ts'

/** A port of a container. */
export interface ServicePort {
  readonly number: number
  readonly name: string
}

/** A port that a service dials, also of itself. */
export type Dialled = Pick<Mention, 'service' | 'port' | 'inUrl'> & { readonly byItself: boolean }

/**
 * The ports of every service: published, exposed, checked, or dialled by another one, which compose allows
 * without a word. Dialled ones come first, since the first port has the service's own name in Consul.
 */
export function findPorts(
  services: readonly ComposeService[],
  dialled: readonly Dialled[],
): ReadonlyMap<string, readonly ServicePort[]> {
  return new Map(
    services.map((service) => {
      const all = dialled.filter((one) => one.service === service.name)
      const called = all.filter(({ byItself }) => !byItself)
      const declared = declaredPorts(service)
      const checked = checkedPorts(service)
      const known = new Set([...declared, ...checked.keys()])
      const meant = new Set(called.map(({ port }) => containerPort(service, port, known)))
      const own = all.flatMap(({ byItself, port }) => (byItself ? [port] : []))
      const numbers = new Set([...meant, ...checked.keys(), ...known, ...own])
      const taken = new Set<string>()
      const ports = [...numbers].map((number): ServicePort => {
        const inUrl = called.some((one) => one.port === number && one.inUrl)
        const checkedBy = checked.get(number)
        const name = given(service, number) ?? portName(number, service, { inUrl, checkedBy })
        const free = taken.has(name) ? `${name}-${number}`.slice(-63) : name
        taken.add(free)
        return { number, name: free }
      })
      return [service.name, ports]
    }),
  )
}

/**
 * The container's port that a dialled number means. Who dials the published number inside the network
 * reaches nobody in compose; the port behind it is meant.
 */
export function containerPort(service: ComposeService, number: number, known: ReadonlySet<number>): number {
  if (known.has(number)) return number
  const behind = service.ports.find(({ value }) => value.published === number)
  return behind?.value.target ?? number
}

/** Ports that the service itself names. */
export function declaredPorts(service: ComposeService): Set<number> {
  const published = service.ports.map(({ value }) => value.target)
  const exposed = service.expose.map(({ value }) => Number(/^(\d+)(?:\/\w+)?$/.exec(value)?.[1]))
  return new Set([...published, ...exposed].filter((port) => port > 0))
}

/** Ports that the service's own health check asks, and in what way. */
function checkedPorts({ healthcheck }: ComposeService): ReadonlyMap<number, string> {
  const test = healthcheck?.test?.value
  if (!test || healthcheck.disable?.value) return new Map()
  const command = readHealthCommand(test)
  if (command.kind === 'probe') {
    return new Map('port' in command.probe ? [[command.probe.port, command.probe.type]] : [])
  }
  const words =
    command.kind === 'script' ? command.words.flat().filter((part) => typeof part === 'string') : []
  const port = /\bnc\s+(?:-\w+\s+)*(?:localhost|127\.0\.0\.1)\s+(\d{2,5})\b/.exec(words.join(' '))?.[1]
  return new Map(port === undefined ? [] : [[Number(port), 'script']])
}

function given(service: ComposeService, number: number): string | undefined {
  const name = service.ports.find(({ value }) => value.target === number && value.name !== undefined)?.value
    .name
  return name !== undefined && /^[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?$/.test(name) ? name : undefined
}

/** Every name under which a service is reached inside its networks. */
export function hostNames(services: readonly ComposeService[]): HostNames {
  const names = new Map<string, string>()
  for (const { name, containerName, networks } of services) {
    const aliases = Object.values(networks ?? {}).flatMap(({ value }) => value.aliases)
    const container = containerName?.value.every((part) => typeof part === 'string')
      ? [containerName.value.join('')]
      : []
    for (const alias of [...aliases, ...container]) if (!names.has(alias)) names.set(alias, name)
  }
  for (const { name } of services) names.set(name, name)
  return names
}
