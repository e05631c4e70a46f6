import { ConsulError } from '../consul-error.ts'
import { type Filter, readFilter } from './read-filter.ts'

/** Those that a `?filter=` expression fits; all without one. Throws ConsulError 500. */
export function filterBy<T extends object>(
  items: readonly T[],
  text: string | undefined,
  fields: readonly string[],
): readonly T[] {
  if (text === undefined || text === '') return items
  const filter = readFilter(text)
  for (const path of selectorsOf(filter))
    if (!fields.includes(path[0] ?? '')) throw new ConsulError(500, invalidSelector(path.join('.')))
  return items.filter((item) => holds(filter, item))
}

/** The same of a map. */
export function filterMap<T extends object>(
  items: Readonly<Record<string, T>>,
  text: string | undefined,
  fields: readonly string[],
): Readonly<Record<string, T>> {
  const kept = new Set(filterBy(Object.values(items), text, fields))
  return Object.fromEntries(Object.entries(items).filter(([, item]) => kept.has(item)))
}

function invalidSelector(name: string): string {
  return `Failed to create boolean expression evaluator: Selector "${name}" is not valid`
}

function selectorsOf(filter: Filter): readonly (readonly string[])[] {
  if (filter.kind === 'match') return [filter.path]
  if (filter.kind === 'not') return selectorsOf(filter.of)
  return [...selectorsOf(filter.left), ...selectorsOf(filter.right)]
}

function holds(filter: Filter, item: unknown): boolean {
  if (filter.kind === 'not') return !holds(filter.of, item)
  if (filter.kind !== 'match') {
    const isLeft = holds(filter.left, item)
    return filter.kind === 'and' ? isLeft && holds(filter.right, item) : isLeft || holds(filter.right, item)
  }
  const { operator, value } = filter
  const found = valueAt(item, filter.path)
  switch (operator) {
    case '==':
      return found !== undefined && String(found) === value
    case '!=':
      return found === undefined || String(found) !== value
    case 'contains':
      return contains(found, value)
    case 'not contains':
      return !contains(found, value)
    case 'matches':
      return found !== undefined && new RegExp(value).test(String(found))
    case 'not matches':
      return found === undefined || !new RegExp(value).test(String(found))
    case 'is empty':
      return isEmpty(found)
    case 'is not empty':
      return !isEmpty(found)
  }
}

function valueAt(item: unknown, path: readonly string[]): unknown {
  let value = item
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

/** A text by its parts, a list by its items, a map by its keys. */
function contains(found: unknown, value: string): boolean {
  if (typeof found === 'string') return found.includes(value)
  if (Array.isArray(found)) return found.map(String).includes(value)
  return typeof found === 'object' && found !== null && Object.hasOwn(found, value)
}

function isEmpty(found: unknown): boolean {
  if (typeof found === 'object' && found !== null) return Object.keys(found).length === 0
  return found === undefined || found === ''
}
