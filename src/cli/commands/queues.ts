import { REDIS_VARIABLES, redisTarget } from '../../adapters/redis.ts'
import { loadStack } from '../../adapters/stack-file.ts'
import {
  type QueueReport,
  queuesOfGroups,
  type ReportedQueue,
  reportQueues,
} from '../../core/queues/queue-report.ts'
import { showRedis } from '../../core/queues/redis-url.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { DroverError, ERROR_CODES } from '../../errors.ts'
import type { QueueSource, SourceState } from '../../ports.ts'
import { age } from '../age.ts'
import { openBrokerSource } from '../broker-source.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { pause } from '../pause.ts'
import { stableJson } from '../stable-json.ts'
import { STACK_OPTIONS, stackLocation } from '../stack-options.ts'

const WATCH_MS = 2000
/** Changes that come closer together are shown at once. */
const GATHER_MS = 200

export default defineCommand({
  options: {
    ...STACK_OPTIONS,
    redis: {
      type: 'string',
      value: 'URL',
      describe: `Where the queues are. Default: ${REDIS_VARIABLES.url}`,
    },
    group: { type: 'string', value: 'NAME', describe: 'Only the queues of this worker group' },
    watch: { type: 'boolean', default: false, describe: 'Show them again whenever something changes' },
  },
  examples: [
    ['queues --redis redis://localhost:6379', 'what waits, what runs, and who is busy'],
    ['queues --group worker_heavy --watch', 'follow one group'],
    [
      'queues --json | jq ".queues[] | select(.oldestAgeMs > 60000)"',
      'queues whose oldest waits over a minute',
    ],
  ],
  notes:
    `The password is taken from ${REDIS_VARIABLES.url}, ${REDIS_VARIABLES.password} or the file ${REDIS_VARIABLES.password}_FILE,\n` +
    'never from the command line. A dash is what the queue software does not tell. Exits 5 when a queue is not known.',
  async run(args, context) {
    const { stack } = loadStack(stackLocation(context, args))
    const groups = queuesOfGroups(stack, args.group)
    if (groups.size === 0) throw noQueues(stack, args.group)
    const { broker } = stack
    if (broker === undefined)
      throw new DroverError('USAGE', `the stack ${stack.name} names no broker`, {
        hint: 'Say under broker: which software the queues are of.',
      })
    const redis = redisTarget(context.env, args.redis, broker.database)
    if (redis === undefined)
      throw new DroverError('USAGE', `where the broker ${broker.service} is reached from here is not known`, {
        hint: `Set ${REDIS_VARIABLES.url}, or give --redis URL.`,
      })
    const source = openBrokerSource(broker, redis, context)
    const at = showRedis(redis.target)
    const show = (report: QueueReport, isLast: boolean) =>
      showReport(report, { software: broker.software, redis: at, ...source.state() }, context, isLast)
    try {
      if (args.watch) return await watchQueues(source, groups, context, (report) => show(report, false))
      const report = reportQueues(groups, await source.readOnce([...groups.keys()]))
      await show(report, true)
      return isKnown(report) ? 0 : ERROR_CODES.UNAVAILABLE.exit
    } finally {
      await source.close()
    }
  },
})

async function watchQueues(
  source: QueueSource,
  groups: ReadonlyMap<string, string>,
  { signal }: Context,
  show: (report: QueueReport) => Promise<void>,
): Promise<number> {
  const queues = [...groups.keys()]
  let wake = () => {}
  source.watch(queues, () => wake())
  while (!signal.aborted) {
    const changed = new Promise<void>((resolve) => {
      wake = resolve
    })
    await show(reportQueues(groups, await source.sweep(queues)))
    await pause(GATHER_MS, signal)
    await Promise.race([changed, pause(WATCH_MS, signal)])
  }
  return 0
}

interface SourceFacts extends SourceState {
  readonly software: string
  readonly redis: string
}

async function showReport(
  report: QueueReport,
  source: SourceFacts,
  context: Context,
  isLast: boolean,
): Promise<void> {
  const { output } = context
  if (context.json) {
    if (isLast) output.printJson({ ...report, source })
    else output.data(`${stableJson({ ...report, source })}\n`)
    return
  }
  const workers = 'cause' in report.workers ? undefined : report.workers
  // From the top of the screen, which is what a terminal that is watched shows.
  if (!isLast && output.isTerminal) output.data('\u001b[H\u001b[2J')
  await output.printTable({
    head: ['queue', 'group', 'waiting', 'active', 'delayed', 'oldest', 'per min', 'workers', ''],
    rows: report.queues.map((queue) => queueRow(queue, workers)),
    right: [2, 3, 4, 5, 6],
  })
  for (const queue of report.queues)
    if ('cause' in queue) output.say(`${queue.queue}: ${queue.cause.message}`)
  if (workers === undefined) {
    if ('cause' in report.workers) output.say(`Workers are not known: ${report.workers.cause.message}`)
  } else if (workers.length > 0) {
    output.data('\n')
    await output.printTable({
      head: ['worker', 'group', 'state', 'running', 'intake'],
      rows: workers.map((worker) => [
        worker.allocation ?? worker.worker,
        worker.group ?? '-',
        worker.state,
        worker.busy ?? '-',
        worker.intake ?? '-',
      ]),
      right: [3],
    })
  }
  output.say(
    `${source.software} on ${source.redis}: polls ${source.polls.status}, pushes ${source.pushes.status}`,
  )
}

function queueRow(
  queue: ReportedQueue,
  workers: readonly { readonly group?: string; readonly state: string }[] | undefined,
): string[] {
  const { group } = queue
  if ('cause' in queue) return [queue.queue, group, '-', '-', '-', '-', '-', '-', queue.cause.code]
  const { waiting, due = 0, active, orphaned = 0, unacked, delayed, oldestAgeMs, throughputPerMin } = queue
  const marks = [
    queue.paused ? 'paused' : '',
    orphaned > 0 ? `${orphaned} orphaned` : '',
    queue.rateLimitedUntil === undefined ? '' : 'rate-limited',
  ]
  const later = delayed ?? unacked?.eta
  return [
    queue.queue,
    group,
    String(waiting + due),
    active === undefined && unacked !== undefined ? `${unacked.total} taken` : text(active),
    text(later),
    oldestAgeMs === undefined ? '-' : `${queue.oldestIsAtLeast ? '>' : ''}${age(oldestAgeMs)}`,
    text(throughputPerMin),
    workers === undefined ? '-' : countStates(workers.filter((worker) => worker.group === group)),
    marks.filter(Boolean).join(', '),
  ]
}

function countStates(workers: readonly { readonly state: string }[]): string {
  const states = ['busy', 'idle', 'unknown'].map((state) => [
    workers.filter((one) => one.state === state).length,
    state,
  ])
  return (
    states
      .filter(([count]) => count !== 0)
      .map((pair) => pair.join(' '))
      .join(', ') || 'none'
  )
}

function text(value: number | undefined): string {
  return value === undefined ? '-' : String(value)
}

function isKnown(report: QueueReport): boolean {
  return report.queues.every((queue) => !('cause' in queue))
}

function noQueues(stack: Stack, group: string | undefined): DroverError {
  const groups = stack.jobs.filter(({ worker }) => worker !== undefined).map(({ name }) => name)
  const message =
    group === undefined ? `the stack ${stack.name} has no worker groups` : `there is no worker group ${group}`
  return new DroverError('USAGE', message, {
    hint:
      groups.length === 0
        ? 'Groups that take from queues stand under workers:.'
        : `There is: ${groups.join(', ')}.`,
  })
}
