import { type GroupRef, groupName } from '../src/core/scaling/group-ref.ts'

/** A worker group as the scaler reports it, as far as its health goes. What is not known is absent. */
export interface GroupFacts {
  readonly group: GroupRef
  readonly policy: {
    readonly queues: readonly string[]
    readonly origin: 'stack' | 'nomad'
    readonly startUpMs: number
    readonly targetAgeMs?: number
  }
  readonly bounds: { readonly min: number; readonly max: number; readonly by: string }
  readonly job: 'present' | 'stopped' | 'missing'
  readonly desired: number
  readonly live: number
  readonly starting: number
  readonly busy: number
  readonly idle: number
  readonly unknown: number
  readonly waiting?: number
  readonly active?: number
  readonly delayed?: number
  readonly oldestAgeMs?: number
  readonly paused?: { readonly by?: string; readonly reason?: string }
  readonly workers: readonly {
    readonly state: string
    readonly allocation?: { readonly isReplaced?: boolean; readonly trouble?: string }
  }[]
  readonly alerts: readonly {
    readonly kind: string
    readonly message: string
    readonly resolvedAt?: number
  }[]
}

export type HealthStatus = 'passing' | 'warning' | 'critical'

export interface GroupHealth {
  readonly status: HealthStatus
  /** One line for people: what waits, who works, and what is wrong. */
  readonly output: string
}

/**
 * A worker group's health as its queues see it. critical: work waits and nothing runs, or allocations fail.
 * warning: work waits too long, the group is at its maximum and all of it works, or its queues cannot be read.
 * passing: it keeps up, which a group of none does while nothing waits.
 */
export function healthOfGroup(group: GroupFacts): GroupHealth {
  const critical = [nothingRuns(group), failing(group)].filter(isText)
  const warning = [
    blind(group),
    late(group),
    atMax(group),
    group.job === 'stopped' ? 'the job is stopped in Nomad' : undefined,
    ...openAlerts(group, ['retirement-stuck', 'scale-refused', 'budget-reached', 'backlog-over-threshold']),
  ].filter(isText)
  const note = group.paused === undefined ? [] : [`scaling is paused${by(group.paused)}`]
  return {
    status: critical.length > 0 ? 'critical' : warning.length > 0 ? 'warning' : 'passing',
    output: [numbers(group), ...critical, ...warning, ...note].join('; '),
  }
}

/** `12 waiting, oldest 48 s, 3 of 4 workers busy`. */
function numbers({ waiting, oldestAgeMs, live, busy, unknown, starting }: GroupFacts): string {
  const parts = [
    waiting === undefined ? 'queues unknown' : waiting === 0 ? 'nothing waiting' : `${waiting} waiting`,
    oldestAgeMs !== undefined && waiting ? `oldest ${ageInWords(oldestAgeMs)}` : '',
    live === 0 ? 'no workers' : `${busy} of ${live} ${live === 1 ? 'worker' : 'workers'} busy`,
    starting > 0 ? `${starting} starting` : '',
    unknown > 0 ? `${unknown} unknown` : '',
  ]
  return parts.filter(Boolean).join(', ')
}

/** While the first allocation is on its way, for as long as a start takes, the group does what it should. */
function nothingRuns(group: GroupFacts): string | undefined {
  const { live, starting, waiting = 0, desired, oldestAgeMs, policy } = group
  if (waiting === 0 || live > 0 || starting > 0) return undefined
  const isComing = desired > 0 && oldestAgeMs !== undefined && oldestAgeMs <= policy.startUpMs
  return isComing ? undefined : 'nothing runs and work waits'
}

function failing(group: GroupFacts): string | undefined {
  const failed = group.workers.filter(
    ({ state, allocation }) => state === 'failed' && allocation?.isReplaced !== true,
  )
  const [alert] = openAlerts(group, ['allocation-failed'])
  if (failed.length === 0) return alert
  const trouble = failed.find(({ allocation }) => allocation?.trouble)?.allocation?.trouble
  const count = `${failed.length} ${failed.length === 1 ? 'allocation' : 'allocations'} failed`
  return trouble === undefined ? count : `${count}: ${trouble}`
}

function blind(group: GroupFacts): string | undefined {
  const [alert] = openAlerts(group, ['source-blind'])
  return alert ?? (group.waiting === undefined ? 'its queues cannot be read' : undefined)
}

function late({ waiting = 0, oldestAgeMs, policy }: GroupFacts): string | undefined {
  const { targetAgeMs } = policy
  if (waiting === 0 || oldestAgeMs === undefined || targetAgeMs === undefined || oldestAgeMs <= targetAgeMs)
    return undefined
  return `waits longer than ${ageInWords(targetAgeMs)}`
}

/** One that is at its maximum and has idle workers still keeps up. */
function atMax(group: GroupFacts): string | undefined {
  const { waiting = 0, desired, bounds, idle } = group
  if (waiting > 0 && desired > 0 && desired >= bounds.max && idle === 0)
    return `at its maximum of ${bounds.max}`
  return openAlerts(group, ['at-max'])[0]
}

function openAlerts({ alerts }: GroupFacts, kinds: readonly string[]): string[] {
  return alerts
    .filter(({ kind, resolvedAt }) => kinds.includes(kind) && resolvedAt === undefined)
    .map(({ message }) => message)
}

function by({ by: who, reason }: NonNullable<GroupFacts['paused']>): string {
  return `${who === undefined ? '' : ` by ${who}`}${reason === undefined ? '' : `: ${reason}`}`
}

/** `48 s`, `12 min`, `3 h 5 min`. */
export function ageInWords(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** The numbers of a group as they are kept in Consul's key-value store, for machines. */
export function groupNumbers(group: GroupFacts, { status, output }: GroupHealth): object {
  const { bounds, job, desired, live, starting, busy, idle, unknown, waiting, active, delayed } = group
  const { oldestAgeMs, policy } = group
  return {
    group: groupName(group.group),
    status,
    output,
    queues: policy.queues,
    job,
    ...{ desired, live, starting, busy, idle, unknown },
    ...{ min: bounds.min, max: bounds.max },
    ...{ waiting, active, delayed },
    oldestAgeSeconds: oldestAgeMs === undefined ? undefined : Math.floor(oldestAgeMs / 1000),
  }
}

function isText(text: string | undefined): text is string {
  return text !== undefined
}
