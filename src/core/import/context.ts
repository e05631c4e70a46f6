import type { AutoscaleWorker } from '../compose/autoscale-schema.ts'
import type { ComposeModel } from '../compose/model.ts'
import type { ComposeService } from '../compose/service.ts'
import type { DocumentPath, Issue } from '../issue.ts'
import type { BindSources } from './bind-source.ts'
import type { CeleryCommand } from './celery-command.ts'
import type { Account, Ledger } from './ledger.ts'
import type { HostNames } from './mentions.ts'
import type { Secrets } from './secrets.ts'
import type { ServicePort } from './service-ports.ts'
import type { StackComment } from './tree.ts'

export type ImportSection = 'services' | 'workers' | 'batch' | 'system'

/** What a compose service becomes. */
export interface JobPlan {
  readonly service: ComposeService
  readonly name: string
  readonly section: ImportSection
  /** Why it is not a plain service; good to know for the reader of the stack. */
  readonly why?: string
  /** The compose key that decided. */
  readonly whyKey?: string
  /** Where it stands in the stack. */
  readonly path: DocumentPath
  readonly celery?: CeleryCommand
  /** The command of a Celery worker as one text, also where it could not be taken apart. */
  readonly script?: string
  /** Its tier in autoscale.yml, with the name it has there. */
  readonly tier?: { readonly name: string; readonly worker: AutoscaleWorker }
}

/** Where the import happens. */
export interface ImportPlaces {
  /** From the folder of the stack file to that of the compose files. */
  readonly fromStack: string
  /** The folder of the compose files as an absolute path, for mounts of the node's paths. */
  readonly absolute: string
}

/** What all parts of an import share. */
export interface ImportContext {
  readonly model: ComposeModel
  readonly places: ImportPlaces
  /** By compose service, in the order of the files. */
  readonly plans: ReadonlyMap<string, JobPlan>
  readonly hosts: HostNames
  readonly ports: ReadonlyMap<string, readonly ServicePort[]>
  readonly binds: BindSources
  readonly volumeNames: ReadonlyMap<string, string>
  readonly networkNames: ReadonlyMap<string, string>
  readonly secrets: Secrets
  readonly ledger: Ledger
  readonly comments: StackComment[]
  /** What the report says about the import as a whole. */
  readonly assumptions: string[]
  readonly issues: Issue[]
}

/** One job under way: its plan, its account, and a comment for one of its keys. */
export interface JobContext extends ImportContext {
  readonly plan: JobPlan
  readonly account: Account
  comment(path: DocumentPath, text: string): void
}

export function jobContext(context: ImportContext, plan: JobPlan): JobContext {
  return {
    ...context,
    plan,
    account: context.ledger.of(plan.service.name),
    comment: (path, text) => void context.comments.push({ path: [...plan.path, ...path], text }),
  }
}
