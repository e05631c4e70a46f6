import { compact } from '../compact.ts'
import type { Autoscale } from '../compose/autoscale-schema.ts'
import type { ComposeModel, Sourced } from '../compose/model.ts'
import type { ComposeMount, ComposeService } from '../compose/service.ts'
import { type CeleryCommand, isWorkerScript, readCeleryCommand } from './celery-command.ts'
import type { JobPlan } from './context.ts'
import { toStackName, toStackNames } from './names.ts'
import { flatten, literalOf } from './pieces.ts'
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
    const program = programOf(service, model, secrets)
    const celery = program.words && readCeleryCommand(program.words)
    const tier = findTier(service.name, celery, autoscale)
    const kind = kindOf(service, services, program, celery !== undefined || tier !== undefined)
    const found = kind.section === 'workers' ? compact({ celery, tier, ...scriptOf(program) }) : {}
    return [service.name, { service, name, ...kind, ...found, path: [kind.section, name] }]
  })
  return new Map(plans)
}

/** A worker whose command is kept as it is. */
function scriptOf({ text }: Program): Pick<JobPlan, 'script'> {
  return isWorkerScript(text) ? { script: text } : {}
}

interface Program {
  /** Entrypoint and command; absent when a word is not known here. */
  readonly words?: readonly string[]
  /** The same as one text, with gaps for what is not known. */
  readonly text: string
}

function programOf(service: ComposeService, model: ComposeModel, secrets: Secrets): Program {
  const parts = [...(service.entrypoint?.value ?? []), ...(service.command?.value ?? [])]
  const pieces = parts.map((word) => resolveVariables(word, model.env, secrets).pieces)
  const words = pieces.map(literalOf)
  const text = pieces.map((word) => flatten(word).text).join(' ')
  return words.includes(undefined) ? { text } : { words: words as string[], text }
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

type Kind = Pick<JobPlan, 'section' | 'why' | 'whyKey'>

function kindOf(
  service: ComposeService,
  all: readonly ComposeService[],
  { text }: Program,
  isWorker: boolean,
): Kind {
  const conditions = all.flatMap(({ dependsOn }) => dependsOn[service.name]?.value.condition ?? [])
  if (conditions.includes('completed')) return { section: 'batch' }
  if (isWorker || isWorkerScript(text)) return { section: 'workers' }
  if (isGlobal(service)) return { section: 'system', why: 'deploy.mode is global: one on every node' }
  const watched = watchedPath(service)
  if (watched) {
    const why = `it looks at ${watched.value.source} of the node it runs on, so every node needs one`
    return { section: 'system', why, whyKey: watched.key }
  }
  if (service.deploy.mode?.value.join('').endsWith('-job')) return { section: 'batch' }
  const reachable = service.ports.length + service.expose.length > 0 || service.healthcheck !== undefined
  if (reachable || conditions.length > 0) return { section: 'services' }
  if (service.restart?.value.policy === 'no' || service.restart?.value.policy === 'on-failure')
    return { section: 'batch' }
  // Compose runs it once and leaves it; without ports and checks nobody would miss it when it is done.
  const once = service.restart === undefined && service.deploy.restartCondition === undefined
  return once
    ? { section: 'batch', why: 'compose starts it once and does not restart it' }
    : { section: 'services' }
}

function isGlobal({ deploy }: ComposeService): boolean {
  return deploy.mode?.value.join('').startsWith('global') === true
}

/** What shows that a program is about its node: the processes, the system, or docker's own files. */
const NODE_PATHS = /^(?:\/|\/proc|\/sys|\/var\/lib\/docker(?:\/.*)?|\/var\/log|\/dev\/disk\/?|\/run\/udev)$/

function watchedPath({ volumes }: ComposeService): Sourced<ComposeMount> | undefined {
  return volumes.find(({ value }) => value.type === 'bind' && NODE_PATHS.test(value.source ?? ''))
}
