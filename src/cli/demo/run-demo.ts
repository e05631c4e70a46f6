import type { ScalerEvent } from '../../../scaler/reports.ts'
import { openQueueSource } from '../../adapters/queues/index.ts'
import { redisTarget } from '../../adapters/redis.ts'
import { loadStack } from '../../adapters/stack-file.ts'
import { policiesOfStack } from '../../core/scaling/policies-of-stack.ts'
import type { ScalingPolicy } from '../../core/scaling/policy.ts'
import type { QueueSource } from '../../ports.ts'
import type { NomadEmulator } from '../../sandbox/index.ts'
import type { Context } from '../context.ts'
import { pause } from '../pause.ts'
import type { Sandbox } from '../sandbox/start-sandbox.ts'
import { stackLocation } from '../stack-options.ts'
import { bullmqFeeder } from './bullmq-feeder.ts'
import { comesAndGoes, dayOf } from './day.ts'
import type { Feeder } from './feeder.ts'
import { memoryFeeder } from './memory-feeder.ts'
import { playDay } from './play-day.ts'
import { startDemoScaler } from './start-scaler.ts'
import { taskNames } from './task-names.ts'
import { faultsOf, inWords, type Outcome } from './verdict.ts'
import { watchCounts } from './watch-counts.ts'

export interface DemoOptions {
  readonly stack: string
  readonly env: string | undefined
  /** Play one short day, say how it went, and end. */
  readonly once: boolean
  /** Of the dashboard; 0 for any that is free. */
  readonly port: number
  readonly stopped: AbortSignal
}

/** For orders on the dashboard of a demo, which nothing of worth is behind. */
const TOKEN = 'let-me-in'
/** How long after a short day everything may take to be over: a slow machine takes its time. */
const OVER_WITHIN_MS = 90_000
const LOOK_EVERY_MS = 100
/** How long a short day's end stays on a page that is open: longer than from one of its readings to the next. */
const LAST_LOOK_MS = 2500

/** Brings a stack up in the sandbox, scales it, and plays days until it is stopped. Gives what went wrong. */
export async function runDemo(
  sandbox: Sandbox,
  options: DemoOptions,
  context: Context,
): Promise<readonly string[]> {
  const { stopped, once } = options
  const { output, now } = context
  const { stack } = loadStack(stackLocation(context, options))
  const groups = policiesOfStack(stack)
  const own = { ...context, env: { ...context.env, ...sandbox.env } }

  output.say(`Registering the stack ${stack.name} in the order of its dependencies: drover up`)
  const { default: up } = await import('../commands/up.ts')
  const args = {
    stack: options.stack,
    env: options.env,
    profile: [],
    job: [],
    now: false,
    'dry-run': false,
    dryRun: false,
  }
  const code = await up.run(args as never, { ...own, output: { ...output, printTable: async () => {} } })
  if (code !== 0) return [`drover up ended with ${code}`]

  const counts = watchCounts(
    sandbox.nomad.address,
    groups.filter(comesAndGoes).map(({ group }) => group.job),
  )
  const stops = watchStops(sandbox.nomad, groups)
  const feeder = await openFeeder(sandbox, groups)
  const begun = now()
  const scaler = await startDemoScaler(
    {
      stack: options.stack,
      environment: options.env,
      env: sandbox.env,
      source: openSource(sandbox, context),
      port: options.port,
      token: TOKEN,
      onEvent: (event) => tell(event, begun, output.data),
    },
    own,
  )
  try {
    output.say(`\nOpen ${scaler.url} (orders take the token ${TOKEN})\n`)
    const names = taskNames(stack.routes)
    const day = dayOf(groups, once ? 'short' : 'day')
    do {
      await playDay(day, feeder, names, { now, signal: stopped })
    } while (!once && !stopped.aborted)
    if (!once) return []
    const outcome = (): Outcome => ({
      tally: feeder.tally(),
      stopped: stops.names(),
      counts: groups
        .filter(comesAndGoes)
        .map(({ group, max }) => ({ group: group.group, max, seen: counts.of(group.job) })),
    })
    const end = now() + OVER_WITHIN_MS
    while (faultsOf(outcome()).length > 0 && now() < end && !stopped.aborted)
      await pause(LOOK_EVERY_MS, stopped)
    const { tally, counts: seen } = outcome()
    output.say(`\n${tally.done} of ${tally.added} tasks done, ${stops.names().length} workers stopped`)
    for (const one of seen) output.say(`${one.group}: ${inWords(one.seen)}`)
    await pause(LAST_LOOK_MS, stopped)
    return faultsOf(outcome())
  } finally {
    stops.close()
    counts.close()
    await scaler.close()
    await feeder.close()
  }
}

function openFeeder({ queues }: Sandbox, groups: readonly ScalingPolicy[]): Promise<Feeder> | Feeder {
  if (queues.kind === 'memory') return memoryFeeder(queues.broker)
  return bullmqFeeder(
    queues.url,
    groups.flatMap((group) => group.queues),
  )
}

function openSource({ queues }: Sandbox, { env, now }: Context): QueueSource {
  if (queues.kind === 'memory') return queues.broker.source
  const redis = redisTarget({ ...env, DROVER_REDIS_URL: queues.url }, undefined, 0)
  return openQueueSource('bullmq', { prefix: 'bull' }, { clock: { now }, redis, env })
}

/** Workers that Nomad was told to stop while they ran: nobody should. */
function watchStops(nomad: NomadEmulator, groups: readonly ScalingPolicy[]) {
  const jobs = new Set(groups.map(({ group }) => group.job))
  const names = new Map<string, string>()
  const close = nomad.onAllocation(({ ID, Name, JobID, DesiredStatus, ClientStatus }) => {
    const isLive = ClientStatus === 'running' || ClientStatus === 'pending'
    if (jobs.has(JobID) && DesiredStatus === 'stop' && isLive) names.set(ID, Name)
  })
  return { names: () => [...names.values()], close }
}

/** One line for each decision that is news, and for each answer that is a refusal. */
function tell(event: ScalerEvent, begun: number, write: (text: string) => void): void {
  const isTold =
    (event.kind === 'decision' && event.isNews) ||
    (event.kind === 'action' && !event.answer.ok) ||
    event.kind === 'alert'
  if (!isTold) return
  const seconds = Math.max(0, Math.floor((event.at - begun) / 1000))
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  write(`${clock.padStart(5)}  ${event.message}\n`)
}
