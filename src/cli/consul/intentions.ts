import {
  applyIntentions,
  compareIntentions,
  type IntentionChanges,
  readIntentions,
} from '../../../consul/intentions.ts'
import { type IntentionFile, intentionFiles } from '../../core/consul/intention-files.ts'
import { planJobs } from '../../core/plan/plan-jobs.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { DroverError, ERROR_CODES, EXIT_DIFFERENCES } from '../../errors.ts'
import type { Context } from '../context.ts'
import { withConsul } from './open-consul.ts'

export interface IntentionArgs {
  readonly what: 'render' | 'apply' | 'check'
  readonly profiles: readonly string[]
  readonly dryRun: boolean
  readonly prune: boolean
}

/** Prints, writes or compares the intentions of a stack; gives the exit code. */
export async function intentionsCommand(
  stack: Stack,
  { what, profiles, dryRun, prune }: IntentionArgs,
  context: Context,
): Promise<number> {
  const { json, output } = context
  const wanted = wantedIntentions(stack, profiles)
  if (what === 'render') {
    if (json) output.printJson(wanted.map(({ service, sources }) => ({ service, sources })))
    else output.data(wanted.map(({ text }) => text).join('\n'))
    return 0
  }
  const mayWrite = what === 'apply' && !dryRun
  const changes = await withConsul(context, async (client) => {
    const found = compareIntentions(stack.name, wanted, await readIntentions(client))
    if (mayWrite) await applyIntentions(client, stack.name, prune ? found : { ...found, remove: [] })
    return found
  })
  await print(stack, changes, mayWrite, prune, context)
  if (changes.foreign.length > 0) return ERROR_CODES.REJECTED.exit
  const count = changes.write.length + (what === 'check' || prune ? changes.remove.length : 0)
  return !mayWrite && count > 0 ? EXIT_DIFFERENCES : 0
}

/** Throws USAGE for a stack whose jobs no intention keeps from anything. */
export function wantedIntentions(stack: Stack, profiles: readonly string[]): IntentionFile[] {
  if (stack.cluster.isolation !== 'intentions')
    throw new DroverError(
      'USAGE',
      `the stack ${stack.name} is not in Consul's mesh: cluster.isolation is ${stack.cluster.isolation}`,
      { hint: 'Set cluster.isolation to intentions, or give --env with an overlay that does.' },
    )
  const { jobs } = planJobs(stack, profiles)
  return intentionFiles(
    stack,
    jobs.map(({ job }) => job),
  )
}

async function print(
  { name }: Stack,
  { write, remove, foreign, unchanged }: IntentionChanges,
  isDone: boolean,
  prune: boolean,
  { json, output }: Context,
): Promise<void> {
  const rows = [
    ...write.map(({ intention: { service, sources }, index }) => ({
      service,
      change: index === 0 ? 'create' : 'update',
      callers: [...sources],
    })),
    ...remove.map(({ service }) => ({ service, change: prune || !isDone ? 'remove' : 'left', callers: [] })),
    ...foreign.map(({ service }) => ({ service, change: 'refused', callers: [] })),
  ]
  if (json) {
    output.printJson({ done: isDone, changes: rows, unchanged })
    return
  }
  if (rows.length > 0)
    await output.printTable({
      head: ['service', 'change', 'may call it'],
      rows: rows.map(({ service, change, callers }) => [service, change, callers.join(', ') || '-']),
    })
  for (const { service } of foreign)
    output.say(`${service} has intentions that drover did not write for ${name}; they are left as they are`)
  if (remove.length > 0 && isDone && !prune)
    output.say(`${remove.length} are of services that the stack has no more; --prune removes them`)
  output.say(`${name}: ${write.length} ${isDone ? 'written' : 'differ'}, ${unchanged} unchanged`)
}
