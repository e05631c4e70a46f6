/** Comments of one entry as a YAML reader gives them. */
export interface EntryComments {
  readonly before: readonly string[]
  readonly trailing: string | undefined
}

/** What the author says at an entry, one line a line; lines that only draw are left out. Undefined when nothing. */
export function commentText(comments: EntryComments | undefined): string | undefined {
  const lines = [
    ...(comments?.before ?? []),
    ...(comments?.trailing === undefined ? [] : [comments.trailing]),
  ]
  const said = lines.filter((line) => !/^[\s=\-#*~_]*$/.test(line))
  return said.length === 0 ? undefined : said.join('\n')
}

/** Two comments on what became one value. */
export function joinComments(first: string | undefined, second: string | undefined): string | undefined {
  if (first === undefined || second === undefined || first === second) return first ?? second
  return `${first}\n${second}`
}
