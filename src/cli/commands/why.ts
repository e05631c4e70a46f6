import type { WhyView } from '../../adapters/scaler-client.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { printable } from '../printable.ts'
import { GROUP_ARGUMENT, SCALER_OPTIONS, scalerClient } from '../scaler-options.ts'
import { timeOption } from '../time-option.ts'
import { whyLines } from '../why-lines.ts'

export default defineCommand({
  arguments: GROUP_ARGUMENT,
  options: {
    ...SCALER_OPTIONS,
    at: {
      type: 'string',
      value: 'TIME',
      describe: 'Then instead of now: ISO 8601, HH:MM, or how long ago ("10m")',
    },
  },
  examples: [
    ['why worker_heavy', 'what is done about it now, and each step of the way there'],
    ['why worker_heavy --at 03:12', 'what was in force last at 3:12'],
    ['why worker_heavy --at 10m --json', 'with everything that it was decided from'],
  ],
  notes: 'A time without a zone is local. Exits 5 when the scaler does not answer.',
  async run(args, context) {
    const at = args.at === undefined ? undefined : timeOption('--at', args.at, context.now())
    const why = await scalerClient(context, args).why(args.group, at)
    if (context.json) context.output.printJson(why)
    else context.output.data(wordsOf(why, context))
    return 0
  },
})

function wordsOf(why: WhyView, { output, now }: Context): string {
  const { bold, dim } = output.colors
  const [first = '', second = '', ...others] = whyLines(why, now()).map(printable)
  return `${[bold(first), dim(second), ...others].join('\n')}\n`
}
