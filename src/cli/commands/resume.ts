import { defineCommand } from '../command.ts'
import { askerOf, GROUP_ARGUMENT, SCALER_OPTIONS, scalerClient, TOKEN_NOTE } from '../scaler-options.ts'

export default defineCommand({
  arguments: GROUP_ARGUMENT,
  options: SCALER_OPTIONS,
  examples: [['resume worker_heavy', 'scale it again']],
  notes: TOKEN_NOTE,
  async run(args, context) {
    const group = await scalerClient(context, args).resume(args.group, askerOf(context))
    if (context.json) context.output.printJson({ group })
    else context.output.say(`${group?.name ?? args.group} is scaled again.`)
    return 0
  },
})
