/** More of them cost the server time at every write. */
const MAX = 64

/**
 * Prefixes that cover all keys, none of which is a prefix of another: the keys themselves, or what all of them begin
 * with when they are many.
 */
export function commonPrefixes(keys: readonly string[]): string[] {
  const kept: string[] = []
  for (const key of [...new Set(keys)].sort()) {
    const last = kept.at(-1)
    if (last === undefined || !key.startsWith(last)) kept.push(key)
  }
  if (kept.length <= MAX) return kept
  const [first = ''] = kept
  const last = kept.at(-1) ?? ''
  let length = 0
  while (length < first.length && first[length] === last[length]) length++
  return [first.slice(0, length)]
}
