import type { DocumentPath, Issue, Position } from '../issue.ts'
import type { ComposeNode } from './node.ts'
import { type Environment, missingVariables, type Parts, variablesOf } from './parts.ts'

/** What the compose files ask of their environment under one name. */
export interface ComposeVariable {
  readonly name: string
  /** A `:?` or `?` form somewhere. */
  readonly required: boolean
  /** The default of its first use that has one. */
  readonly default?: Parts
  /** Where it is used, each place once, in reading order. */
  readonly uses: readonly VariableUse[]
}

export interface VariableUse {
  readonly path: DocumentPath
  readonly position: Position
}

/** Lists the variables of a file's tree and adds them to those found before. */
export function collectVariables(
  root: ComposeNode,
  found: readonly ComposeVariable[] = [],
): ComposeVariable[] {
  const byName = new Map(found.map((variable) => [variable.name, variable]))
  for (const { parts, ...use } of textsOf(root, [])) {
    for (const variable of variablesOf(parts)) {
      const before = byName.get(variable.variable)
      const preset = before?.default ?? variable.default
      byName.set(variable.variable, {
        name: variable.variable,
        required: before?.required === true || variable.required === true,
        ...(preset === undefined ? {} : { default: preset }),
        uses: addUse(before?.uses ?? [], use),
      })
    }
  }
  return [...byName.values()]
}

/**
 * One issue for each variable that has no value where one is needed: an error when a use says it is
 * required, else a warning (compose goes on with a blank).
 */
export function checkVariables(root: ComposeNode, env: Environment): Issue[] {
  const missing = new Map<string, { uses: VariableUse[]; required: boolean; message: string }>()
  for (const { parts, ...use } of textsOf(root, [])) {
    for (const variable of missingVariables(parts, env)) {
      const before = missing.get(variable.variable)
      const required = variable.required === true
      missing.set(variable.variable, {
        uses: addUse(before?.uses ?? [], use),
        required: required || before?.required === true,
        message: before?.message || (required ? variable.message : '') || '',
      })
    }
  }
  return [...missing].map(([name, { uses, required, message }]) => toIssue(name, uses, required, message))
}

function toIssue(name: string, uses: readonly VariableUse[], required: boolean, said: string): Issue {
  const [first] = uses as [VariableUse, ...VariableUse[]]
  const more = uses.length > 1 ? `, used in ${uses.length} places` : ''
  const why = said !== '' && said !== `${name} must be set` ? `: ${said}` : ''
  return {
    severity: required ? 'error' : 'warning',
    code: required ? 'compose-required-variable' : 'compose-unset-variable',
    path: first.path,
    message: required
      ? `${name} is required and not set${more}${why}`
      : `${name} is not set and stays blank${more}`,
    fix: `put ${name}= into a file and give it with --env-file`,
    position: first.position,
  }
}

function* textsOf(node: ComposeNode, path: DocumentPath): Generator<VariableUse & { parts: Parts }> {
  if (node.kind === 'map') for (const [key, child] of node.entries) yield* textsOf(child, [...path, key])
  else if (node.kind === 'list')
    for (const [index, item] of node.items.entries()) yield* textsOf(item, [...path, index])
  else if (node.parts) yield { path, position: node.position, parts: node.parts }
}

/** An anchor makes one place appear under several paths; it is counted once. */
function addUse(uses: readonly VariableUse[], use: VariableUse): VariableUse[] {
  return uses.some((other) => samePlace(other.position, use.position)) ? [...uses] : [...uses, use]
}

function samePlace(a: Position, b: Position): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column
}
