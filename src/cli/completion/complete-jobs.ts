import { resolve } from 'node:path'
import { loadYaml } from '../../adapters/yaml.ts'
import { SECTIONS } from '../../core/stack/sections.ts'
import type { Completer } from '../command.ts'

/** The names of the stack's jobs, for `--job`; the stack is the one that `--stack` on the same line names. */
export const completeJobs: Completer = async (context, words) => {
  const at = words.indexOf('--stack')
  const file = (at >= 0 && words[at + 1]) || 'stack.yml'
  const stack = loadYaml(resolve(context.cwd, file)).value as Readonly<Record<string, object | null>>
  return Object.keys(SECTIONS).flatMap((section) => Object.keys(stack[section] ?? {}))
}
