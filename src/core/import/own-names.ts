import type { Parts } from '../compose/parts.ts'
import type { ComposeService } from '../compose/service.ts'
import type { ImportContext, JobPlan } from './context.ts'
import { environmentTexts, findHostPairs } from './dialled.ts'
import { embeddedTexts } from './embedded.ts'
import { findMentions } from './mentions.ts'
import { flatten } from './pieces.ts'
import { resolveVariables } from './variables.ts'

/**
 * The name that a job, or what runs inside it before it starts, uses for the job itself. It means something
 * there when it is the job's host name.
 */
export function findOwnName(context: ImportContext, { service }: JobPlan): { ownName?: string } {
  const { model } = context
  const inside = Object.entries(service.dependsOn)
    .filter(([, { value }]) => value.condition === 'completed')
    .flatMap(([name]) => model.services[name] ?? [])
  const isNamed = [service, ...inside].some((one) => textsOf(context, one).includes(service.name))
  return isNamed ? { ownName: service.name } : {}
}

/** Every service that the texts of one name. */
function textsOf({ model, hosts, binds, secrets }: ImportContext, service: ComposeService): string[] {
  const textOf = (parts: Parts): string => flatten(resolveVariables(parts, model.env, secrets).pieces).text
  const env = environmentTexts(service, textOf)
  const words = [...(service.entrypoint?.value ?? []), ...(service.command?.value ?? [])].map(textOf)
  const texts = [...Object.values(env), ...words, ...embeddedTexts(service, binds)]
  return [
    ...texts.flatMap((text) => findMentions(text, hosts).map((mention) => mention.service)),
    ...findHostPairs(env, hosts).map((pair) => pair.service),
  ]
}
