import type { DocumentPath } from './issue.ts'
import type { z } from './zod.ts'

type Schema = z.core.$ZodType

/** The keys that the map at a path may have, in the schema's order; empty where any key is allowed. */
export function keysOf(schema: Schema, path: DocumentPath, value?: unknown): string[] {
  const keys = schemasAt(schema, path, value).flatMap((candidate) => {
    const { def } = (candidate as z.core.$ZodTypes)._zod
    if (def.type === 'object') return Object.keys(def.shape)
    return def.type === 'record' ? literalsOf(def.keyType) : []
  })
  return [...new Set(keys)]
}

/** Every form that the value at a path may have; a union counts as its options. */
export function schemasAt(schema: Schema, path: DocumentPath, value?: unknown): Schema[] {
  let here = value
  let candidates = fitting(alternatives(schema), here)
  for (const part of path) {
    here =
      typeof here === 'object' && here !== null ? (here as Record<string | number, unknown>)[part] : undefined
    candidates = fitting(
      candidates.flatMap((candidate) => children(candidate, part)).flatMap(alternatives),
      here,
    )
  }
  return candidates
}

/** The union at a path, before it is taken apart; undefined when there is none. */
export function unionAt(schema: Schema, path: DocumentPath, value?: unknown): z.core.$ZodUnion | undefined {
  const parents = path.length === 0 ? [schema] : schemasAt(schema, path.slice(0, -1), value)
  const found =
    path.length === 0
      ? parents
      : parents.flatMap((parent) => children(parent, path.at(-1) as string | number))
  return found
    .map(unwrap)
    .find(
      (candidate): candidate is z.core.$ZodUnion => (candidate as z.core.$ZodTypes)._zod.def.type === 'union',
    )
}

/** What the schema's author said about it; the description of an optional or defaulted schema is its own. */
export function descriptionOf(schema: Schema | undefined): string | undefined {
  return (schema as { readonly description?: string } | undefined)?.description
}

/** The schema inside optional, default, nullable, readonly, transform and the like. */
function unwrap(schema: Schema): Schema {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'lazy') return unwrap(def.getter())
  // A transform says nothing of what it takes; what it feeds does.
  if (def.type === 'pipe')
    return unwrap((def.in as z.core.$ZodTypes)._zod.def.type === 'transform' ? def.out : def.in)
  return 'innerType' in def ? unwrap(def.innerType as Schema) : schema
}

function alternatives(schema: Schema): Schema[] {
  const inner = unwrap(schema)
  const { def } = (inner as z.core.$ZodTypes)._zod
  if (def.type === 'union') return def.options.flatMap(alternatives)
  if (def.type === 'intersection') return [...alternatives(def.left), ...alternatives(def.right)]
  return [inner]
}

function children(schema: Schema, part: string | number): Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'object') {
    const child = Object.hasOwn(def.shape, part) ? def.shape[part] : def.catchall
    return child ? [child] : []
  }
  if (def.type === 'record') return [def.valueType]
  if (def.type === 'array') return [def.element]
  if (def.type === 'tuple')
    return [def.items[Number(part)] ?? def.rest].filter((item) => item !== null && item !== undefined)
  return []
}

/** Of several maps those whose fixed values (`type: http`) agree with the value, when any do. */
function fitting(candidates: Schema[], value: unknown): Schema[] {
  if (candidates.length < 2 || typeof value !== 'object' || value === null) return candidates
  const agreeing = candidates.filter((candidate) => {
    const { def } = (candidate as z.core.$ZodTypes)._zod
    if (def.type !== 'object') return false
    return Object.entries(def.shape).every(([key, property]) => {
      const literals = literalsOf(unwrap(property))
      return (
        literals.length === 0 ||
        !Object.hasOwn(value, key) ||
        literals.includes(String((value as Record<string, unknown>)[key]))
      )
    })
  })
  return agreeing.length > 0 ? agreeing : candidates
}

function literalsOf(schema: Schema): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'literal') return def.values.map(String)
  return def.type === 'enum' ? Object.values(def.entries).map(String) : []
}
