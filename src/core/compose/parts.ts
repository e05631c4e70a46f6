/** A reference to a variable in a compose value, kept apart so that a secret is never baked into the text. */
export interface Variable {
  readonly variable: string
  /** `:?` and `?`: the value must be given; `message` is the text after it. */
  readonly required?: true
  readonly message?: string
  /** `:-` and `-`: used when the variable is unset. */
  readonly default?: Parts
  /** `:+` and `+`: used instead of the value when the variable is set. */
  readonly replacement?: Parts
  /** The form with a colon: an empty value counts as unset. */
  readonly emptyIsUnset?: true
}

export type Part = string | Variable

/** A compose value as its literal texts and its variables, in order; no two texts are neighbours. */
export type Parts = readonly Part[]

/** Values of variables, from env files and the shell. */
export type Environment = Readonly<Record<string, string>>

export type ParsedParts =
  | { readonly ok: true; readonly parts: Parts }
  | { readonly ok: false; readonly problem: string }

/** Splits a compose text at `$V`, `${V}`, `${V:-d}`, `${V:?e}`, `${V:+r}` (and without colon); `$$` is a `$`. */
export function parseParts(text: string): ParsedParts {
  const parts: Part[] = []
  let literal = ''
  let rest = text
  while (rest !== '') {
    const dollar = rest.indexOf('$')
    if (dollar < 0) break
    literal += rest.slice(0, dollar)
    rest = rest.slice(dollar)
    if (rest.startsWith('$$')) {
      literal += '$'
      rest = rest.slice(2)
      continue
    }
    const found = rest.startsWith('${') ? braced(rest) : named(rest)
    if (!found.ok) return found
    if (literal !== '') parts.push(literal)
    literal = ''
    parts.push(found.variable)
    rest = rest.slice(found.length)
  }
  literal += rest
  if (literal !== '') parts.push(literal)
  return { ok: true, parts }
}

/** The text of the parts: an unset variable without a default is empty, as compose has it. */
export function resolveParts(parts: Parts, env: Environment): string {
  return parts.map((part) => (typeof part === 'string' ? part : valueOfVariable(part, env))).join('')
}

/** The variables that `resolveParts` would look at and not find; those of unused defaults are left out. */
export function missingVariables(parts: Parts, env: Environment): Variable[] {
  return parts.flatMap((part) => {
    if (typeof part === 'string') return []
    const set = isSet(part, env)
    if (part.replacement) return set ? missingVariables(part.replacement, env) : []
    if (set) return []
    return part.default ? missingVariables(part.default, env) : [part]
  })
}

/** Every variable named in the parts, also inside defaults and replacements. */
export function variablesOf(parts: Parts): Variable[] {
  return parts.flatMap((part) =>
    typeof part === 'string'
      ? []
      : [part, ...variablesOf(part.default ?? []), ...variablesOf(part.replacement ?? [])],
  )
}

/** The text when no variable is in it. */
export function literalParts(parts: Parts): string | undefined {
  if (parts.length === 0) return ''
  return parts.length === 1 && typeof parts[0] === 'string' ? parts[0] : undefined
}

/** The same value with neighbouring texts joined and empty ones left out. */
export function joinParts(parts: readonly Part[]): Parts {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part
    else if (part !== '') joined.push(part)
  }
  return joined
}

/** The parts of a piece of text; an empty text has none. */
export function toParts(text: string): Parts {
  return text === '' ? [] : [text]
}

function valueOfVariable(part: Variable, env: Environment): string {
  const set = isSet(part, env)
  if (part.replacement) return set ? resolveParts(part.replacement, env) : ''
  if (set) return env[part.variable] ?? ''
  return part.default ? resolveParts(part.default, env) : ''
}

function isSet(part: Variable, env: Environment): boolean {
  const value = Object.hasOwn(env, part.variable) ? env[part.variable] : undefined
  return value !== undefined && !(part.emptyIsUnset && value === '')
}

type Found =
  | { readonly ok: true; readonly variable: Variable; readonly length: number }
  | { readonly ok: false; readonly problem: string }

function named(text: string): Found {
  const name = /^\$([A-Za-z_]\w*)/.exec(text)?.[1]
  if (name === undefined) return { ok: false, problem: `"${text.slice(0, 12)}" is not a variable` }
  return { ok: true, variable: { variable: name }, length: name.length + 1 }
}

function braced(text: string): Found {
  const end = closingBrace(text)
  if (end < 0) return { ok: false, problem: `"${text.slice(0, 24)}" has no closing brace` }
  const inner = text.slice(2, end)
  const match = /^([A-Za-z_]\w*)(?:(:?)([-?+])([\s\S]*))?$/.exec(inner)
  const name = match?.[1]
  if (!match || name === undefined) return { ok: false, problem: `"\${${inner}}" is not a variable` }
  const [, , colon, operator, operand = ''] = match
  const emptyIsUnset = colon === ':' ? { emptyIsUnset: true as const } : {}
  const length = end + 1
  if (operator === undefined) return { ok: true, variable: { variable: name }, length }
  if (operator === '?') {
    return {
      ok: true,
      variable: { variable: name, required: true, message: operand, ...emptyIsUnset },
      length,
    }
  }
  const nested = parseParts(operand)
  if (!nested.ok) return nested
  const use = operator === '-' ? { default: nested.parts } : { replacement: nested.parts }
  return { ok: true, variable: { variable: name, ...use, ...emptyIsUnset }, length }
}

/** Only `${` opens a level, as in compose: a plain `{` in a default does not. */
function closingBrace(text: string): number {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    if (text.startsWith('${', index)) depth++
    else if (text[index] === '}' && --depth === 0) return index
  }
  return -1
}
