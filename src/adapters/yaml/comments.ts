/** Comments of one entry, without "#". */
export interface Comments {
  /** Lines that stand directly above it, no empty line between. */
  readonly before: readonly string[]
  /** The block above those, an empty line apart: usually the heading of several entries. */
  readonly heading: readonly string[]
  /** On the line of the entry. */
  readonly trailing: string | undefined
}

const COMMENT_LINE = /^([ \t]*)#[ \t]?(.*)$/
/** What may stand between an entry and the comment on its line: anchors, tags, a block's mark, closing brackets. */
const TRAILING = /^["']?:?\s*(?:[&!]\S+\s+)*(?:[|>][-+\d]*)?[\]},\s]*(?<=\s)#[ \t]?(.*)$/

/**
 * Finds the comments around an entry.
 * @param start offset of its key, or of a list item's value
 * @param end offset behind the last thing known on its line
 */
export function readComments(text: string, start: number, end: number): Comments {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  // A comment deeper than the entry belongs to what stands above it, or is the text of a block there.
  const column = start - lineStart
  const direct = commentsAbove(text, lineStart, column)
  const gap = skipBlankLines(text, direct.start)
  const heading = gap < direct.start ? commentsAbove(text, gap, column).lines : []
  const lineEnd = text.indexOf('\n', end)
  const trailing = TRAILING.exec(text.slice(end, lineEnd < 0 ? text.length : lineEnd).trimEnd())
  return { before: direct.lines, heading, trailing: trailing?.[1] }
}

/** The comment lines that end at `from`, which is the start of a line. */
function commentsAbove(text: string, from: number, column: number): { lines: string[]; start: number } {
  const lines: string[] = []
  let start = from
  while (start > 0) {
    const above = lineAbove(text, start)
    const match = COMMENT_LINE.exec(text.slice(above, start).trimEnd())
    if (!match || (match[1]?.length ?? 0) > column) break
    lines.unshift(match[2] ?? '')
    start = above
  }
  return { lines, start }
}

function skipBlankLines(text: string, from: number): number {
  let start = from
  while (start > 0 && text.slice(lineAbove(text, start), start).trim() === '') start = lineAbove(text, start)
  return start
}

/** Start of the line before the one that starts at `start`, which is above 0. */
function lineAbove(text: string, start: number): number {
  return start < 2 ? 0 : text.lastIndexOf('\n', start - 2) + 1
}
