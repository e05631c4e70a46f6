import type { ComposeModel } from '../compose/model.ts'
import { type Parts, toParts } from '../compose/parts.ts'
import type { ComposeService } from '../compose/service.ts'
import type { BindSources } from './bind-source.ts'
import { embeddedTexts } from './embedded.ts'
import { findMentions, type HostNames, type Mention } from './mentions.ts'
import { dependantsOn } from './networks.ts'
import { flatten } from './pieces.ts'
import type { Secrets } from './secrets.ts'
import type { Dialled } from './service-ports.ts'
import { resolveVariables } from './variables.ts'

/** A variable that holds the name of a service, and the one beside it that holds the port. */
export interface HostPair {
  readonly host: string
  readonly service: string
  readonly portVariable?: string
  readonly port?: number
}

/** Everything that services dial of each other: in variables, commands and mounted files. */
export function findDialled(
  model: ComposeModel,
  hosts: HostNames,
  binds: BindSources,
  secrets: Secrets,
): Dialled[] {
  const textOf = (parts: Parts): string => flatten(resolveVariables(parts, model.env, secrets).pieces).text
  return Object.values(model.services).flatMap((service) => {
    const env = environmentTexts(service, textOf)
    const words = [...(service.entrypoint?.value ?? []), ...(service.command?.value ?? [])]
    const others = [...words.map(textOf), ...embeddedTexts(service, binds)]
    const found = [
      ...Object.entries(env).flatMap(([name, text]) => mentionsInVariable(name, text, hosts)),
      ...others.flatMap((text) => findMentions(text, hosts)),
    ]
    const pairs = findHostPairs(env, hosts).flatMap(({ service: to, port }) =>
      port === undefined ? [] : [{ service: to, port, inUrl: false }],
    )
    const inside = dependantsOn(model, service.name).map(({ name }) => name)
    return [...found, ...pairs].map(({ service: to, port, inUrl }) => ({
      service: to,
      port,
      inUrl,
      byItself: to === service.name || inside.includes(to),
    }))
  })
}

/** `redis:7` is an image where the variable says so. */
export function mentionsInVariable(name: string, text: string, hosts: HostNames): Mention[] {
  const isImage = /IMAGE|VERSION|TAG$/i.test(name)
  return findMentions(text, hosts).filter(({ inUrl }) => inUrl || !isImage)
}

/** `X_HOST=redis` beside `X_PORT=6379`. A plain word is a host only where the variable says so. */
export function findHostPairs(env: Readonly<Record<string, string>>, hosts: HostNames): HostPair[] {
  return Object.entries(env).flatMap(([name, text]) => {
    const prefix = /^(.*?)_?(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS)$/i.exec(name)?.[1]
    const service = hosts.get(text)
    if (prefix === undefined || service === undefined || /^(?:VIRTUAL|LETSENCRYPT)$/i.test(prefix)) return []
    const wanted = prefix === '' ? 'PORT' : `${prefix}_PORT`
    const portVariable = Object.keys(env).find((other) => other.toUpperCase() === wanted.toUpperCase())
    const port = portVariable === undefined ? undefined : Number(env[portVariable])
    if (portVariable === undefined || !(Number(port) > 0)) return [{ host: name, service }]
    return [{ host: name, service, portVariable, port: Number(port) }]
  })
}

/** The variables of a service as texts; one that the shell passes on is that shell's variable. */
export function environmentTexts(
  { environment }: ComposeService,
  textOf: (parts: Parts) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, { value }]) => [name, textOf(value ?? toParts(''))]),
  )
}
