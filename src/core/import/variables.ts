import type { Environment, Parts, Variable } from '../compose/parts.ts'
import { secretKind } from '../rules/secret-text.ts'
import type { Piece } from './pieces.ts'
import { isSecretVariable, type Secrets } from './secrets.ts'

/** What was decided about a variable, for the account. */
export interface VariableNote {
  /** Fixed: it is no variable any more. */
  readonly fixed: boolean
  readonly text: string
}

export interface ResolvedVariables {
  readonly pieces: readonly Piece[]
  readonly notes: readonly VariableNote[]
}

/**
 * The parts of a compose text with every variable decided: a secret by its name, its value or for want of one;
 * else the value of the env file or the default, which the stack then holds as a plain text.
 */
export function resolveVariables(parts: Parts, env: Environment, secrets: Secrets): ResolvedVariables {
  const resolved = parts.map((part) =>
    typeof part === 'string' ? { pieces: [part], notes: [] } : decide(part, env, secrets),
  )
  return { pieces: resolved.flatMap(({ pieces }) => pieces), notes: resolved.flatMap(({ notes }) => notes) }
}

/** Whether a variable has a value in the env files; the forms with a colon take an empty one for none. */
export function isGiven({ variable, emptyIsUnset }: Variable, env: Environment): boolean {
  return Object.hasOwn(env, variable) && !(emptyIsUnset && env[variable] === '')
}

function decide(part: Variable, env: Environment, secrets: Secrets): ResolvedVariables {
  const { variable: name } = part
  const given = isGiven(part, env)
  if (part.replacement) {
    const text = given ? 'is set, so what stands behind "+" is taken' : 'is not set, so nothing stands here'
    const inner = given ? resolveVariables(part.replacement, env, secrets) : { pieces: [], notes: [] }
    return { ...inner, notes: [{ fixed: true, text: `${name} ${text}` }, ...inner.notes] }
  }
  const value = given ? (env[name] ?? '') : undefined
  // A user name that somebody has to think of is one half of a login.
  const isLogin = part.required === true && /(?:^|_)USER(?:NAME)?$/i.test(name)
  if (isLogin || isSecretVariable(name) || (value !== undefined && secretKind(value) !== undefined)) {
    const reference = secrets.ofVariable(name)
    const aside = part.default === undefined || part.default.length === 0 ? '' : ', its default is left out'
    const text = `${name} is the secret ${reference.secret}${aside}`
    return { pieces: [reference], notes: [{ fixed: aside !== '', text }] }
  }
  if (value !== undefined) {
    return {
      pieces: [value],
      notes: [{ fixed: true, text: `${name} is fixed at its value in the env file` }],
    }
  }
  if (part.default) {
    const inner = resolveVariables(part.default, env, secrets)
    return { ...inner, notes: [{ fixed: true, text: `${name} is fixed at its default` }, ...inner.notes] }
  }
  const reference = secrets.ofVariable(name)
  const text = `${name} has no value here, so it is the secret ${reference.secret}`
  return { pieces: [reference], notes: [{ fixed: false, text }] }
}
