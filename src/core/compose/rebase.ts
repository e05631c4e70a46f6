import type { LoadContext } from './load.ts'
import { splitMount } from './mount-syntax.ts'
import { type ComposeMap, type ComposeNode, childOf, mapChildren, withEntries } from './node.ts'
import { resolveParts } from './parts.ts'
import { isAbsolute, relativePath } from './path.ts'

type Place = Pick<LoadContext, 'folder' | 'env'>

/** Rewrites a service's relative paths, written in `from`, so that they mean the same from `to.folder`. */
export function rebaseService(service: ComposeNode, from: string, to: Place): ComposeNode {
  const prefix = relativePath(to.folder, from)
  if (prefix === '.' || service.kind !== 'map') return service
  const move = (node: ComposeNode) => prefixed(node, prefix)
  const changes: Readonly<Record<string, (node: ComposeNode) => ComposeNode>> = {
    build: (node) =>
      atKey(atKey(node, 'context', move), 'additional_contexts', (contexts) => mapChildren(contexts, move)),
    env_file: (node) => mapChildren(node, (item) => atKey(item, 'path', move)),
    label_file: (node) => mapChildren(node, move),
    volumes: (node) => mapChildren(node, (item) => moveMount(item, move, to)),
  }
  return mapChildren(service, (child, key) =>
    Object.hasOwn(changes, key) ? (changes[key]?.(child) ?? child) : child,
  )
}

/** The same for a whole project. */
export function rebaseProject(root: ComposeMap, from: string, to: Place): ComposeMap {
  const prefix = relativePath(to.folder, from)
  if (prefix === '.') return root
  const files = (objects: ComposeNode) =>
    mapChildren(objects, (object) => atKey(object, 'file', (file) => prefixed(file, prefix)))
  const entries = [...root.entries].map(([key, node]): [string, ComposeNode] => {
    if (key === 'services') return [key, mapChildren(node, (service) => rebaseService(service, from, to))]
    return [key, key === 'configs' || key === 'secrets' ? files(node) : node]
  })
  return withEntries(root, new Map(entries))
}

function moveMount(item: ComposeNode, move: (node: ComposeNode) => ComposeNode, { env }: Place): ComposeNode {
  if (item.kind === 'map') {
    const type = childOf(item, 'type')
    const bind = type?.kind === 'scalar' && resolveParts(type.parts ?? [], env) === 'bind'
    return bind ? atKey(item, 'source', move) : item
  }
  if (item.kind !== 'scalar') return item
  const { source } = splitMount(resolveParts(item.parts ?? [], env))
  return source?.startsWith('.') ? move(item) : item
}

function atKey(node: ComposeNode, key: string, change: (node: ComposeNode) => ComposeNode): ComposeNode {
  const child = childOf(node, key)
  if (node.kind !== 'map' || !child) return node
  return withEntries(node, new Map(node.entries).set(key, change(child)))
}

/** Puts a folder before a text that is a relative path; one that begins with a variable is left as it is. */
function prefixed(node: ComposeNode, prefix: string): ComposeNode {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node
  const [first, ...rest] = node.parts ?? []
  if (typeof first !== 'string' || isAbsolute(first) || /^[a-z-]+:/.test(first)) return node
  const move = (text: string) => under(prefix, text)
  return { ...node, value: move(node.value), parts: [move(first), ...rest] }
}

/** `../x` under `a/b` is `./a/x`; what follows may be the rest of a mount line and is left alone. */
function under(prefix: string, text: string): string {
  const steps = prefix.split('/')
  let rest = text.replace(/^\.(?:\/|$)/, '')
  while (rest.startsWith('../') && steps.length > 0 && steps.at(-1) !== '..') {
    steps.pop()
    rest = rest.slice(3)
  }
  const moved = [...steps, rest].filter((step) => step !== '').join('/')
  return moved.startsWith('../') ? moved : `./${moved}`
}
