import type { Issue } from '../issue.ts'
import { checkReferences } from './checks.ts'
import { listComments, listKeys } from './keys.ts'
import { type ComposeSources, type Findings, newFindings } from './load.ts'
import type { ComposeModel } from './model.ts'
import type { Environment } from './parts.ts'
import { folderOf } from './path.ts'
import { loadProject } from './project.ts'
import { readEnvFiles } from './read-env-files.ts'
import { readModel } from './read-model.ts'
import { inReadingOrder } from './reading-order.ts'

export interface ComposeInput {
  /** Compose files in order; each later one is laid over those before. At least one. */
  readonly files: readonly string[]
  /** Values for the files' variables: the shell's, then those of env files. */
  readonly env: Environment
  readonly sources: ComposeSources
}

export interface ComposeResult {
  /** Absent when no file could be read. With errors among the issues it is only as good as the rest. */
  readonly model?: ComposeModel
  /** Everything that is wrong, in the order of the files. */
  readonly issues: readonly Issue[]
  /** Files that were asked for and that `sources` did not have: get them and read again. */
  readonly wanted: { readonly compose: readonly string[]; readonly text: readonly string[] }
}

/** Reads compose files, and all that they extend and include, into one model. */
export function readCompose({ files, env, sources }: ComposeInput): ComposeResult {
  const found = newFindings(env)
  const folder = folderOf(files[0] ?? '.')
  const context = { sources, found, folder, env }
  const root = loadProject(files, context)
  if (!root) return result(found, files)
  const reader = { env: found.env, issues: found.issues }
  const content = readModel(root, reader)
  found.issues.push(
    ...checkReferences(content),
    ...(Object.keys(content.services).length > 0 ? [] : [noServices(files)]),
  )
  const services = readEnvFiles(content.services, { ...context, env: found.env })
  const rest = {
    keys: listKeys(root, files, found),
    comments: listComments(root),
    variables: [...found.variables.values()],
    env: found.env,
    folder,
  }
  return { model: { ...content, services, ...rest }, ...result(found, files) }
}

function result({ issues, wanted }: Findings, files: readonly string[]): ComposeResult {
  return {
    issues: inReadingOrder(distinct(issues), files),
    wanted: { compose: [...wanted.compose], text: [...wanted.text] },
  }
}

function noServices(files: readonly string[]): Issue {
  return {
    severity: 'error',
    code: 'compose-empty',
    path: ['services'],
    message: `${files.join(', ')}: there are no services`,
  }
}

/** A file that several services extend says the same thing several times. */
function distinct(issues: readonly Issue[]): Issue[] {
  const id = ({ code, message, position }: Issue) =>
    JSON.stringify([code, message, position?.file, position?.line, position?.column])
  return [...new Map(issues.map((issue) => [id(issue), issue])).values()]
}
