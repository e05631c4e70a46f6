import type { Sourced } from '../compose/model.ts'
import { literalParts, type Parts } from '../compose/parts.ts'
import { isLiteralSecret } from '../rules/secret-text.ts'
import type { JobContext } from './context.ts'
import { toWrittenArgument } from './pieces.ts'
import { importText } from './texts.ts'
import type { StackMap, StackValue } from './tree.ts'
import { present } from './tree.ts'

/** A flag whose value, the next word, is a password. */
const SECRET_FLAG = /^--?(?:[a-z]+[-_])*(?:requirepass|masterauth|password|passwd|token|secret|api[-_]key)$/i

/**
 * `entrypoint` and `command`. Nomad hands both to the container as words, like compose: no shell runs unless
 * one is named.
 */
export function importCommands(job: JobContext): StackMap {
  const { entrypoint, command } = job.plan.service
  return present({
    entrypoint: entrypoint && importWords(job, entrypoint, 'entrypoint'),
    command: command && importWords(job, command, 'command'),
  })
}

/** The words of a command in the stack's words. */
export function importWords(
  job: JobContext,
  { value, key, position }: Pick<Sourced<readonly Parts[]>, 'value' | 'key' | 'position'>,
  to: string,
): StackValue[] {
  if (value.length === 0)
    job.account.dropped(key, "an empty list takes the image's own away, which Nomad cannot")
  return value.map((word, index) => {
    const flag = literalParts(value[index - 1] ?? []) ?? ''
    const literal = literalParts(word)
    if (literal !== undefined && SECRET_FLAG.test(flag) && isLiteralSecret(literal)) {
      const reference = job.secrets.ofLiteral(literal, `${job.plan.name}_password`, job.plan.name, position)
      const why = `the value behind ${flag} is the secret ${reference.secret}: put it into the Nomad variable`
      job.account.approximated(key, to, why)
      return [reference]
    }
    return toWrittenArgument(importText(job, word, { key, to, position }))
  })
}
