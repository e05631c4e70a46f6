import type { EventView } from '../../adapters/scaler-client.ts'
import { followEvents } from '../../adapters/scaler-events.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { printable } from '../printable.ts'
import { SCALER_OPTIONS, scalerClient } from '../scaler-options.ts'
import { stableJson } from '../stable-json.ts'
import { timeOption } from '../time-option.ts'

const SHOWN = 100
const MOST_SHOWN = 1000

export default defineCommand({
  options: {
    ...SCALER_OPTIONS,
    follow: { type: 'boolean', default: false, alias: 'f', describe: 'Then tell of each as it happens' },
    group: { type: 'string', value: 'GROUP', describe: 'Only of this group' },
    since: {
      type: 'string',
      value: 'TIME',
      describe: `ISO 8601, HH:MM, or how long ago ("10m"). Default: the last ${SHOWN}`,
    },
  },
  examples: [
    ['events --since 1h', 'what the scaler did in the last hour'],
    ['events --group worker_heavy --follow', 'and what it does'],
    ['events --follow --json | jq -c "select(.kind == \\"action\\")"', 'one line of JSON each'],
  ],
  notes:
    `Oldest first, at most ${MOST_SHOWN}. Of decisions those that change something, or hold for another reason than before.\n` +
    'Following goes on where it was when the scaler was away. Exits 5 when the scaler does not answer.',
  async run(args, context) {
    const { output, now, signal } = context
    const after = args.since === undefined ? undefined : timeOption('--since', args.since, now())
    const client = scalerClient(context, args)
    const group = args.group === undefined ? {} : { group: args.group }
    const since = after === undefined ? { limit: SHOWN } : { limit: MOST_SHOWN, after: after - 1 }
    const { events, cursor } = await client.history({ ...group, ...since })
    for (const event of events.toReversed()) show(event, context)
    if (!args.follow) return 0
    const listener = {
      event: (event: EventView) => show(event, context),
      missed: () => output.say('Some events were missed: they are no longer kept.'),
      lost: ({ message }: Error) => output.say(`${printable(message)}; trying again.`),
      back: () => output.say('The scaler is back.'),
    }
    await followEvents(client, group, cursor, listener, signal)
    return 0
  },
})

function show(event: EventView, { output, json }: Context): void {
  if (json) {
    output.data(`${stableJson(event)}\n`)
    return
  }
  const time = output.colors.dim(new Date(event.at).toISOString())
  output.data(`${time}  ${event.kind.padEnd(8)}  ${printable(event.message)}\n`)
}
