import { isAbsolute, join, relative } from 'node:path'
import { listEnvironments } from '../adapters/stack-file.ts'
import type { Stack } from '../core/stack/stack.ts'
import { DroverError } from '../errors.ts'
import type { Completer, OptionSpec } from './command.ts'
import type { Context } from './context.ts'

const completeEnvironments: Completer = async ({ cwd }, words) => {
  const at = words.indexOf('--stack')
  return listEnvironments(join(cwd, (at >= 0 && words[at + 1]) || 'stack.yml'))
}

/** Options of every command that reads a stack. */
export const STACK_OPTIONS = {
  stack: { type: 'string', default: 'stack.yml', value: 'FILE', describe: 'The stack file' },
  env: {
    type: 'string',
    value: 'NAME',
    describe: 'Lay stack.NAME.yml over it',
    complete: completeEnvironments,
  },
} as const satisfies Record<string, OptionSpec>

export const PROFILE_OPTION = {
  profile: {
    type: 'string',
    array: true,
    default: [] as string[],
    value: 'NAME',
    describe: 'Also take the jobs of this profile',
  },
} as const satisfies Record<string, OptionSpec>

/** Throws USAGE for a profile that no job has: without its jobs the rest would look complete. */
export function checkProfiles(stack: Stack, profiles: readonly string[]): void {
  const known = [...new Set(stack.jobs.flatMap((job) => job.profiles))].sort()
  const unknown = profiles.filter((profile) => !known.includes(profile))
  if (unknown.length > 0)
    throw new DroverError('USAGE', `no job has the profile ${unknown.join(' or ')}`, {
      hint: known.length === 0 ? 'The stack has no profiles.' : `The profiles are ${known.join(', ')}.`,
    })
}

/** A path as the user gave it, made to work from wherever the process is, and short to read. */
export function resolvePath({ cwd }: Context, path: string): string {
  if (isAbsolute(path)) return path
  const full = join(cwd, path)
  const short = relative(process.cwd(), full)
  return short === '' ? '.' : short
}

export interface StackArgs {
  readonly stack: string
  readonly env?: string | undefined
}

/** Where to read the stack that the options name. */
export function stackLocation(context: Context, { stack, env }: StackArgs) {
  return { file: resolvePath(context, stack), environment: env }
}
