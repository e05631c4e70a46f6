import { toNomadDuration } from '../units.ts'
import { type CeleryCommand, scanWorkerScript } from './celery-command.ts'
import type { JobContext } from './context.ts'
import { present, type StackMap, type StackValue } from './tree.ts'

/** The queue that Celery takes tasks from when it is told none. */
const DEFAULT_QUEUE = 'celery'

/** What makes a job a worker: queues, concurrency, scale, and the Celery command in Drover's words. */
export function importWorker(job: JobContext): StackMap {
  const { celery, tier, service, script } = job.plan
  const scanned = script === undefined || celery ? {} : scanWorkerScript(script)
  const own = celery?.queues ?? scanned.queues
  const queues = own ?? tier?.worker.queues ?? [DEFAULT_QUEUE]
  if (!own && !tier) job.comment(['queues'], "Celery's own default: the command names no queues.")
  return present({
    queues: [...queues],
    concurrency: celery ? concurrencyOf(job, celery) : scanned.concurrency,
    scale: importScale(job),
    celery: celery && importCelery(job, celery, service.command?.key ?? 'command'),
  })
}

function concurrencyOf({ account, plan }: JobContext, { concurrency, others }: CeleryCommand): number {
  const key = plan.service.command?.key ?? 'command'
  if (/(?:-P|--pool)[ =]solo\b/.test(others.join(' '))) {
    if (concurrency !== 1)
      account.approximated(
        key,
        'concurrency',
        'the solo pool runs one task at a time, whatever --concurrency says',
      )
    return 1
  }
  if (concurrency !== undefined) return concurrency
  const cores = Math.max(1, Math.floor(plan.service.resources.cpuLimit?.value ?? 1))
  account.approximated(
    key,
    'concurrency',
    `Celery would run a task for each core of the node; its limit allows ${cores}`,
  )
  return cores
}

/** Bounds of the count: the tier's, else exactly what compose runs. */
function importScale(job: JobContext): StackMap {
  const { account, plan } = job
  const { count } = plan.service
  const tier = plan.tier?.worker
  const replicas = count?.value ?? 1
  if (!tier) {
    const max = Math.max(replicas, 1)
    if (count) account.mapped(count.key, 'scale')
    job.comment(
      ['scale'],
      `As many as compose runs. Without an autoscale file nothing says how many there may be.`,
    )
    return { min: replicas, max }
  }
  const { min_replicas: min, max_replicas: max } = tier
  if (count) {
    if (replicas === min) account.mapped(count.key, 'scale.min')
    else
      account.approximated(
        count.key,
        'scale.min',
        `a worker starts with its least count, which is ${min} by the autoscale file`,
      )
  }
  return present({
    min,
    max: Math.max(max, 1),
    keep_alive: minutes(tier.idle_shutdown_minutes),
    start_up:
      tier.startup_time_seconds === undefined ? undefined : toNomadDuration(tier.startup_time_seconds * 1000),
    strategies: importStrategy(tier),
  })
}

/** Thresholds of one step up and one down; without both of them Drover's own strategy decides. */
function importStrategy(tier: NonNullable<JobContext['plan']['tier']>['worker']): StackMap | undefined {
  const { scale_up_threshold: up, scale_down_threshold: down, cooldown_minutes: cooldown } = tier
  if (up === undefined || down === undefined) return undefined
  return { step: { up_at: Math.max(up, 1), down_at: down, cooldown: minutes(cooldown) ?? '1m' } }
}

function minutes(value: number | undefined): string | undefined {
  return value === undefined ? undefined : toNomadDuration(Math.round(value * 60_000))
}

function importCelery(job: JobContext, celery: CeleryCommand, key: string): StackMap {
  const { account } = job
  account.mapped(key, 'celery')
  const node = `the node's name is NAME@ALLOCATION, by which Drover knows which allocation is busy`
  account.approximated(
    key,
    'celery',
    celery.hostname === undefined ? node : `${node}, in the place of ${celery.hostname}`,
  )
  if (celery.prefetchMultiplier === undefined)
    account.approximated(
      key,
      'celery',
      "prefetch is 1, not Celery's 4, so that what waits stays in the queue and is counted",
    )
  if (celery.implied.length > 0)
    account.mapped(key, 'celery', `Drover sets ${celery.implied.join(' and ')} by itself`)
  if (celery.others.some((option) => /^(?:-B|--beat)$/.test(option))) {
    job.comment(
      ['celery', 'arguments'],
      'Each allocation is a clock of its own with -B: tasks are sent as often as there are allocations.',
    )
    account.approximated(
      key,
      'celery',
      'with -B each allocation sends the scheduled tasks: move the clock into a service of its own',
    )
  }
  if (celery.timeLimitSeconds === undefined)
    account.mapped(key, 'celery', 'it has no --time-limit: a deployment waits as long as the cluster allows')
  const duration = (seconds: number | undefined): string | undefined =>
    seconds === undefined ? undefined : toNomadDuration(Math.round(seconds * 1000))
  return present({
    app: celery.app,
    log_level: celery.logLevel === 'INFO' ? undefined : celery.logLevel,
    prefetch_multiplier: celery.prefetchMultiplier === 1 ? undefined : celery.prefetchMultiplier,
    max_tasks_per_child: celery.maxTasksPerChild,
    time_limit: duration(celery.timeLimitSeconds),
    soft_time_limit: duration(celery.softTimeLimitSeconds),
    arguments: celery.others as readonly StackValue[],
  })
}

/** A worker's command that Drover does not write itself gets the name of the allocation where it names its node. */
export function withAllocationName(job: JobContext, command: StackValue | undefined): StackValue | undefined {
  if (job.plan.section !== 'workers' || job.plan.celery || !Array.isArray(command)) return command
  const node = `${job.plan.name}@\${NOMAD_ALLOC_ID}`
  let changed = false
  const words = (command as StackValue[]).map((word, index): StackValue => {
    if (typeof word !== 'string') return word
    const named = /^(?:-n|--hostname)$/.test(String(command[index - 1] ?? ''))
      ? node
      : word.replace(
          /(--hostname[= ]|(?<=\s)-n\s+)(["']?)[^\s"';&|]+\2/g,
          `$1${node.replaceAll('$', '$$$$')}`,
        )
    changed ||= named !== word
    return named
  })
  if (changed) {
    const why = "the node's name holds the allocation, by which Drover knows which one is busy"
    job.account.approximated(job.plan.service.command?.key ?? 'command', 'command', why)
  }
  return words
}
