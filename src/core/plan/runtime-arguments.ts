import type { Value } from '../stack/stack.ts'
import { literalText } from '../stack/value.ts'

/** Turns arguments into text; one that is known only at run time becomes a variable of the environment. */
export interface RuntimeArguments {
  text(value: Value): string
  /** The variables that the texts refer to, to be set by a template. */
  readonly variables: Readonly<Record<string, Value>>
}

/**
 * Nomad fills in `${NAME}` in a driver's config from the task's environment when the task starts, which is
 * the only moment at which a secret or an address is known.
 */
export function runtimeArguments(): RuntimeArguments {
  const variables: Record<string, Value> = {}
  return {
    variables,
    text(value) {
      const literal = literalText(value)
      if (literal !== undefined) return literal
      const name = `DROVER_ARGUMENT_${Object.keys(variables).length + 1}`
      variables[name] = value
      return `\${${name}}`
    },
  }
}
