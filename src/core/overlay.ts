import { type Document, knownDepth } from './document.ts'

type Mapping = Readonly<Record<string, unknown>>

/**
 * Lays `stack.<env>.yml` over `stack.yml`:
 * - maps merge key by key, at every depth; keys of the base keep their order, new ones follow;
 * - lists and single values replace what the base has, also when their kinds differ;
 * - a key whose value is nothing (`key:`, `null` or `~`) is removed, so an entry that may be empty is added
 *   by an overlay as `{}`;
 * - an empty overlay changes nothing.
 *
 * `locate` asks the file that supplied the value; a map that both files have stands in the base.
 */
export function mergeOverlay(base: Document, overlay: Document): Document {
  if (overlay.value === null || overlay.value === undefined) return base
  const value = mergeValues(base.value, overlay.value)
  return {
    file: base.file,
    value,
    locate(path, at) {
      const known = path.slice(0, knownDepth(value, path))
      // The base may still have a key that the overlay removed: point at what is left of the path.
      return supplier(base, overlay, known).locate(known, known.length < path.length ? 'key' : at)
    },
  }
}

/** The same rules for bare values. */
export function mergeValues(base: unknown, overlay: unknown): unknown {
  if (!isMapping(overlay)) return overlay
  const merged: Record<string, unknown> = isMapping(base) ? { ...base } : {}
  for (const [key, value] of Object.entries(overlay)) {
    if (value === null) delete merged[key]
    else merged[key] = mergeValues(Object.hasOwn(merged, key) ? merged[key] : undefined, value)
  }
  return merged
}

/** The document that an existing path of the merged value came from. */
function supplier(base: Document, overlay: Document, path: readonly (string | number)[]): Document {
  let [below, above] = [base.value, overlay.value]
  for (const part of path) {
    if (!isMapping(above) || !Object.hasOwn(above, part)) return isMapping(above) ? base : overlay
    // A list or single value of the base is replaced as a whole, so everything further down is the overlay's.
    if (!isMapping(below) || !Object.hasOwn(below, part)) return overlay
    above = above[part]
    below = below[part]
  }
  return isMapping(above) && isMapping(below) ? base : overlay
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
