import type { Autoscale } from '../compose/autoscale-schema.ts'
import type { ComposeModel } from '../compose/model.ts'
import type { ComposeService } from '../compose/service.ts'
import { type CeleryCommand, isWorkerScript, readCeleryCommand } from './celery-command.ts'
import type { ImportSection, JobPlan } from './context.ts'
import { toStackName, toStackNames } from './names.ts'
import { literalOf } from './pieces.ts'
import type { Secrets } from './secrets.ts'
import { resolveVariables } from './variables.ts'

export interface ClassifyOptions {
  readonly autoscale?: Autoscale
  readonly secrets: Secrets
}

/** Decides what each service becomes: a service, a worker, a batch job or a system job. */
export function classify(model: ComposeModel, { autoscale, secrets }: ClassifyOptions): Map<string, JobPlan> {
  const services = Object.values(model.services)
  const names = toStackNames(services.map(({ name }) => name))
  const plans = services.map((service): [string, JobPlan] => {
    const name = names.get(service.name) ?? toStackName(service.name)
    const words = wordsOf(service, model, secrets)
    const celery = words && readCeleryCommand(words)
    const tier = findTier(service.name, celery, autoscale)
    const kind = kindOf(service, services, words, celery !== undefined || tier !== undefined)
    const found = kind.section === 'workers' ? { ...(celery ? { celery } : {}), ...(tier ? { tier } : {}) } : {}
    return [service.name, { service, name, ...kind, ...found, path: [kind.section, name] }]
  })
  return new Map(plans)
}

/** Entrypoint and command as texts; undefined when one of them is a secret or the image's own. */
function wordsOf(service: ComposeService, model: ComposeModel, secrets: Secrets): string[] | undefined {
  const parts = [...(service.entrypoint?.value ?? []), ...(service.command?.value ?? [])]
  const words = parts.map((word) => literalOf(resolveVariables(word, model.env, secrets).pieces))
  return words.length === 0 || words.includes(undefined) ? undefined : (words as string[])
}

/** The tier of this service: by name, with "-" for "_" if need be, or by its queues. */
function findTier(service: string, celery: CeleryCommand | undefined, autoscale: Autoscale | undefined) {
  const tiers = Object.entries(autoscale?.workers ?? {})
  const plain = (name: string) => name.toLowerCase().replaceAll('_', '-')
  const queues = (list: readonly string[]) => [...list].sort().join()
  const found =
    tiers.find(([name]) => name === service) ??
    tiers.find(([name]) => plain(name) === plain(service)) ??
    tiers.find(([, { queues: own }]) => celery?.queues && queues(own) === queues(celery.queues))
  return found && { name: found[0], worker: found[1] }
}

interface Kind {
  readonly section: ImportSection
  readonly why?: string
}

function kindOf(
  service: ComposeService,
  all: readonly ComposeService[],
  words: readonly string[] | undefined,
  isWorker: boolean,
): Kind {
  const conditions = all.flatMap(({ dependsOn }) => dependsOn[service.name]?.value.condition ?? [])
  if (conditions.includes('completed')) return { section: 'batch' }
  if (isWorker || words?.some(isWorkerScript)) return { section: 'workers' }
  if (isGlobal(service)) return { section: 'system', why: 'deploy.mode is global: one on every node' }
  const watched = watchedPath(service)
  if (watched !== undefined) {
    return { section: 'system', why: `it looks at ${watched} of the node it runs on, so every node needs one` }
  }
  if (service.deploy.mode?.value.join('').endsWith('-job')) return { section: 'batch' }
  const reachable = service.ports.length + service.expose.length > 0 || service.healthcheck !== undefined
  if (reachable || conditions.length > 0) return { section: 'services' }
  if (service.restart?.value.policy === 'no' || service.restart?.value.policy === 'on-failure') return { section: 'batch' }
  // Compose runs it once and leaves it; without ports and checks nobody would miss it when it is done.
  const once = service.restart === undefined && service.deploy.restartCondition === undefined
  return once ? { section: 'batch', why: 'compose starts it once and does not restart it' } : { section: 'services' }
}

function isGlobal({ deploy }: ComposeService): boolean {
  return deploy.mode?.value.join('').startsWith('global') === true
}

/** What shows that a program is about its node: the processes, the system, or docker's own files. */
const NODE_PATHS = /^(?:\/|\/proc|\/sys|\/var\/lib\/docker(?:\/.*)?|\/var\/log|\/dev\/disk\/?|\/run\/udev)$/

function watchedPath({ volumes }: ComposeService): string | undefined {
  const bind = volumes.find(({ value }) => value.type === 'bind' && NODE_PATHS.test(value.source ?? ''))
  return bind?.value.source
}
