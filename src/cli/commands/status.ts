import type { GroupView, ScalerClient } from '../../adapters/scaler-client.ts'
import { DroverError } from '../../errors.ts'
import { age } from '../age.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { pause } from '../pause.ts'
import { printable } from '../printable.ts'
import { SCALER_OPTIONS, scalerClient } from '../scaler-options.ts'
import { stableJson } from '../stable-json.ts'
import { statusLines } from '../status-lines.ts'
import { readStatus, type Status } from '../watch-status/read-status.ts'

const WATCH_MS = 1000

export default defineCommand({
  arguments: {
    group: { type: 'string', array: true, value: 'GROUP', describe: 'Only these groups. Default: all' },
  },
  options: {
    ...SCALER_OPTIONS,
    watch: {
      type: 'boolean',
      default: false,
      describe: 'On a terminal a live view with keys; elsewhere a block at each change',
    },
  },
  examples: [
    ['status', 'every group, and what the scaler does about it'],
    ['status worker_heavy --watch', 'follow one group'],
    ['status --json | jq ".groups[] | select(.paused)"', 'groups that are paused'],
  ],
  notes:
    'A dash is what is not known. What is wrong stands below the table: a scaler that is not ready, does not lead or\n' +
    'does not hear Nomad, pauses, alerts. Exits 0 when the scaler answers, 5 when it does not. Keys of --watch: up and\n' +
    'down or j and k choose a group, p pauses or resumes it (with DROVER_TOKEN), w explains what is done, q ends.',
  async run(args, context) {
    const client = scalerClient(context, args)
    const names = args.group ?? []
    const status = await readStatus(client, names)
    if (args.watch && context.openScreen !== undefined) {
      const { watchOnScreen } = await import('../watch-status/watch-on-screen.ts')
      return watchOnScreen(client, names, status, context, context.openScreen)
    }
    if (args.watch) return watchStatus(client, names, status, context)
    if (context.json) context.output.printJson(status)
    else await show(status, context)
    return 0
  },
})

/**
 * Prints a block whenever something changes, ages aside; as JSON a line every second. The first answer has decided
 * that there is something to watch; later a scaler may be away for a while.
 */
async function watchStatus(
  client: ScalerClient,
  names: readonly string[],
  first: Status,
  context: Context,
): Promise<number> {
  const { output, signal, json } = context
  let status = first
  let shown: string | undefined
  for (;;) {
    const news = newsOf(status)
    if (json) output.data(`${stableJson(status)}\n`)
    else if (news !== shown) {
      if (shown !== undefined) output.data('\n')
      await show(status, context)
    }
    shown = news
    const next = await readAgain(client, names, context)
    if (next === undefined || signal.aborted) return 0
    status = next
  }
}

async function readAgain(
  client: ScalerClient,
  names: readonly string[],
  { output, signal }: Context,
): Promise<Status | undefined> {
  let isTold = false
  for (;;) {
    await pause(WATCH_MS, signal)
    if (signal.aborted) return undefined
    try {
      return await readStatus(client, names)
    } catch (error) {
      if (!(error instanceof DroverError) || error.code !== 'UNAVAILABLE') throw error
      if (!isTold) output.say(`${error.message}; trying again`)
      isTold = true
    }
  }
}

/** What is shown but for how long it has been so: at the time 0 nothing has an age. */
function newsOf({ health, groups }: Status): string {
  return JSON.stringify([
    groups.map((group) => cellsOf({ ...group, oldestAgeMs: undefined })),
    statusLines(health, groups, 0),
  ])
}

async function show({ health, groups }: Status, context: Context): Promise<void> {
  const { output } = context
  await output.printTable({
    head: ['group', 'desired', 'live', 'starting', 'busy', 'waiting', 'active', 'oldest', 'decision'],
    rows: groups.map(cellsOf),
    right: [1, 2, 3, 4, 5, 6, 7],
  })
  for (const line of statusLines(health, groups, context.now())) output.say(printable(line))
}

function cellsOf(group: GroupView): (string | number)[] {
  return [
    printable(group.name),
    group.job === 'missing' ? '-' : group.desired,
    group.live,
    group.starting,
    group.unknown > 0 ? `${group.busy}+${group.unknown}?` : group.busy,
    group.waiting ?? '-',
    group.active ?? '-',
    group.oldestAgeMs === undefined ? '-' : age(group.oldestAgeMs),
    printable(group.explained ?? '-'),
  ]
}
