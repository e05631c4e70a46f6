import { DroverError } from '../../errors.ts'

type TokenType = 'newline' | 'comment' | 'identifier' | 'number' | 'string' | 'heredoc' | 'symbol'

/** A string or heredoc is one token with everything that stands in it. */
export interface Token {
  readonly type: Exclude<TokenType, 'newline'>
  readonly text: string
}

export interface TokenLine {
  readonly tokens: readonly Token[]
  /** Where the next line begins, and its number. */
  readonly end: number
  readonly lineEnd: number
}

/**
 * The tokens of one line of HCL, which strings, heredocs and comments may stretch; blanks between them are dropped.
 * `line` is its number. Throws TEMPLATE_FAILED with the line of an open string or heredoc.
 */
export function tokenizeLine(source: string, start: number, line: number): TokenLine {
  const tokens: Token[] = []
  let lineEnd = line
  let at = start
  while (at < source.length) {
    const [type, end] = scan(source, at, lineEnd)
    if (type === 'newline') return { tokens, end, lineEnd: lineEnd + 1 }
    const text = source.slice(at, end)
    if (type !== 'blank') tokens.push({ type, text: text.trimEnd() })
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) lineEnd++
    at = end
  }
  return { tokens, end: at, lineEnd }
}

// One pattern for all that is common, since each attempt costs; the group that matched tells the type.
const COMMON = new RegExp(
  [
    String.raw`([ \t]+)`,
    String.raw`(\r?\n)`,
    String.raw`([A-Za-z_][\w-]*)(?![\w-]|[^\x00-\x7f])`,
    // A string in which nothing is special.
    String.raw`("[^"\\\n$%]*")`,
    String.raw`(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)`,
    // One of one line ends before its newline, which is a token of its own here.
    String.raw`((?:#|//)[^\r\n]*|/\*[^]*?\*/)`,
  ].join('|'),
  'y',
)
const COMMON_TYPES = ['blank', 'newline', 'identifier', 'string', 'number', 'comment'] as const
const HEREDOC = /<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy
const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy
const ASCII_SYMBOL = /[!-@[-^`{-~]/
const SYMBOL = /==|!=|>=|<=|&&|\|\||::|\.\.\.|=>|./suy

function scan(source: string, at: number, line: number): [TokenType | 'blank', number] {
  const common = match(COMMON, source, at)
  if (common) return [COMMON_TYPES[common.indexOf(common[0], 1) - 1] ?? 'symbol', COMMON.lastIndex]
  const first = source[at] ?? ''
  if (first === '"') return ['string', stringEnd(source, at, line)]
  const heredoc = first === '<' && match(HEREDOC, source, at)
  if (heredoc) return ['heredoc', heredocEnd(source, HEREDOC.lastIndex, heredoc[1] ?? '', line)]
  if (!ASCII_SYMBOL.test(first) && match(IDENTIFIER, source, at)) return ['identifier', IDENTIFIER.lastIndex]
  return ['symbol', at + (match(SYMBOL, source, at)?.[0].length ?? 1)]
}

function match(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(source)
}

// Inside of a string: escapes, then the start of an expression, then anything else.
const STRING_PART = /\\[^\n]|\$\$\{|%%\{|[$%]\{|[^"\\\n$%]+|./sy

function stringEnd(source: string, start: number, line: number): number {
  for (let at = start + 1; at < source.length; ) {
    const part = match(STRING_PART, source, at)?.[0] ?? ''
    at += part.length
    if (part === '"') return at
    if (part === '\n') break
    if (part === '${' || part === '%{') at = expressionEnd(source, at, line)
  }
  throw new DroverError('TEMPLATE_FAILED', `line ${line} of the rendered job: a quoted string is not closed`)
}

function expressionEnd(source: string, start: number, line: number): number {
  let open = 1
  let at = start
  while (at < source.length && open > 0) {
    const character = source[at]
    if (character === '"') at = stringEnd(source, at, line)
    else at++
    if (character === '{') open++
    if (character === '}') open--
  }
  return at
}

function heredocEnd(source: string, start: number, marker: string, line: number): number {
  for (let at = start; at < source.length; ) {
    const newline = source.indexOf('\n', at)
    const end = newline === -1 ? source.length : newline
    if (source.slice(at, end).trim() === marker) return end
    at = end + 1
  }
  throw new DroverError(
    'TEMPLATE_FAILED',
    `line ${line} of the rendered job: heredoc ${marker} is not closed`,
  )
}
