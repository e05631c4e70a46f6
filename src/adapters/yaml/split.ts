/** A stretch of a text. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** A top-level key with all that belongs to it. */
export interface Section extends Range {
  /** Where its entries stand, when nothing but the key is on its line and its entries are keys in one column. */
  readonly entries: readonly Range[] | undefined
  /** Length of the key. */
  readonly keyLength: number
}

/** An unquoted key that is alone on its line and is surely a text. */
const LONE_KEY = /([A-Za-z_][\w.-]*):(?:[ \t]+#[^\n]*|[ \t]*\r?)(?:\n|$)/y
const NOT_TEXT = /^(?:null|true|false)$/i

/**
 * Cuts a YAML text into its top-level keys and their entries by looking at line starts alone, which takes a
 * twentieth of the time of parsing it. It is a guess that parsing the pieces proves: a piece that was cut
 * within a quoted text or a bracket does not parse to a single key. Undefined when the text has no such shape.
 */
export function splitSections(text: string): Section[] | undefined {
  const sections: {
    start: number
    end: number
    keyLength: number
    column: number
    entries: Range[] | undefined
  }[] = []
  for (let start = 0, next = 0; start < text.length; start = next) {
    next = text.indexOf('\n', start) + 1 || text.length
    let at = start
    while (text.charCodeAt(at) === 32) at++
    const char = at < next ? text.charAt(at) : '\n'
    if (char === '\n' || char === '\r' || char === '#') continue
    if (char === '\t') return undefined
    const column = at - start
    const section = sections.at(-1)
    if (column === 0 && char !== '-') {
      // "..." and "%" mark documents and directives.
      if (char === '.' || char === '%') return undefined
      if (section) section.end = start
      LONE_KEY.lastIndex = start
      const key = LONE_KEY.exec(text)?.[1]
      const splits = key !== undefined && !NOT_TEXT.test(key)
      sections.push({
        start,
        end: text.length,
        keyLength: key?.length ?? 0,
        column: -1,
        entries: splits ? [] : undefined,
      })
    } else if (!section || (column === 0 && text.startsWith('---', start))) return undefined
    else if (section.entries) {
      if (section.column < 0) section.column = column
      if (char === '-' && column <= section.column) section.entries = undefined
      else if (column < section.column) return undefined
      else if (column === section.column) {
        const last = section.entries.at(-1)
        if (last) section.entries[section.entries.length - 1] = { start: last.start, end: start }
        section.entries.push({ start, end: text.length })
      }
    }
  }
  for (const { entries, end } of sections) {
    const last = entries?.at(-1)
    if (entries && last) entries[entries.length - 1] = { start: last.start, end }
  }
  return sections
}
