import type { Value } from '../../src/core/stack/stack.ts'

/** A value for a person to read: secrets and addresses by their names. */
export function showValue(value: Value): string {
  return value
    .map((part) =>
      typeof part === 'string' ? part : 'secret' in part ? `<secret ${part.secret}>` : `<${part.service}>`,
    )
    .join('')
}
