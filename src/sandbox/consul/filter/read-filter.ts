import { ConsulError } from '../consul-error.ts'

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | {
      readonly kind: 'match'
      readonly path: readonly string[]
      readonly operator: Operator
      readonly value: string
    }

export type Operator =
  | '=='
  | '!='
  | 'contains'
  | 'not contains'
  | 'matches'
  | 'not matches'
  | 'is empty'
  | 'is not empty'

/** Reads an expression of `?filter=`. Throws ConsulError 500 for one that Consul would not read. */
export function readFilter(text: string): Filter {
  const tokens = tokensOf(text)
  let at = 0
  const peek = (): string | undefined => tokens[at]
  const next = (): string => tokens[at++] ?? ''
  const accept = (word: string): boolean => peek() === word && ++at > 0

  function either(): Filter {
    let left = both()
    while (accept('or')) left = { kind: 'or', left, right: both() }
    return left
  }
  function both(): Filter {
    let left = one()
    while (accept('and')) left = { kind: 'and', left, right: one() }
    return left
  }
  function one(): Filter {
    if (accept('not')) return { kind: 'not', of: one() }
    if (!accept('(')) return match()
    const inner = either()
    if (!accept(')')) fail('no match found, expected: ")"')
    return inner
  }
  function match(): Filter {
    const first = next()
    if (peek() === 'in' || (peek() === 'not' && tokens[at + 1] === 'in')) {
      const isNot = accept('not')
      at += 1
      return {
        kind: 'match',
        path: pathOf(next()),
        operator: isNot ? 'not contains' : 'contains',
        value: readLiteral(first),
      }
    }
    const operator = readOperator()
    const value = operator.startsWith('is ') ? '' : readLiteral(next())
    return { kind: 'match', path: pathOf(first), operator, value }
  }
  function readOperator(): Operator {
    if (accept('is')) {
      const isNot = accept('not')
      if (!accept('empty')) fail('no match found, expected: "empty"')
      return isNot ? 'is not empty' : 'is empty'
    }
    const isNot = accept('not')
    const word = next()
    if (word === 'contains' || word === 'matches') return isNot ? `not ${word}` : word
    if (!isNot && (word === '==' || word === '!=')) return word
    return fail(
      'no match found, expected: "!=", "==", "contains", "in", "is", "matches", "not" or [ \\t\\r\\n]',
    )
  }

  const filter = either()
  if (at < tokens.length) fail('no match found, expected: "and", "or", [ \\t\\r\\n] or EOF')
  return filter
}

function tokensOf(text: string): string[] {
  const pattern = /\s*("(?:[^"\\]|\\.)*"|`[^`]*`|==|!=|[()]|[^\s()=!"`[]+(?:\["[^"]*"\])?)/y
  const tokens: string[] = []
  const end = text.trimEnd().length
  while (pattern.lastIndex < end) {
    const found = pattern.exec(text)
    if (found === null) return fail('no match found')
    tokens.push(found[1] ?? '')
  }
  return tokens
}

/** `Meta.stack`, `Meta["a.b"]`. */
function pathOf(token: string): string[] {
  const [, head = '', key] = /^([^[]*)(?:\["(.*)"\])?$/.exec(token) ?? []
  if (head === '' || /^["`]/.test(token)) fail('no match found, expected: a selector')
  return [...head.split('.'), ...(key === undefined ? [] : [key])]
}

function readLiteral(token: string): string {
  if (token === '') fail('no match found, expected: a value')
  if (token.startsWith('`')) return token.slice(1, -1)
  return token.startsWith('"') ? (JSON.parse(token) as string) : token
}

function fail(words: string): never {
  throw new ConsulError(500, `Failed to create boolean expression evaluator: ${words}`)
}
