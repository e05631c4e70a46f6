import { relative, resolve } from 'node:path'
import { parseAutoscale, type ReadAutoscale } from '../core/compose/autoscale.ts'
import { issuesForImport } from '../core/import/compose-issues.ts'
import { type Imported, importCompose } from '../core/import/import-compose.ts'
import type { Issue } from '../core/issue.ts'
import { DroverError } from '../errors.ts'
import { readBindSources } from './bind-sources.ts'
import { readComposeFiles } from './compose-files.ts'
import { loadYaml } from './yaml.ts'

export interface ImportFilesOptions {
  /** Compose files, later ones laid over earlier ones. */
  readonly files: readonly string[]
  readonly autoscale?: string
  /** Default: `.env` beside the first compose file, when there is one. */
  readonly envFiles?: readonly string[]
  readonly profiles?: readonly string[]
  /** Folder that the stack file will be in; paths in it start there. */
  readonly stackFolder: string
}

/**
 * Reads compose files and autoscale.yml and imports them. Throws DroverError: USAGE for a path, STACK_INVALID with
 * every issue for a content that cannot be imported. Warnings are returned.
 */
export function importFiles(options: ImportFilesOptions): Imported & { readonly warnings: readonly Issue[] } {
  const { files, envFiles, profiles, stackFolder } = options
  const read = readComposeFiles({ files, ...(envFiles && envFiles.length > 0 ? { envFiles } : {}) })
  const autoscale = options.autoscale === undefined ? undefined : parseAutoscale(loadYaml(options.autoscale))
  const issues = [
    ...(read.model ? issuesForImport(read.issues, read.model) : read.issues),
    ...(autoscale?.issues ?? []),
  ]
  if (!read.model || hasErrors(issues)) throw invalid(files, options.autoscale, issues)
  const folder = resolve(read.model.folder)
  const imported = importCompose({
    model: read.model,
    binds: readBindSources(read.model, folder),
    places: {
      fromStack: relative(resolve(stackFolder), folder).replaceAll('\\', '/') || '.',
      absolute: folder,
    },
    ...withAutoscale(autoscale),
    ...(profiles ? { profiles } : {}),
  })
  if (hasErrors(imported.issues)) throw invalid(files, options.autoscale, [...issues, ...imported.issues])
  return { ...imported, warnings: [...issues, ...imported.issues] }
}

function withAutoscale(read: ReadAutoscale | undefined) {
  return read?.autoscale ? { autoscale: { value: read.autoscale, keys: read.keys } } : {}
}

function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some(({ severity }) => severity === 'error')
}

function invalid(
  files: readonly string[],
  autoscale: string | undefined,
  issues: readonly Issue[],
): DroverError {
  const all = [...files, ...(autoscale === undefined ? [] : [autoscale])].join(', ')
  const hint = 'Nothing was written.'
  return new DroverError('STACK_INVALID', `${all} cannot be imported`, { issues, hint })
}
