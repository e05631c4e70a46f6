import { joinParts, type Part, type Parts } from './parts.ts'

export type Words =
  | { readonly ok: true; readonly words: readonly Parts[] }
  | { readonly ok: false; readonly problem: string }

/**
 * Splits a command like a shell does, without being one: quotes and backslashes work, `$` and `|` are plain
 * text. A variable stays whole, so a value with blanks in it is one word.
 */
export function splitWords(parts: Parts): Words {
  const words: Parts[] = []
  // Undefined between words: `""` is a word too.
  let word: Part[] | undefined
  let quote = ''
  let escaped = false
  const add = (part: Part): void => {
    word = [...(word ?? []), part]
  }
  for (const part of parts.flatMap((one): Part[] => (typeof one === 'string' ? [...one] : [one]))) {
    if (escaped) {
      escaped = false
      // A backslash before a line's end joins two lines; in double quotes it counts before few characters only.
      if (part === '\n') continue
      if (quote === '"' && !['"', '\\', '$', '`'].includes(part as string)) add('\\')
      add(part)
    } else if (part === '\\' && quote !== "'") escaped = true
    else if (quote !== '') {
      if (part === quote) quote = ''
      else add(part)
    } else if (part === '"' || part === "'") {
      quote = part
      add('')
    } else if (typeof part === 'string' && /^[ \t\r\n]$/.test(part)) {
      if (word) words.push(joinParts(word))
      word = undefined
    } else add(part)
  }
  if (escaped || quote !== '') return { ok: false, problem: 'a quote or a backslash has nothing to end it' }
  if (word) words.push(joinParts(word))
  return { ok: true, words }
}

/** What a shell would do and compose does not: pipes, lists and redirections outside quotes. */
export function shellSyntaxIn(parts: Parts): string | undefined {
  const text = parts.map((part) => (typeof part === 'string' ? part : 'v')).join('')
  const unquoted = text.replace(/\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"/g, 'q')
  return /(?:^|\s)(?:&&|\|\||[;|<>&]|>>|\d?>&?\d?)(?=\s|$)|;(?=\s|$)/.exec(unquoted)?.[0].trim()
}
