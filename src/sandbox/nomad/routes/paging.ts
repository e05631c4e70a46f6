/** One page of a list, and the token of the next; undefined on the last. */
export interface Page {
  readonly items: readonly unknown[]
  readonly next: string | undefined
}

export type Key = readonly [number, string]

/** What lists of jobs are ordered by. */
export function byName({ Namespace, ID }: { readonly Namespace: string; readonly ID: string }): Key {
  return [-1, `${Namespace}.${ID}`]
}

/** What lists of everything else are ordered by. */
export function byAge({ CreateIndex, ID }: { readonly CreateIndex: number; readonly ID: string }): Key {
  return [CreateIndex, ID]
}

/** What lists of the states of jobs are ordered by. */
export function byModified({ ModifyIndex, ID }: { readonly ModifyIndex: number; readonly ID: string }): Key {
  return [ModifyIndex, ID]
}

/** The part of a list that `?per_page=N&next_token=T` asks for. A token names the first of its page. */
export function pageOf(
  items: readonly unknown[],
  keyOf: (item: never) => Key,
  query: Readonly<Record<string, string | undefined>>,
): Page {
  const keyed = items
    .map((item) => ({ item, key: keyOf(item as never) }))
    .sort((a, b) => compare(a.key, b.key))
  const { next_token: token } = query
  const start = token === undefined ? 0 : keyed.findIndex(({ key }) => compare(key, read(token)) >= 0)
  const from = start < 0 ? keyed.length : start
  const size = Number(query.per_page) || keyed.length
  const after = keyed[from + size]
  return {
    items: keyed.slice(from, from + size).map(({ item }) => item),
    next: after && write(after.key),
  }
}

function compare([a, textA]: Key, [b, textB]: Key): number {
  if (a !== b) return a - b
  return textA < textB ? -1 : textA > textB ? 1 : 0
}

function write([index, text]: Key): string {
  return index < 0 ? text : `${index}.${text}`
}

function read(token: string): Key {
  const [, index, text] = /^(\d+)\.(.*)$/s.exec(token) ?? []
  return index === undefined ? [-1, token] : [Number(index), text ?? '']
}
