import { type Registration, toFileText } from '../../../consul/registration.ts'
import { applyChanges, compareFolder, readUtf8 } from '../../adapters/output-folder.ts'
import type { Stack } from '../../core/stack/stack.ts'
import type { Context } from '../context.ts'
import { printCheck } from '../print-check.ts'
import { resolvePath } from '../stack-options.ts'
import { wantedOf } from './sync.ts'

const SERVICE_FILES = /^[^/]+\.service\.json$/

export interface RenderServicesArgs {
  readonly folder: string
  readonly profile: readonly string[]
  readonly check: boolean
}

/** Writes what the stack registers as files that `consul services register` takes; gives the exit code. */
export async function renderServices(
  stack: Stack,
  { folder, profile, check }: RenderServicesArgs,
  context: Context,
): Promise<number> {
  const wanted = wantedOf(stack, profile)
  const files = wanted.map((one) => ({ path: fileOf(one), text: toFileText(one) }))
  const full = resolvePath(context, folder)
  const changes = compareFolder(full, stack.name, files, true, readUtf8, SERVICE_FILES)
  if (check) return printCheck(changes, folder, context, 'drover consul render')
  applyChanges(full, changes)
  if (context.json) {
    context.output.printJson({ folder, files: changes.map(({ path, kind }) => ({ path, kind })) })
    return 0
  }
  for (const { path } of changes.filter(({ kind }) => kind === 'removed'))
    context.output.say(`removed ${folder}/${path}: its service is gone`)
  const written = changes.filter(({ kind }) => kind === 'added' || kind === 'changed').length
  context.output.say(
    `${files.length} services in ${folder}: ${written} written, ${files.length - written} unchanged`,
  )
  return 0
}

function fileOf({ name }: Registration): string {
  return `${name}.service.json`
}
