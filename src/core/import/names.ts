/** A name as the stack takes it: lower-case letters, digits, `-` and `_`, at most 63 of them. */
export function toStackName(name: string): string {
  const bare = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
    .slice(0, 63)
    .replace(/[-_]+$/, '')
  return bare === '' ? 'stack' : bare
}

/** A stack name for each of the given names, no two the same. */
export function toStackNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names.filter((name) => toStackName(name) === name))
  return new Map(
    names.map((name) => {
      if (toStackName(name) === name) return [name, name]
      const free = unique(toStackName(name), taken)
      taken.add(free)
      return [name, free]
    }),
  )
}

/** The wish, or the first of `wish-2`, `wish-3` ... that is not taken. */
export function unique(wish: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wish)) return wish
  let number = 2
  while (taken.has(`${wish}-${number}`)) number++
  return `${wish}-${number}`
}
