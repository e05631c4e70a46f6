import { closest } from '../closest.ts'

/** How to mend an unknown key, as a part of an Issue: the key that was meant, or the known ones when they are few. */
export function suggestKey(key: string, known: readonly string[]): { readonly fix?: string } {
  const near = closest(key, known)
  if (near !== undefined) return { fix: `did you mean "${near}"?` }
  return known.length > 0 && known.length <= 12 ? { fix: `known here: ${known.join(', ')}` } : {}
}
