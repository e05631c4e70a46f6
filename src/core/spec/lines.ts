import { bracket, join, netBrackets } from './spacing.ts'
import { type Token, tokenizeLine } from './tokens.ts'

/** One line in up to three cells; a heredoc belongs to the line on which it begins. */
export interface Line {
  lead: string
  /** From the `=` on, when what follows is complete on this line. */
  assign: string
  /** A comment that follows something else. */
  comment: string
  /** Brackets opened less brackets closed. */
  readonly net: number
  readonly opens: boolean
  readonly closes: boolean
  /** In the source; starts at 1. */
  readonly number: number
}

/**
 * Splits HCL into lines with one space between tokens and none around. Throws TEMPLATE_FAILED for an open string or
 * heredoc.
 */
export function toLines(source: string): Line[] {
  const lines: Line[] = []
  let number = 1
  for (let at = 0; at < source.length; ) {
    const newline = source.indexOf('\n', at)
    const line = newline === -1 ? undefined : commonLine(source.slice(at, newline).trim(), number)
    if (line) {
      lines.push(line)
      at = newline + 1
      number++
      continue
    }
    const { tokens, end, lineEnd } = tokenizeLine(source, at, number)
    lines.push(toLine(tokens, number))
    at = end
    number = lineEnd
  }
  return lines
}

// Most lines of a job are of these forms; a pattern for a whole line costs far less than its tokens.
const ATTRIBUTE = /^([A-Za-z_][\w-]*|"[^"\\$%]*") = ("[^"\\$%]*"|-?\d+|true|false)$/
const BLOCK = /^[A-Za-z_][\w-]*(?: "[^"\\$%]*")? \{$/

function commonLine(text: string, number: number): Line | undefined {
  if (text === '') return wholeLine(text, 0, number)
  if (text === '}' || text === ']') return wholeLine(text, -1, number)
  if (BLOCK.test(text)) return wholeLine(text, 1, number)
  const [, key, value] = ATTRIBUTE.exec(text) ?? []
  return key === undefined ? undefined : { ...wholeLine(key, 0, number), assign: `= ${value}` }
}

function wholeLine(lead: string, net: number, number: number): Line {
  return { lead, assign: '', comment: '', net, opens: net > 0, closes: net < 0, number }
}

function toLine(tokens: readonly Token[], number: number): Line {
  const last = tokens.at(-1)
  const hasComment = tokens.length > 1 && last?.type === 'comment' && !last.text.startsWith('/*')
  const code = hasComment ? tokens.slice(0, -1) : tokens
  const equals = code.findIndex((token, i) => i > 0 && token.type === 'symbol' && token.text === '=')
  const split = equals !== -1 && netBrackets(code.slice(equals)) === 0 ? equals : code.length
  return {
    lead: join(code.slice(0, split)),
    assign: join(code.slice(split)),
    comment: hasComment ? last.text : '',
    net: netBrackets(code),
    opens: bracket(code.at(-1)) > 0,
    closes: bracket(code[0]) < 0,
    number,
  }
}
