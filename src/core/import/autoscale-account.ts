import type { Autoscale } from '../compose/autoscale-schema.ts'
import { formatPath } from '../issue.ts'
import { toNomadDuration } from '../units.ts'
import type { ImportContext, JobPlan } from './context.ts'
import type { Account } from './ledger.ts'

/** What became of the tiers' keys in autoscale.yml; the values themselves are taken over where the worker is made. */
export function accountForTiers(context: ImportContext, { workers }: Autoscale, account: Account): void {
  const plans = [...context.plans.values()]
  for (const [name, tier] of Object.entries(workers)) {
    const plan = plans.find((one) => one.tier?.name === name)
    const at = (key: string) => formatPath(['workers', name, key])
    if (!plan) {
      account.dropped(
        formatPath(['workers', name]),
        `no service of the compose files is named ${name} or takes from its queues`,
      )
      continue
    }
    tellQueues(plan, tier.queues, at('queues'), account)
    account.mapped(at('min_replicas'), 'scale.min')
    account.mapped(at('max_replicas'), 'scale.max')
    if (tier.max_replicas === 0)
      account.approximated(at('max_replicas'), 'scale.max', 'a worker may have at least one')
    tellSteps(plan, tier, at, account)
    if (tier.idle_shutdown_minutes !== undefined)
      account.mapped(at('idle_shutdown_minutes'), 'scale.keep_alive')
    if (tier.startup_time_seconds !== undefined) account.mapped(at('startup_time_seconds'), 'scale.start_up')
    const { cpuLimit, memoryLimitBytes } = plan.service.resources
    tellSize(at('cpu_per_replica'), tier.cpu_per_replica, cpuLimit?.value, account)
    const gigabytes = memoryLimitBytes && memoryLimitBytes.value / 1024 ** 3
    tellSize(at('memory_per_replica_gb'), tier.memory_per_replica_gb, gigabytes, account)
  }
}

function tellQueues(plan: JobPlan, queues: readonly string[], key: string, account: Account): void {
  const own = plan.celery?.queues
  if (!own || [...own].sort().join() === [...queues].sort().join()) {
    account.mapped(key, 'queues')
    return
  }
  account.approximated(
    key,
    'queues',
    `the command of ${plan.service.name} takes from ${own.join(', ')}, and what it takes from counts`,
  )
}

function tellSteps(
  plan: JobPlan,
  tier: Autoscale['workers'][string],
  at: (key: string) => string,
  account: Account,
): void {
  const { scale_up_threshold: up, scale_down_threshold: down, cooldown_minutes: cooldown } = tier
  const step = 'scale.strategies.step'
  if (up === undefined || down === undefined) {
    const why = `needs both thresholds; ${plan.name} is scaled by its backlog`
    for (const key of ['scale_up_threshold', 'scale_down_threshold', 'cooldown_minutes'] as const)
      if (tier[key] !== undefined) account.dropped(at(key), why)
    return
  }
  account.mapped(at('scale_up_threshold'), `${step}.up_at`)
  if (up < 1)
    account.approximated(
      at('scale_up_threshold'),
      `${step}.up_at`,
      'with nothing waiting there is nothing to add a worker for: 1',
    )
  account.mapped(at('scale_down_threshold'), `${step}.down_at`)
  if (cooldown !== undefined)
    account.mapped(at('cooldown_minutes'), `${step}.cooldown`, toNomadDuration(cooldown * 60_000))
}

function tellSize(
  key: string,
  wanted: number | undefined,
  limit: number | undefined,
  account: Account,
): void {
  if (wanted === undefined) return
  if (limit === undefined || limit === wanted) account.mapped(key, 'resources')
  else
    account.approximated(
      key,
      'resources',
      `the service's own limit of ${Math.round(limit * 1000) / 1000} is taken, not ${wanted}`,
    )
}
