import type { DocumentPath } from '../issue.ts'
import { type LoadContext, mergeContext, prepareFile, problemOf } from './load.ts'
import { mergeNodes } from './merge.ts'
import { type ComposeMap, type ComposeNode, childOf, placeOf, withEntries } from './node.ts'
import { resolveParts } from './parts.ts'
import { folderOf, joinPath } from './path.ts'
import { rebaseService } from './rebase.ts'

/** Resolves `extends` in every service of a prepared file, from the same file or another one. */
export function applyExtends(root: ComposeMap, file: string, context: LoadContext): ComposeMap {
  const services = root.entries.get('services')
  if (services?.kind !== 'map') return root
  const extended = new Map<string, ComposeNode>()
  for (const [name, service] of services.entries) {
    extended.set(
      name,
      extend({ root, file, name, service, chain: [`${file}#${name}`], path: ['services', name] }, context),
    )
  }
  return withEntries(root, new Map(root.entries).set('services', withEntries(services, extended)))
}

interface Extension {
  readonly root: ComposeMap
  readonly file: string
  readonly name: string
  readonly service: ComposeNode
  /** `file#service` of every service on the way here. */
  readonly chain: readonly string[]
  /** The service that all this is for. */
  readonly path: DocumentPath
}

function extend(extension: Extension, context: LoadContext): ComposeNode {
  const { service, path } = extension
  const written = childOf(service, 'extends')
  if (service.kind !== 'map' || !written) return service
  context.found.directives.push({ path: [...path, 'extends'], node: written })
  const own = withEntries(service, new Map([...service.entries].filter(([key]) => key !== 'extends')))
  const base = findBase(extension, written, context)
  if (!base) return own
  return { ...mergeNodes(base, own, mergeContext(context), path), ...placeOf(own) }
}

function findBase(from: Extension, written: ComposeNode, context: LoadContext): ComposeNode | undefined {
  const refer = (node: ComposeNode | undefined) =>
    node?.kind === 'scalar' && node.value !== null ? resolveParts(node.parts ?? [], context.env) : undefined
  const name = refer(written.kind === 'map' ? childOf(written, 'service') : written)
  const otherFile = refer(childOf(written, 'file'))
  const fail = (message: string, fix?: string): undefined => {
    const at = { path: [...from.path, 'extends'], position: written.position }
    context.found.issues.push({
      severity: 'error',
      code: 'compose-extends',
      message,
      ...(fix ? { fix } : {}),
      ...at,
    })
  }
  if (name === undefined)
    return written.kind === 'list' ? undefined : fail('does not name a service', 'add "service: NAME"')

  const file = otherFile === undefined ? from.file : joinPath(context.folder, otherFile)
  const step = `${file}#${name}`
  if (from.chain.includes(step)) return fail(`is a circle: ${[...from.chain, step].join(' -> ')}`, 'break it')

  const there: LoadContext = otherFile === undefined ? context : { ...context, folder: folderOf(file) }
  const root = otherFile === undefined ? from.root : prepareFile(file, there)
  if (!root) {
    const problem = problemOf(file, context)
    return problem === undefined ? undefined : fail(problem)
  }
  const base = childOf(root.entries.get('services'), name)
  if (!base) return fail(`there is no service "${name}" in ${file}`, `it has ${serviceNames(root)}`)
  const chain = [...from.chain, step]
  return rebaseService(
    extend({ root, file, name, service: base, chain, path: from.path }, there),
    there.folder,
    context,
  )
}

function serviceNames(root: ComposeMap): string {
  const services = root.entries.get('services')
  const names = services?.kind === 'map' ? [...services.entries.keys()] : []
  return names.length === 0 ? 'no services' : names.join(', ')
}
