import type { Token } from './tokens.ts'

/** The tokens of one line with the spaces between them that `nomad fmt` sets. */
export function join(tokens: readonly Token[]): string {
  let text = ''
  for (const [i, token] of tokens.entries()) {
    text += token.text
    const after = tokens[i + 1]
    if (after && needsSpace(token, after, tokens[i - 1])) text += ' '
  }
  return text
}

/** Brackets opened less brackets closed. */
export function netBrackets(tokens: readonly Token[]): number {
  return tokens.reduce((net, token) => net + bracket(token), 0)
}

/** 1 for an opening bracket, -1 for a closing one, else 0. */
export function bracket(token: Token | undefined): number {
  if (token?.type !== 'symbol') return 0
  if (token.text === '{' || token.text === '[' || token.text === '(') return 1
  return token.text === '}' || token.text === ']' || token.text === ')' ? -1 : 0
}

/** Columns that text takes: characters as people see them. */
export function width(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return [...graphemes.segment(text)].length
}

const PRINTABLE_ASCII = /^[ -~]*$/
let graphemes: Intl.Segmenter | undefined

function needsSpace(token: Token, after: Token, before: Token | undefined): boolean {
  const here = symbolOf(token)
  const next = symbolOf(after)
  if (token.type === 'identifier' && next === '(') return false
  if (here === '::' || next === '::' || here === '.' || next === '.') return false
  if (next === ',' || next === '...') return false
  if (here === ',') return true
  if (token.type === 'identifier' && token.text === 'in' && before?.type === 'identifier') return true
  if (next === '[' && (token.type === 'identifier' || token.type === 'number' || bracket(token) < 0))
    return false
  if (here === '!') return false
  if (here === '-') return !isNegation(before)
  if (here === '{' || next === '}') return !(here === '{' && next === '}')
  return !(bracket(token) > 0 || bracket(after) < 0)
}

function symbolOf(token: Token): string {
  return token.type === 'symbol' ? token.text : ''
}

const OPERATORS = new Set([
  '=',
  ':',
  ',',
  '?',
  '+',
  '*',
  '/',
  '%',
  '-',
  '==',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  '&&',
  '||',
  '!',
])

/** A minus after nothing, an opening bracket or an operator is a sign. */
function isNegation(before: Token | undefined): boolean {
  return before === undefined || bracket(before) > 0 || OPERATORS.has(symbolOf(before))
}
