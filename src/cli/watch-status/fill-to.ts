/** A printable text in exactly so many columns of a terminal: cut, and then ends in an ellipsis, or filled up. */
export function fillTo(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const cut = cutTo(text, columns)
  const blanks = ' '.repeat(Math.max(0, columns - widthOf(cut)))
  return side === 'left' ? cut + blanks : blanks + cut
}

/** In at most so many columns. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  return columns < 1 ? '' : `${startOf(text, columns - 1)}…`
}

/** In lines of at most so many columns, broken at blanks where there are any; what follows is set in by two. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let rest = text
  while (widthOf(rest) > columns) {
    const start = startOf(rest, columns)
    const blank = start.trimStart().includes(' ') ? start.lastIndexOf(' ') : -1
    const end = blank > 0 ? blank : Math.max(1, start.length)
    lines.push(rest.slice(0, end))
    rest = `  ${rest.slice(end).trimStart()}`
    // Where not even the indent has room, the rest cannot be shown.
    if (columns < 4) return lines
  }
  return [...lines, rest]
}

/** Columns that a terminal takes for it. */
export function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length
  let width = 0
  for (const character of text) width += widthOfOne(character)
  return width
}

function startOf(text: string, columns: number): string {
  let width = 0
  let end = 0
  for (const character of text) {
    width += widthOfOne(character)
    if (width > columns) break
    end += character.length
  }
  return text.slice(0, end)
}

function widthOfOne(character: string): number {
  if (MARK.test(character)) return 0
  return WIDE.test(character) && !FLAG_LETTER.test(character) ? 2 : 1
}

const NARROW = /^[\x20-\x7e]*$/
const MARK = /[\p{Mn}\p{Me}]/u
/** Emoji, and the scripts of East Asia with their full-width signs. */
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u
const FLAG_LETTER = /\p{Regional_Indicator}/u
