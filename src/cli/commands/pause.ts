import { defineCommand } from '../command.ts'
import { askerOf, GROUP_ARGUMENT, SCALER_OPTIONS, scalerClient, TOKEN_NOTE } from '../scaler-options.ts'
import { durationOption } from '../worker-options.ts'

export default defineCommand({
  arguments: GROUP_ARGUMENT,
  options: {
    ...SCALER_OPTIONS,
    for: {
      type: 'string',
      value: 'DURATION',
      describe: 'Resume by itself after that. Default: until drover resume',
    },
    reason: { type: 'string', value: 'TEXT', describe: 'For those who wonder' },
  },
  examples: [
    ['pause worker_heavy', 'leave it as it is until it is resumed'],
    ['pause worker_heavy --for 30m --reason "database is slow"', 'for half an hour, and say why'],
  ],
  notes: TOKEN_NOTE,
  async run(args, context) {
    durationOption('--for', args.for)
    const client = scalerClient(context, args)
    const order = { ...askerOf(context, args.reason), ...(args.for === undefined ? {} : { for: args.for }) }
    const group = await client.pause(args.group, order)
    if (context.json) context.output.printJson({ group })
    else {
      const until = args.for === undefined ? 'until it is resumed' : `for ${args.for}`
      context.output.say(`${group?.name ?? args.group} is paused ${until}.`)
    }
    return 0
  },
})
