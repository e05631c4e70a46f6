import type { DocumentPath, Issue } from '../issue.ts'
import { type ComposeNode, mapChildren } from './node.ts'
import { parseParts, toParts } from './parts.ts'

export interface Interpolated {
  readonly node: ComposeNode
  readonly issues: readonly Issue[]
}

/** Gives every text its parts, after YAML parsing, as compose does; keys and numbers are left alone. */
export function interpolate(root: ComposeNode): Interpolated {
  const issues: Issue[] = []
  return { node: walk(root, [], issues), issues }
}

function walk(node: ComposeNode, path: DocumentPath, issues: Issue[]): ComposeNode {
  if (node.kind !== 'scalar') return mapChildren(node, (child, key) => walk(child, [...path, key], issues))
  if (typeof node.value !== 'string') return node
  const parsed = parseParts(node.value)
  if (parsed.ok) return { ...node, parts: parsed.parts }
  issues.push({
    severity: 'error',
    code: 'compose-interpolation',
    path,
    message: parsed.problem,
    fix: 'write $$ for a plain dollar sign, or ${NAME} for a variable',
    position: node.position,
  })
  return { ...node, parts: toParts(node.value) }
}
