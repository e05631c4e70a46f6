import type { Position } from '../issue.ts'
import type { Parts } from './parts.ts'

interface Written {
  /** Of the key that holds this value, of the list item, or of the file. */
  readonly position: Position
  /** What the author wrote about it: the comment lines above and the one behind. */
  readonly comment?: string
  /** `!override` replaces instead of merging, `!reset` removes. */
  readonly tag?: 'override' | 'reset'
  /** Made by a long form out of a short one: no key of its own in the file. */
  readonly implied?: true
}

export interface ComposeMap extends Written {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, ComposeNode>
}

export interface ComposeList extends Written {
  readonly kind: 'list'
  readonly items: readonly ComposeNode[]
}

export interface ComposeScalar extends Written {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** The value of a text after interpolation. */
  readonly parts?: Parts
}

/** A value of a compose file that remembers where it was written. */
export type ComposeNode = ComposeMap | ComposeList | ComposeScalar

export function childOf(node: ComposeNode | undefined, key: string): ComposeNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key) : undefined
}

export function isNull(node: ComposeNode): boolean {
  return node.kind === 'scalar' && node.value === null
}

/** The same node with other entries. */
export function withEntries(node: ComposeMap, entries: ReadonlyMap<string, ComposeNode>): ComposeMap {
  return { ...node, entries }
}

/** Applies a function to each value of a map or each item of a list. */
export function mapChildren(
  node: ComposeNode,
  change: (child: ComposeNode, key: string | number) => ComposeNode,
): ComposeNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(change) }
  if (node.kind === 'scalar') return node
  return withEntries(node, new Map([...node.entries].map(([key, child]) => [key, change(child, key)])))
}

/** Where a node stands and what is said about it, for a node that takes its place. */
export function placeOf(node: ComposeNode): Written {
  const { position, comment, tag } = node
  return { position, ...(comment === undefined ? {} : { comment }), ...(tag ? { tag } : {}) }
}

/** A text in the place of another node. */
export function textNode(at: ComposeNode, value: string, parts: Parts): ComposeScalar {
  return { ...placeOf(at), kind: 'scalar', value, parts }
}

/** An empty value in the place of another node. */
export function nullNode(at: ComposeNode): ComposeScalar {
  return { ...placeOf(at), kind: 'scalar', value: null }
}

/** A map in the place of another node. */
export function mapNode(at: ComposeNode, entries: Readonly<Record<string, ComposeNode>>): ComposeMap {
  return { ...placeOf(at), kind: 'map', entries: new Map(Object.entries(entries)) }
}

/** The same node without its merge tag. */
export function untagged<N extends ComposeNode>(node: N): N {
  const { tag: _, ...rest } = node
  return rest as N
}

/** The value without positions; texts as they were written, before interpolation. */
export function plainValue(node: ComposeNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(plainValue)
  return Object.fromEntries([...node.entries].map(([key, child]) => [key, plainValue(child)]))
}

/** What a value is, in words for a message. */
export function kindInWords(node: ComposeNode): string {
  if (node.kind === 'map') return 'a map'
  if (node.kind === 'list') return 'a list'
  if (node.value === null) return 'empty'
  if (typeof node.value === 'boolean') return 'true or false'
  return typeof node.value === 'number' ? 'a number' : 'text'
}
