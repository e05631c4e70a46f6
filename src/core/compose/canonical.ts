import {
  type ComposeMap,
  type ComposeNode,
  isNull,
  mapChildren,
  mapNode,
  nullNode,
  placeOf,
  textNode,
  untagged,
  withEntries,
} from './node.ts'
import { type Environment, type Parts, resolveParts, toParts } from './parts.ts'

type Rewrite = (node: ComposeNode, env: Environment) => ComposeNode
interface Rewrites {
  readonly [key: string]: Rewrite
}

const keyValues: Rewrite = (node, env) => listToMap(node, (item) => splitKeyValue(item, env))
const names: Rewrite = (node, env) => listToMap(node, (item) => [textOf(item, env), nullNode(item)])
const list: Rewrite = (node) =>
  node.kind === 'scalar' && !isNull(node) ? { ...placeOf(node), kind: 'list', items: [untagged(node)] } : node

const build: Rewrite = (node, env) => {
  const long = node.kind === 'scalar' && !isNull(node) ? mapNode(node, { context: untagged(node) }) : node
  return rewriteKeys(
    long,
    { args: keyValues, labels: keyValues, additional_contexts: keyValues, extra_hosts: hosts },
    env,
  )
}

const dependsOn: Rewrite = (node, env) =>
  listToMap(node, (item) => {
    const condition = { ...textNode(item, 'service_started', ['service_started']), implied: true as const }
    return [textOf(item, env), mapNode(item, { condition })]
  })

/** `host: address` and `host: [addresses]` become lines `host:address`. */
const hosts: Rewrite = (node) => {
  if (node.kind !== 'map') return node
  const items = [...node.entries].flatMap(([host, addresses]) =>
    (addresses.kind === 'list' ? addresses.items : [addresses]).map((address) => {
      const parts = address.kind === 'scalar' ? (address.parts ?? []) : []
      const written = address.kind === 'scalar' ? String(address.value) : ''
      return textNode(addresses, `${host}:${written}`, [...toParts(`${host}:`), ...parts])
    }),
  )
  return { ...placeOf(node), kind: 'list', items }
}

const envFiles: Rewrite = (node, env) =>
  mapChildren(list(node, env), (item) =>
    item.kind === 'scalar' ? mapNode(item, { path: { ...item, implied: true } }) : item,
  )

const deploy: Rewrite = (node, env) => rewriteKeys(node, { labels: keyValues }, env)

const SERVICE: Rewrites = {
  annotations: keyValues,
  build,
  depends_on: dependsOn,
  deploy,
  dns: list,
  dns_search: list,
  env_file: envFiles,
  environment: keyValues,
  extra_hosts: hosts,
  label_file: list,
  labels: keyValues,
  networks: names,
  sysctls: keyValues,
  tmpfs: list,
}

const TOP_LEVEL = ['configs', 'networks', 'secrets', 'volumes']

/**
 * Brings the short forms that merge with long ones into one form, per file and before merging: lists of
 * `K=V` become maps, single values lists, `depends_on`, `networks` and `build` their long forms.
 */
export function canonical(root: ComposeMap, env: Environment): ComposeMap {
  const entries = [...root.entries].map(([key, node]): [string, ComposeNode] => {
    if (key === 'services') return [key, mapChildren(node, (service) => rewriteKeys(service, SERVICE, env))]
    if (!TOP_LEVEL.includes(key)) return [key, node]
    return [key, mapChildren(node, (object) => rewriteKeys(object, { labels: keyValues }, env))]
  })
  return withEntries(root, new Map(entries))
}

function rewriteKeys(node: ComposeNode, rewrites: Rewrites, env: Environment): ComposeNode {
  if (node.kind !== 'map') return node
  return mapChildren(node, (child, key) => {
    const rewrite = Object.hasOwn(rewrites, key) ? rewrites[key] : undefined
    return rewrite ? rewrite(child, env) : child
  })
}

function listToMap(node: ComposeNode, split: (item: ComposeNode) => [string, ComposeNode]): ComposeNode {
  if (node.kind !== 'list') return node
  return { ...placeOf(node), kind: 'map', entries: new Map(node.items.map(split)) }
}

/** `K=V`, or `K` alone, which takes its value from the environment. */
function splitKeyValue(item: ComposeNode, env: Environment): [string, ComposeNode] {
  const parts = item.kind === 'scalar' ? (item.parts ?? toParts(String(item.value))) : []
  const [first] = parts
  const equals = typeof first === 'string' ? first.indexOf('=') : -1
  if (typeof first === 'string' && equals >= 0) {
    const value: Parts = [...toParts(first.slice(equals + 1)), ...parts.slice(1)]
    return [first.slice(0, equals), textNode(item, first.slice(equals + 1), value)]
  }
  // The name itself comes from a variable.
  const text = resolveParts(parts, env)
  const at = text.indexOf('=')
  if (at >= 0) return [text.slice(0, at), textNode(item, text.slice(at + 1), toParts(text.slice(at + 1)))]
  return [text, nullNode(item)]
}

function textOf(item: ComposeNode, env: Environment): string {
  return item.kind === 'scalar' ? resolveParts(item.parts ?? toParts(String(item.value)), env) : ''
}
