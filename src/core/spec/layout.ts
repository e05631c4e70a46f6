import { DroverError } from '../../errors.ts'
import { type Line, toLines } from './lines.ts'
import { width } from './spacing.ts'

/**
 * Lays HCL out as `nomad fmt` does: two spaces a level, `=` and comments aligned over neighbouring lines, one
 * space between tokens. Beyond that, blank lines never come in pairs, nor at the edges of a block or the file.
 * Strings and heredocs stay as they are. Throws TEMPLATE_FAILED for an open string, heredoc or bracket.
 */
export function layout(source: string): string {
  const lines = dropBlankLines(toLines(source))
  indent(lines)
  align(
    lines,
    (line) => line.assign.length > 0,
    (line) => width(line.lead),
    'assign',
  )
  align(
    lines,
    (line) => line.comment !== '',
    (line) => width(line.lead) + width(line.assign),
    'comment',
  )
  return lines.map((line) => `${line.lead}${line.assign}${line.comment}\n`).join('')
}

function dropBlankLines(lines: readonly Line[]): Line[] {
  const kept: Line[] = []
  for (const [i, line] of lines.entries()) {
    const previous = kept.at(-1)
    const next = lines[i + 1]
    const edge = !previous || previous.opens || !next || next.closes
    if (!isBlank(line) || !(edge || isBlank(previous) || isBlank(next))) kept.push(line)
  }
  return kept
}

function isBlank(line: Line): boolean {
  return line.lead === '' && line.assign === '' && line.comment === ''
}

/** Several brackets opened on one line are one level. */
function indent(lines: readonly Line[]): void {
  const levels: { net: number; line: number }[] = []
  for (const line of lines) {
    let closed = -line.net
    while (closed > 0) {
      const level = levels.at(-1)
      if (!level)
        throw new DroverError(
          'TEMPLATE_FAILED',
          `line ${line.number} of the rendered job: a bracket too many`,
        )
      const taken = Math.min(closed, level.net)
      closed -= taken
      level.net -= taken
      if (level.net === 0) levels.pop()
    }
    if (line.lead !== '') line.lead = '  '.repeat(levels.length) + line.lead
    if (line.net > 0) levels.push({ net: line.net, line: line.number })
  }
  const open = levels.at(-1)
  if (open)
    throw new DroverError('TEMPLATE_FAILED', `line ${open.line} of the rendered job: a bracket is not closed`)
}

/** Moves a cell of neighbouring lines to one column. */
function align(
  lines: readonly Line[],
  has: (line: Line) => boolean,
  widthBefore: (line: Line) => number,
  cell: 'assign' | 'comment',
): void {
  for (let start = 0; start < lines.length; start++) {
    let end = start
    while (lines[end] && has(lines[end] as Line)) end++
    const run = lines.slice(start, end)
    const column = Math.max(0, ...run.map(widthBefore))
    for (const line of run) line[cell] = `${' '.repeat(column - widthBefore(line) + 1)}${line[cell]}`
    start = Math.max(start, end)
  }
}
