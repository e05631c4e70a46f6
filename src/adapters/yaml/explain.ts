export interface Explained {
  readonly message: string
  readonly fix?: string
  readonly offset: number
}

/**
 * Says in plain words what is wrong where a YAML parser stopped. Parsers report the first character that they
 * could not fit in, which is often far behind the mistake, and blame indentation for most things.
 */
export function explainSyntax(reason: string, text: string, offset: number): Explained {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const before = text.slice(lineStart, offset)
  const char = text.charAt(offset)
  if (reason.startsWith('tab characters')) {
    return { message: 'a tab is used for indentation', fix: 'use spaces', offset }
  }
  if (reason.startsWith('nesting exceeded')) {
    return { message: 'the nesting is deeper than 100 levels', fix: 'write it flatter', offset }
  }
  if (/non-printable|null byte|valid JSON character/.test(reason)) {
    const code = (text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return {
      message: `the control character U+${code} is not allowed`,
      fix: `remove it, or write "\\u${code}" in double quotes`,
      offset,
    }
  }
  if (reason === 'unknown escape sequence') {
    return {
      message: `"\\${text.charAt(offset)}" is not an escape in double quotes`,
      fix: 'use single quotes, or write "\\\\"',
      offset,
    }
  }
  const open = /deficient indentation|unexpected end|missed comma|expected the node content/.test(reason)
    ? findUnclosed(text, offset)
    : undefined
  if (open !== undefined) {
    return {
      message: `the ${text.charAt(open)} opened here is not closed`,
      fix: `add the closing ${CLOSING.get(text.charAt(open))}`,
      offset: open,
    }
  }
  if (reason.startsWith('missed comma'))
    return { message: 'a comma is missing in this list or map', fix: 'add it before this', offset }
  if (/^(can not read a block mapping entry|end of the stream|expected ':')/.test(reason))
    return explainMisfit(text, offset, lineStart)
  if (reason === 'bad indentation of a mapping entry') return explainIndentation(text, offset, before, char)
  if (reason === 'bad indentation of a sequence entry') {
    return {
      message: 'this does not belong to the list above',
      fix: 'start it with "- ", or line it up with the key it belongs to',
      offset,
    }
  }
  if (reason === 'a line break is expected') {
    return {
      message: 'text follows on the line of "|" or ">"',
      fix: 'start the text on the next line',
      offset,
    }
  }
  return { message: reason, offset }
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['[', ']'],
  ['{', '}'],
])

/** The last quote or bracket before the offset that is never closed, looking up line by line. */
function findUnclosed(text: string, offset: number): number | undefined {
  let closers = 0
  for (let end = lineEnd(text, offset); end >= 0; ) {
    const start = end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1
    const line = scanLine(text.slice(start, end))
    if (line.quote !== undefined) return start + line.quote
    while (line.open.length > 0) {
      const at = line.open.pop() as number
      if (closers === 0 && start + at < offset) return start + at
      closers--
    }
    closers += line.closers
    end = start - 1
  }
  return undefined
}

/** Brackets that a line opens or closes without their partner, and the quote that it opens but does not close. */
function scanLine(line: string): { open: number[]; closers: number; quote?: number } {
  const open: number[] = []
  let closers = 0
  let last = ''
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at)
    if (char === ' ') continue
    const startsValue =
      last === '' || /[[{,]/.test(last) || (/[:?-]/.test(last) && line.charAt(at - 1) === ' ')
    if (char === '#' && (at === 0 || line.charAt(at - 1) === ' ')) break
    if (startsValue && (char === '"' || char === "'")) {
      const end = closingQuote(line, at)
      if (end === undefined) return { open, closers, quote: at }
      at = end
    } else if (startsValue && (char === '[' || char === '{')) open.push(at)
    else if ((char === ']' || char === '}') && open.pop() === undefined) closers++
    last = char
  }
  return { open, closers }
}

function closingQuote(line: string, open: number): number | undefined {
  const quote = line.charAt(open)
  for (let at = open + 1; at < line.length; at++) {
    if (quote === '"' && line.charAt(at) === '\\') at++
    else if (line.charAt(at) === quote) {
      if (quote === '"' || line.charAt(at + 1) !== quote) return at
      at++
    }
  }
  return undefined
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end
}

/** Something that is neither `key: value` nor a list item; the parser stops on it or on the line after it. */
function explainMisfit(text: string, offset: number, lineStart: number): Explained {
  const misfit = /^([ \t]*)(?![#\s-])(?:[^:#\n]|:(?=\S)|\S#)+$/
  for (const start of [lineStart, text.lastIndexOf('\n', lineStart - 2) + 1]) {
    const line = text.slice(start, lineEnd(text, start)).replace(/\s+(?:#.*)?$/, '')
    const match = misfit.exec(line)
    if (!match) continue
    const at = start + (match[1]?.length ?? 0)
    if (/^\s*[\w.-]+:\S/.test(line))
      return { message: 'a space is missing after ":"', fix: 'write "key: value"', offset: at }
    return {
      message: `"${shorten(line.trim())}" is neither "key: value" nor a list item`,
      fix: 'add the ":", or indent it under its key',
      offset: at,
    }
  }
  if (text.charAt(offset) === '-')
    return { message: 'a list item stands among keys', fix: 'indent it under the key it belongs to', offset }
  return {
    message: 'this does not fit in with the lines above',
    fix: 'check its indentation and the quotes above it',
    offset,
  }
}

function explainIndentation(text: string, offset: number, before: string, char: string): Explained {
  if (/[@`%]/.test(char))
    return { message: `a value cannot start with "${char}"`, fix: 'put it in quotes', offset }
  if (/[\]}]/.test(char))
    return { message: `"${char}" closes nothing`, fix: 'remove it, or put the value in quotes', offset }
  if (/["']\s*$/.test(before))
    return {
      message: 'text follows the closing quote',
      fix: 'put the whole value in one pair of quotes',
      offset,
    }
  if (char === ':' && /\S\s*:\s+\S/.test(before))
    return { message: 'a value holds a second ": "', fix: 'put the value in quotes', offset }
  const lineStart = offset - before.length
  const start = lineStart + (/^ */.exec(text.slice(lineStart))?.[0].length ?? 0)
  return {
    message: 'the indentation fits no line above',
    fix: 'line it up with the entries it belongs to',
    offset: start,
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
