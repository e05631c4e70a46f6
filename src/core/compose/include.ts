import type { Issue } from '../issue.ts'
import { parseEnvFile, resolveEnvFile } from './env-file.ts'
import { type LoadContext, mergeContext, problemOf } from './load.ts'
import { mergeNodes } from './merge.ts'
import { type ComposeMap, type ComposeNode, childOf, placeOf, plainValue, withEntries } from './node.ts'
import { type Environment, resolveParts } from './parts.ts'
import { folderOf, joinPath } from './path.ts'
import { rebaseProject } from './rebase.ts'

/** Loads a project's files; the loader itself, handed in because projects include projects. */
export type LoadProject = (
  paths: readonly string[],
  context: LoadContext,
  chain: readonly string[],
) => ComposeMap | undefined

const SECTIONS = ['services', 'volumes', 'networks', 'secrets', 'configs']

/** Puts what a file includes under what the file itself says. A name that both define differently is an error. */
export function applyIncludes(
  root: ComposeMap,
  chain: readonly string[],
  context: LoadContext,
  load: LoadProject,
): ComposeMap {
  const written = root.entries.get('include')
  if (!written) return root
  context.found.directives.push({ path: ['include'], node: written })
  const own = withEntries(root, new Map([...root.entries].filter(([key]) => key !== 'include')))
  let whole = own
  for (const item of written.kind === 'list' ? written.items : []) {
    const included = loadIncluded(item, chain, context, load)
    if (!included) continue
    context.found.issues.push(...conflicts(whole, included, item))
    const merged = mergeNodes(included, whole, mergeContext(context))
    whole = { ...(merged.kind === 'map' ? merged : whole), ...placeOf(root) }
  }
  return whole
}

function loadIncluded(item: ComposeNode, chain: readonly string[], context: LoadContext, load: LoadProject) {
  const paths = textsOf(item.kind === 'map' ? childOf(item, 'path') : item, context.env)
  const files = paths.map((path) => joinPath(context.folder, path))
  const [first] = files
  if (first === undefined) return fail(item, 'names no file', context)
  const circle = files.find((file) => chain.includes(file))
  if (circle !== undefined) return fail(item, `is a circle: ${[...chain, circle].join(' -> ')}`, context)
  const [project] = textsOf(childOf(item, 'project_directory'), context.env)
  const folder = project === undefined ? folderOf(first) : joinPath(context.folder, project)
  const env = includedEnv(item, folder, context)
  context.found.env = { ...env, ...context.found.env }
  const included = load(files, { ...context, folder, env }, chain)
  for (const file of files) {
    const problem = problemOf(file, context)
    if (problem !== undefined) fail(item, problem, context)
  }
  if (!included) return undefined
  const resources = new Map([...included.entries].filter(([key]) => SECTIONS.includes(key)))
  return rebaseProject(withEntries(included, resources), folder, context)
}

/** The including project's values come first, as compose has it; `.env` beside the included file is optional. */
function includedEnv(item: ComposeNode, folder: string, context: LoadContext): Environment {
  const named = textsOf(childOf(item, 'env_file'), context.env).map((path) => joinPath(context.folder, path))
  let env = context.env
  for (const file of named.length > 0 ? named : [joinPath(folder, '.env')]) {
    const text = context.sources.text(file)
    if (!text) context.found.wanted.text.add(file)
    else if ('text' in text) {
      const { entries, issues } = parseEnvFile(text.text, file)
      context.found.issues.push(...issues)
      env = { ...resolveEnvFile(entries, env), ...env }
    } else if (named.length > 0) fail(item, text.problem, context)
  }
  return env
}

function conflicts(own: ComposeMap, included: ComposeMap, item: ComposeNode): Issue[] {
  return SECTIONS.flatMap((section) => {
    const objects = included.entries.get(section)
    return [...(objects?.kind === 'map' ? objects.entries : [])].flatMap(([name, object]): Issue[] => {
      const mine = childOf(own.entries.get(section), name)
      if (!mine || JSON.stringify(plainValue(mine)) === JSON.stringify(plainValue(object))) return []
      const { file, line } = object.position
      return [
        {
          severity: 'error',
          code: 'compose-conflict',
          path: [section, name],
          message: `is also defined at ${file}:${line}, which line ${item.position.line} includes`,
          fix: 'rename one, or change it in a file given after this one',
          position: mine.position,
        },
      ]
    })
  })
}

function textsOf(node: ComposeNode | undefined, env: Environment): string[] {
  if (node?.kind === 'list') return node.items.flatMap((item) => textsOf(item, env))
  return node?.kind === 'scalar' && node.parts ? [resolveParts(node.parts, env)] : []
}

function fail(item: ComposeNode, message: string, context: LoadContext): undefined {
  context.found.issues.push({
    severity: 'error',
    code: 'compose-include',
    path: ['include'],
    message,
    position: item.position,
  })
}
