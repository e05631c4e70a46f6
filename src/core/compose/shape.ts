import { closest } from '../closest.ts'
import type { DocumentPath, Issue } from '../issue.ts'
import { quote } from '../quote-value.ts'
import { type ComposeMap, type ComposeNode, isNull, kindInWords } from './node.ts'
import { variablesOf } from './parts.ts'

/** What a compose key may hold. Every value may also be empty: compose takes that as absent. */
export type Shape =
  | { readonly kind: 'text' | 'number' | 'flag' | 'any' }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly keys: Readonly<Record<string, Shape>>; readonly rest?: Shape }
  | { readonly kind: 'oneOf'; readonly shapes: readonly Shape[] }

export const text: Shape = { kind: 'text' }
export const number: Shape = { kind: 'number' }
export const flag: Shape = { kind: 'flag' }
export const any: Shape = { kind: 'any' }
export const list = (of: Shape): Shape => ({ kind: 'list', of })
/** A map with these keys and `x-*`; an unknown key is an error. */
export const map = (keys: Readonly<Record<string, Shape>>): Shape => ({ kind: 'map', keys })
/** A map whose keys the author chooses. */
export const named = (rest: Shape): Shape => ({ kind: 'map', keys: {}, rest })
export const oneOf = (...shapes: readonly Shape[]): Shape => ({ kind: 'oneOf', shapes })

/** Checks a tree against a shape: unknown keys and wrong types, all of them. */
export function checkShape(node: ComposeNode, shape: Shape, path: DocumentPath = []): Issue[] {
  if (node.tag === 'reset' || isNull(node) || shape.kind === 'any') return []
  if (shape.kind === 'oneOf') {
    const fitting = shape.shapes.find((candidate) => fits(node, candidate))
    return fitting ? checkShape(node, fitting, path) : [wrongType(node, shape, path)]
  }
  if (!fits(node, shape)) return [wrongType(node, shape, path)]
  if (shape.kind === 'map' && node.kind === 'map') return checkMap(node, shape, path)
  if (shape.kind !== 'list' || node.kind !== 'list') return []
  return node.items.flatMap((item, index) => checkShape(item, shape.of, [...path, index]))
}

type MapShape = Extract<Shape, { kind: 'map' }>

function checkMap(node: ComposeMap, shape: MapShape, path: DocumentPath): Issue[] {
  return [...node.entries].flatMap(([key, child]) => {
    const known = Object.hasOwn(shape.keys, key) ? shape.keys[key] : shape.rest
    if (known) return checkShape(child, known, [...path, key])
    return key.startsWith('x-') ? [] : [unknownKey(key, child, Object.keys(shape.keys), path)]
  })
}

function fits(node: ComposeNode, shape: Shape): boolean {
  if (shape.kind === 'any') return true
  if (shape.kind === 'oneOf') return shape.shapes.some((candidate) => fits(node, candidate))
  if (node.kind !== 'scalar' || shape.kind === 'list' || shape.kind === 'map') return node.kind === shape.kind
  if (node.value === null) return true
  const { value, parts = [] } = node
  // What a variable will bring is not known here.
  if (variablesOf(parts).length > 0) return true
  if (shape.kind === 'text') return typeof value === 'string'
  if (shape.kind === 'flag') return typeof value === 'boolean' || value === 'true' || value === 'false'
  return typeof value === 'number' || (value !== '' && Number.isFinite(Number(value)))
}

function wrongType(node: ComposeNode, shape: Shape, path: DocumentPath): Issue {
  const quote = node.kind === 'scalar' && accepts(shape, 'text') ? { fix: 'put it in quotes' } : {}
  return {
    severity: 'error',
    code: 'wrong-type',
    path,
    message: `must be ${inWords(shape)}, not ${kindInWords(node)}`,
    ...quote,
    position: node.position,
  }
}

function accepts(shape: Shape, kind: Shape['kind']): boolean {
  return shape.kind === 'oneOf' ? shape.shapes.some((one) => accepts(one, kind)) : shape.kind === kind
}

function inWords(shape: Shape): string {
  if (shape.kind === 'oneOf') return [...new Set(shape.shapes.map(inWords))].join(' or ')
  if (shape.kind === 'list') return 'a list'
  if (shape.kind === 'map') return 'a map'
  if (shape.kind === 'flag') return 'true or false'
  return shape.kind === 'number' ? 'a number' : 'text'
}

function unknownKey(key: string, node: ComposeNode, known: readonly string[], path: DocumentPath): Issue {
  const near = closest(key, known)
  return {
    severity: 'error',
    code: 'unknown-key',
    path: [...path, key],
    message: `unknown key ${quote(key)}`,
    fix: near === undefined ? 'start it with x- if it is meant for another tool' : `did you mean "${near}"?`,
    position: node.position,
  }
}
