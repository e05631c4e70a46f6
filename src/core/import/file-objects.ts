import type { ComposeFileObject, Sourced } from '../compose/model.ts'
import { joinPath } from '../compose/path.ts'
import type { ComposeFileMount } from '../compose/service.ts'
import { formatPath } from '../issue.ts'
import type { JobContext } from './context.ts'
import { contentFile } from './files.ts'
import { literalOf } from './pieces.ts'
import { importText } from './texts.ts'
import { present, type StackMap } from './tree.ts'
import { resolveVariables } from './variables.ts'

/** `secrets` and `configs` of a service, which compose mounts as files. */
export function importFileObjects(job: JobContext): Record<string, StackMap> {
  const { secrets, configs } = job.plan.service
  const files: Record<string, StackMap> = {}
  for (const mount of secrets) files[mount.value.target] = secretFile(job, mount)
  for (const mount of configs) {
    const file = configFile(job, mount)
    if (file) files[mount.value.target] = file
  }
  return files
}

function secretFile(job: JobContext, { value, key }: Sourced<ComposeFileMount>): StackMap {
  const { account, model, secrets } = job
  const object = model.secrets[value.source]
  const variable = object?.environment?.value.join('')
  const reference = secrets.ofVariable(variable === undefined || variable === '' ? value.source : variable)
  const to = `files["${value.target}"]`
  const why = `the secret ${reference.secret}: put its value into the Nomad variable`
  account.approximated(key, to, why)
  job.ledger.of().approximated(formatPath(['secrets', value.source]), `secrets.${reference.secret}`, why)
  tellOwner(job, value, key, to)
  return contentFile('@VALUE@', { VALUE: { secret: reference.secret } }, value.mode)
}

function configFile(
  job: JobContext,
  { value, key, position }: Sourced<ComposeFileMount>,
): StackMap | undefined {
  const { account, model, places } = job
  const object: ComposeFileObject | undefined = model.configs[value.source]
  job.ledger.of().mapped(formatPath(['configs', value.source]), 'files of the jobs that mount it')
  const to = `files["${value.target}"]`
  tellOwner(job, value, key, to)
  const mode = contentFile('', {}, value.mode)
  if (object?.content) {
    const text = literalOf(importText(job, object.content.value, { key, to, position }))
    if (text !== undefined) return { ...mode, content: text }
    account.rejected(
      key,
      'its text holds a secret or an address: write it into `files` with a mark in its place',
    )
    return undefined
  }
  const file = object?.file && literalOf(resolveVariables(object.file.value, model.env, job.secrets).pieces)
  if (file !== undefined) {
    account.mapped(key, to)
    return present({ source: joinPath(places.fromStack, file), mode: mode.mode })
  }
  account.dropped(key, 'a config that is made outside of these files has no text to embed')
  return undefined
}

function tellOwner({ account }: JobContext, { uid, gid }: ComposeFileMount, key: string, to: string): void {
  if (uid !== undefined || gid !== undefined)
    account.approximated(key, to, 'Nomad writes files as root: who reads it needs a mode that lets it')
}
