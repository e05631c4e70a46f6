import type { Issue } from '../issue.ts'
import { accountForTiers } from './autoscale-account.ts'
import { importBroker } from './broker.ts'
import { buildJob } from './build-job.ts'
import { importCluster } from './cluster.ts'
import { type ImportContext, jobContext } from './context.ts'
import { importEnvironment } from './environment.ts'
import { sayGenerally } from './general-notes.ts'
import { projectName } from './images.ts'
import type { ImportOptions } from './import-options.ts'
import { type Account, createLedger } from './ledger.ts'
import { commonLogs } from './logging.ts'
import { findOwnName } from './own-names.ts'
import { prepareImport } from './prepare.ts'
import { importNetworks, importVolumes } from './project-objects.ts'
import { type ReportEntry, reportAutoscale, reportCompose } from './report.ts'
import { importScaling } from './scaling.ts'
import type { ImportedSecret } from './secrets.ts'
import { shareAmong } from './share-among.ts'
import { present, type StackMap, type StackTree, type StackValue } from './tree.ts'

export interface Imported {
  readonly tree: StackTree
  readonly report: readonly ReportEntry[]
  /** What the stack says that the files do not: to be checked by whoever knows the cluster. */
  readonly assumptions: readonly string[]
  /** Secrets whose values have to be put into Nomad variables. */
  readonly secrets: readonly ImportedSecret[]
  readonly issues: readonly Issue[]
}

/** A stack from compose files and autoscale.yml, and an account of every key of theirs. */
export function importCompose(options: ImportOptions): Imported {
  const { autoscale, places } = options
  const context = prepareImport(options)
  const { ledger, model, plans } = context
  const tiers = createLedger()
  const name = projectName(model, places.absolute)
  const jobs = [...plans.values()].map((plan) => jobContext(context, plan))
  const shared = shareAmong(jobs, jobs.map(importEnvironment))
  const logs = commonLogs(jobs)
  const built = jobs.map((job) => ({
    plan: job.plan,
    path: job.plan.path,
    job: buildJob(job, {
      env: shared.own.get(job.plan.name) ?? {},
      envFrom: shared.uses.get(job.plan.name) ?? [],
      logs,
      ...findOwnName(context, job.plan),
    }),
  }))
  const scaling = autoscale && scalingOf(context, autoscale, tiers.of())
  const broker = importBroker(context)
  const rest = {
    networks: importNetworks(context),
    environments: shared.blocks,
    volumes: importVolumes(context, name),
  }
  const cluster = importCluster(context, built, scaling?.budget !== undefined)
  const sections = Object.fromEntries(
    SECTIONS.map((section) => [
      section,
      Object.fromEntries(
        built.filter(({ plan }) => plan.section === section).map(({ plan, job }) => [plan.name, job]),
      ),
    ]),
  )
  const used = usedSecrets([sections, shared.blocks, scaling ?? null, broker ?? null])
  const secrets = inReadingOrder(
    context,
    context.secrets.list().filter((secret) => used.has(secret.name)),
  )
  if (model.name) ledger.of().mapped(model.name.key, 'name')
  sayGenerally(context, built, shared.blocks)
  const value = present({
    name,
    cluster,
    logs,
    secrets: importSecrets(context, secrets),
    ...rest,
    broker,
    scaling,
    ...sections,
  })
  const place = (service: string, to: string): string | undefined => {
    const plan = plans.get(service)
    return plan && shared.place(plan, to)
  }
  return {
    tree: { value, comments: context.comments },
    report: [
      ...reportCompose(model.keys, ledger, place),
      ...(autoscale ? reportAutoscale(autoscale.keys, tiers) : []),
    ],
    assumptions: context.assumptions,
    secrets,
    issues: context.issues,
  }
}

const SECTIONS = ['services', 'workers', 'batch', 'system'] as const

function scalingOf(
  context: ImportContext,
  { value, keys }: NonNullable<ImportOptions['autoscale']>,
  account: Account,
): StackMap {
  accountForTiers(context, value, account)
  return importScaling(context, value, account, (key) => keys.find((one) => one.key === key)?.position)
}

/** In the order in which the files name their variables. */
function inReadingOrder({ model }: ImportContext, secrets: readonly ImportedSecret[]): ImportedSecret[] {
  const places = new Map(model.variables.map(({ name }, index) => [name, index]))
  const placeOf = ({ variable = '' }: ImportedSecret) => places.get(variable) ?? places.size
  return [...secrets].sort((a, b) => placeOf(a) - placeOf(b))
}

/** Values never come into the stack; where one stands today is said, so that it can be moved. */
function importSecrets(
  { comments }: ImportContext,
  secrets: readonly ImportedSecret[],
): StackMap | undefined {
  for (const { name, position } of secrets) {
    if (position)
      comments.push({
        path: ['secrets', name],
        text: `Its value stands in ${position.file}:${position.line}.`,
      })
  }
  return secrets.length === 0 ? undefined : Object.fromEntries(secrets.map(({ name }) => [name, {}]))
}

function usedSecrets(node: StackValue, found = new Set<string>()): ReadonlySet<string> {
  if (typeof node !== 'object' || node === null) return found
  for (const [key, value] of Object.entries(node)) {
    if (key === 'secret' && typeof value === 'string') found.add(value)
    else usedSecrets(value as StackValue, found)
  }
  return found
}
