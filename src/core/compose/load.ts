import type { DocumentPath, Issue } from '../issue.ts'
import { canonical } from './canonical.ts'
import { checkDuplicates } from './duplicates.ts'
import { interpolate } from './interpolate.ts'
import type { MergeContext, Replaced } from './merge.ts'
import { type ComposeMap, type ComposeNode, kindInWords } from './node.ts'
import type { Environment } from './parts.ts'
import { checkShape } from './shape.ts'
import { composeShape } from './shapes.ts'
import { type ComposeVariable, checkVariables, collectVariables } from './variables.ts'

/** A compose file as the adapter hands it in. */
export interface ComposeFile {
  /** Absent when the file could not be read or is no YAML. */
  readonly root?: ComposeNode
  /** YAML problems, with positions. */
  readonly issues: readonly Issue[]
  /** Why it could not be read, naming the path. */
  readonly problem?: string
}

/** An env file as the adapter hands it in. */
export type TextFile = { readonly text: string } | { readonly problem: string }

/** Files by the path under which the reader asked for them; what is not there yet is undefined. */
export interface ComposeSources {
  compose(path: string): ComposeFile | undefined
  text(path: string): TextFile | undefined
}

/** A key that the reader itself carries out and that is not in the merged model: `extends`, `include`. */
export interface Directive {
  readonly path: DocumentPath
  readonly node: ComposeNode
}

/** What is gathered while reading one set of compose files and all that they refer to. */
export interface Findings {
  readonly issues: Issue[]
  readonly replaced: Replaced[]
  readonly directives: Directive[]
  readonly variables: Map<string, ComposeVariable>
  /** Paths that the sources could not serve yet. */
  readonly wanted: { readonly compose: Set<string>; readonly text: Set<string> }
  readonly prepared: Map<string, ComposeMap | undefined>
  /** Values of all env files, those of included projects last. */
  env: Environment
}

/** One project: the files of one command line or of one `include` entry. */
export interface LoadContext {
  readonly sources: ComposeSources
  readonly found: Findings
  /** Relative paths in the project's files start here. */
  readonly folder: string
  readonly env: Environment
}

export function newFindings(env: Environment): Findings {
  return {
    issues: [],
    replaced: [],
    directives: [],
    variables: new Map(),
    wanted: { compose: new Set(), text: new Set() },
    prepared: new Map(),
    env,
  }
}

export function mergeContext({ env, found }: LoadContext): MergeContext {
  return { env, onReplaced: (replaced) => found.replaced.push(replaced) }
}

/** What stands in the way of a file that another one refers to. */
export function problemOf(path: string, context: LoadContext): string | undefined {
  return context.sources.compose(path)?.problem
}

/**
 * A file ready for merging: interpolated, checked and in canonical form. Undefined when it cannot be used;
 * why has then been noted. A file is prepared once for each folder it is read from.
 */
export function prepareFile(path: string, context: LoadContext): ComposeMap | undefined {
  const { found } = context
  const id = `${context.folder}\n${path}`
  if (!found.prepared.has(id)) found.prepared.set(id, prepare(path, context))
  return found.prepared.get(id)
}

function prepare(path: string, { sources, found, env }: LoadContext): ComposeMap | undefined {
  const file = sources.compose(path)
  if (!file) found.wanted.compose.add(path)
  found.issues.push(...(file?.issues ?? []))
  if (!file?.root) return undefined
  const { node, issues } = interpolate(file.root)
  const shapeIssues = checkShape(node, composeShape)
  found.issues.push(...issues, ...shapeIssues, ...checkVariables(node, env), ...checkDuplicates(node, env))
  for (const variable of collectVariables(node, [...found.variables.values()]))
    found.variables.set(variable.name, variable)
  if (node.kind !== 'map') {
    if (shapeIssues.length === 0) found.issues.push(notCompose(node))
    return undefined
  }
  return canonical(node, env)
}

function notCompose(node: ComposeNode): Issue {
  const message = `a compose file must be a map with "services", this one is ${kindInWords(node)}`
  return { severity: 'error', code: 'compose-empty', path: [], message, position: node.position }
}
