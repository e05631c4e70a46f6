import type { DocumentPath } from '../issue.ts'
import type { Findings } from './load.ts'
import type { ComposeComment, ComposeKey } from './model.ts'
import type { ComposeMap, ComposeNode } from './node.ts'
import { composeKeyOf } from './reader.ts'
import { inReadingOrder } from './reading-order.ts'

type State = Pick<ComposeKey, 'state' | 'by'>

/** Every key of the files in the order of the files: what is in force, what was replaced, what the reader did itself. */
export function listKeys(
  root: ComposeMap,
  files: readonly string[],
  { replaced, directives }: Findings,
): ComposeKey[] {
  const keys = leaves(root, [], { state: 'effective' })
  for (const { path, node } of directives) keys.push(toKey(path, node, { state: 'directive' }))
  for (const { path, node, by, reset } of replaced) {
    keys.push(...leaves(node, path, { state: reset ? 'reset' : 'replaced', by }))
  }
  return inReadingOrder(distinct(keys), files)
}

/** Every comment at a key that is in force, also at keys that only hold others. */
export function listComments(node: ComposeNode, path: DocumentPath = []): ComposeComment[] {
  const service = path[0] === 'services' && typeof path[1] === 'string' ? { service: path[1] } : {}
  const own =
    node.comment === undefined || node.implied
      ? []
      : [
          {
            ...service,
            key: path.length === 2 && service.service !== undefined ? '' : composeKeyOf(path),
            position: node.position,
            text: node.comment,
          },
        ]
  const children: [string | number, ComposeNode][] =
    node.kind === 'map' ? [...node.entries] : node.kind === 'list' ? [...node.items.entries()] : []
  return [...own, ...children.flatMap(([key, child]) => listComments(child, [...path, key]))]
}

/** Is `key` the key `of`, or one below it? */
export function isWithin(key: string, of: string): boolean {
  return key === of || key.startsWith(`${of}.`) || key.startsWith(`${of}[`)
}

/** Lists that mean one thing together. */
const WHOLE = new Set(['command', 'entrypoint', 'healthcheck.test'])
/** Maps whose keys are the author's own: `x-` means nothing in them. */
const FREE = new Set(['environment', 'labels', 'args', 'options', 'driver_opts', 'sysctls', 'annotations'])

function leaves(node: ComposeNode, path: DocumentPath, state: State): ComposeKey[] {
  const last = path.at(-1)
  const own = [toKey(path, node, state)]
  if (path.length === 1 && last === 'version') return [toKey(path, node, { state: 'directive' })]
  if (typeof last === 'string' && last.startsWith('x-') && !FREE.has(String(path.at(-2)))) {
    return [toKey(path, node, state.state === 'effective' ? { state: 'extension' } : state)]
  }
  if (node.kind === 'scalar' || (path[0] === 'services' && WHOLE.has(path.slice(2).join('.')))) return own
  const children: [string | number, ComposeNode][] =
    node.kind === 'map' ? [...node.entries] : [...node.items.entries()]
  const written = children.filter(([, child]) => child.implied !== true)
  if (written.length === 0) return path.length === 0 ? [] : own
  return written.flatMap(([key, child]) => leaves(child, [...path, key], state))
}

function toKey(path: DocumentPath, node: ComposeNode, state: State): ComposeKey {
  const service = path[0] === 'services' && typeof path[1] === 'string' ? { service: path[1] } : {}
  // A value that a long form implies is written as the key above it.
  const at = node.implied === true ? path.slice(0, -1) : path
  const comment = node.comment === undefined ? {} : { comment: node.comment }
  return { ...service, key: composeKeyOf(at), path: at, position: node.position, ...comment, ...state }
}

/** A service that several others extend is met several times. */
function distinct(keys: readonly ComposeKey[]): ComposeKey[] {
  const id = ({ service, key, position, state }: ComposeKey) =>
    JSON.stringify([service, key, position.file, position.line, position.column, state])
  return [...new Map(keys.map((key) => [id(key), key])).values()]
}
