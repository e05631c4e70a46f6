/** Where a scalar stands: inside of brackets more characters mean something. */
export type ScalarPlace = 'block' | 'flow'

/** Texts that some reader of YAML takes for a number, a date, a boolean or nothing. */
const OTHER_TYPE =
  /^(?:~|null|true|false|yes|no|on|off|y|n|[-+.]?(?:inf|nan)|<<|=|[-+]?(?:\d[\d_,]*)?\.?[\d_]*(?:e[-+]?\d+)?|[-+]?0[xob][\da-f_]+|[-+]?\d[\d_]*(?::\d+)+(?:\.[\d_]*)?|\d{4}-\d\d?-\d\d?(?:[Tt ].*)?)$/i

/** A text as one line of YAML: plain where nobody can misread it, else in quotes. */
export function plainOrQuoted(text: string, place: ScalarPlace): string {
  return isPlain(text, place) ? text : inQuotes(text)
}

/** A key of a map. `on` is one of the stack's own, which Drover reads as the text that it is. */
export function keyText(text: string): string {
  return text === 'on' ? text : plainOrQuoted(text, 'flow')
}

function isPlain(text: string, place: ScalarPlace): boolean {
  if (text === '' || text.trim() !== text || OTHER_TYPE.test(text)) return false
  if (!/^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(text) || /^[-?:,[\]{}#&*!|>'"%@`]/.test(text) !== isFlag(text))
    return false
  if (/: |:$| #/.test(text) || /^---|^\.\.\./.test(text)) return false
  return place === 'block' || !/[,[\]{}:]/.test(text)
}

/** `-c` and `--flag` are plain: a dash means a list only before a blank. */
function isFlag(text: string): boolean {
  return /^--?[\p{L}\p{N}]/u.test(text)
}

/** Single quotes where double ones would have to escape much and nothing else asks for them. */
export function inQuotes(text: string): string {
  const isVisible = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(text)
  if (isVisible && /["\\]/.test(text)) return `'${text.replaceAll("'", "''")}'`
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\ufeff\ufff9-\uffff]/g,
    escaped,
  )
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** What may stand in a literal block: visible characters, tabs and line ends. */
const LITERAL = /^[\p{L}\p{M}\p{N}\p{P}\p{S} \t\n]+$/u

/** A text of several lines as a literal block; undefined for one that has to be quoted. */
export function literalBlock(
  text: string,
  indent: number,
): { readonly indicator: string; readonly lines: readonly string[] } | undefined {
  const body = text.replace(/\n+$/, '')
  // A line of blanks at the start or the end would be read as something else.
  if (!body.includes('\n') && !text.endsWith('\n')) return undefined
  if (body === '' || !LITERAL.test(text) || /^[ \t]*\n|\n[ \t]+$/.test(body.replace(/^\n+/, '')))
    return undefined
  if (/^[ \t]+$/.test(body.split('\n')[0] ?? '')) return undefined
  const ends = text.length - body.length
  const chomp = ends === 0 ? '-' : ends === 1 ? '' : '+'
  const explicit = /^[\s]/.test(body) ? '2' : ''
  const lines = (ends > 1 ? text.slice(0, -1) : body).split('\n')
  const space = ' '.repeat(indent)
  return { indicator: `|${explicit}${chomp}`, lines: lines.map((line) => (line === '' ? '' : space + line)) }
}
