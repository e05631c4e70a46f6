import type { DocumentPath, Position } from '../issue.ts'
import { joinComments } from './comment.ts'
import { itemKey, mergeRule } from './merge-rules.ts'
import {
  type ComposeList,
  type ComposeMap,
  type ComposeNode,
  childOf,
  isNull,
  mapChildren,
  untagged,
  withEntries,
} from './node.ts'
import { type Environment, resolveParts } from './parts.ts'

/** A value that a later file took the place of, or that `!reset` removed. */
export interface Replaced {
  readonly path: DocumentPath
  readonly node: ComposeNode
  readonly by: Position
  readonly reset: boolean
}

export interface MergeContext {
  /** Values for the variables in list entries, which are compared by what they say. */
  readonly env: Environment
  /** Told of every value that does not come through. */
  readonly onReplaced: (replaced: Replaced) => void
}

/**
 * Lays a later file over an earlier one, both in canonical form, as compose does: maps merge, lists join by
 * the key that the compose specification names, single values and commands are replaced.
 */
export function mergeNodes(
  base: ComposeNode,
  over: ComposeNode,
  context: MergeContext,
  path: DocumentPath = [],
): ComposeNode {
  const rule = mergeRule(path)
  if (isNull(over) && over.tag !== 'override' && rule !== 'variable') return base
  const replace = (): ComposeNode => {
    context.onReplaced({ path, node: base, by: over.position, reset: false })
    return untagged(over)
  }
  if (over.tag === 'override' || rule === 'replace' || (isNull(base) && !isNull(over))) return replace()
  if (rule === 'logging' && otherDriver(base, over, context.env)) return replace()
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, context, path)
  if (base.kind === 'list' && over.kind === 'list') return mergeLists(base, over, context, path)
  return replace()
}

/** Takes out what `!reset` names and forgets the tags, once nothing more is merged. */
export function settleTags(node: ComposeNode, context: MergeContext, path: DocumentPath = []): ComposeNode {
  const settled = untagged(node)
  if (settled.kind !== 'map')
    return mapChildren(settled, (item, key) => settleTags(item, context, [...path, key]))
  const entries = new Map<string, ComposeNode>()
  for (const [key, child] of settled.entries) {
    const at = [...path, key]
    if (child.tag === 'reset') context.onReplaced({ path: at, node: child, by: child.position, reset: true })
    else entries.set(key, settleTags(child, context, at))
  }
  return withEntries(settled, entries)
}

function mergeMaps(
  base: ComposeMap,
  over: ComposeMap,
  context: MergeContext,
  path: DocumentPath,
): ComposeMap {
  const entries = new Map(base.entries)
  for (const [key, child] of over.entries) {
    const at = [...path, key]
    const before = entries.get(key)
    if (before && child.tag === 'reset') {
      context.onReplaced({ path: at, node: before, by: child.position, reset: true })
      entries.set(key, child)
    } else entries.set(key, before && before.tag !== 'reset' ? mergeNodes(before, child, context, at) : child)
  }
  return { ...withEntries(base, entries), ...commentOf(base, over) }
}

function mergeLists(
  base: ComposeList,
  over: ComposeList,
  context: MergeContext,
  path: DocumentPath,
): ComposeList {
  const items = new Map<string, { node: ComposeNode; index: number }>()
  for (const [index, node] of [...base.items, ...over.items].entries()) {
    const key = itemKey(path, node, context.env)
    const before = items.get(key)
    if (before) {
      context.onReplaced({
        path: [...path, before.index],
        node: before.node,
        by: node.position,
        reset: false,
      })
    }
    items.set(key, { node, index })
  }
  return { ...base, ...commentOf(base, over), items: [...items.values()].map(({ node }) => node) }
}

function otherDriver(base: ComposeNode, over: ComposeNode, env: Environment): boolean {
  const [before, after] = [base, over].map((logging) => {
    const driver = childOf(logging, 'driver')
    return driver?.kind === 'scalar' ? resolveParts(driver.parts ?? [], env) : undefined
  })
  return before !== undefined && after !== undefined && before !== after
}

function commentOf(base: ComposeNode, over: ComposeNode): { comment?: string } {
  const comment = joinComments(base.comment, over.comment)
  return comment === undefined ? {} : { comment }
}
