import type { Autoscale } from '../compose/autoscale-schema.ts'
import type { ImportContext } from './context.ts'
import type { Account } from './ledger.ts'
import { present, type StackMap } from './tree.ts'

type Schedules = NonNullable<NonNullable<Autoscale['advanced']>['schedule']>
type Schedule = NonNullable<Schedules['business_hours']>

/** Time windows with other bounds. A window without hours of its own is the time outside of the other one. */
export function importSchedules(context: ImportContext, schedules: Schedules, account: Account): StackMap {
  const { business_hours: business, off_hours: off } = schedules
  return present({
    business_hours: business && importSchedule(context, 'business_hours', business, account, undefined),
    off_hours: off && importSchedule(context, 'off_hours', off, account, business && 'business_hours'),
  })
}

function importSchedule(
  context: ImportContext,
  name: string,
  schedule: Schedule,
  account: Account,
  other: string | undefined,
): StackMap | undefined {
  const at = (key: string) => `advanced.schedule.${name}.${key}`
  const to = (key: string) => `scaling.schedules.${name}.${key}`
  const { start_hour: start, end_hour: end, weekdays, timezone, enabled } = schedule
  const hasHours = start !== undefined && end !== undefined && start !== end
  const hasDays = weekdays !== undefined && new Set(weekdays).size < 7
  if (!hasHours && !hasDays && other === undefined) {
    account.dropped(
      `advanced.schedule.${name}`,
      'it has no hours of its own, so it would always be in force: set scale instead',
    )
    return undefined
  }
  const isOther = !hasHours && !hasDays
  if (isOther)
    account.approximated(
      `advanced.schedule.${name}`,
      `scaling.schedules.${name}`,
      `without hours of its own it is the time outside of ${other}`,
    )
  account.mapped(at('enabled'), to('enabled'))
  if (timezone !== undefined) account.mapped(at('timezone'), to('time_zone'))
  tellHours(hasHours, schedule, at, to, account)
  if (weekdays !== undefined) account.mapped(at('weekdays'), to('weekdays'))
  const days = hasDays && [...new Set(weekdays.map((day) => (day === 0 ? 7 : day)))].sort((a, b) => a - b)
  return present({
    enabled,
    time_zone: isOther ? undefined : timezone,
    weekdays: days || undefined,
    from: hasHours ? clock(start === 24 ? 0 : start) : undefined,
    to: hasHours ? clock(end === 0 ? 24 : end) : undefined,
    otherwise: isOther ? other : undefined,
    min: importCounts(
      context,
      schedule.min_replicas_override,
      at('min_replicas_override'),
      to('min'),
      account,
    ),
    max: importCounts(
      context,
      schedule.max_replicas_override,
      at('max_replicas_override'),
      to('max'),
      account,
    ),
  })
}

function tellHours(
  hasHours: boolean,
  { start_hour: start, end_hour: end }: Schedule,
  at: (key: string) => string,
  to: (key: string) => string,
  account: Account,
): void {
  for (const [key, hour, name] of [
    ['start_hour', start, 'from'],
    ['end_hour', end, 'to'],
  ] as const) {
    if (hour === undefined) continue
    if (hasHours) account.mapped(at(key), to(name))
    else account.dropped(at(key), 'a window needs a start and an end that differ')
  }
}

/** Overrides outside of the bounds that the worker has in `scale` are cut to them: a stack allows no others. */
function importCounts(
  { plans }: ImportContext,
  counts: Readonly<Record<string, number>> = {},
  key: string,
  to: string,
  account: Account,
): StackMap {
  const found: Record<string, number> = {}
  for (const [tier, count] of Object.entries(counts)) {
    const plan = [...plans.values()].find((one) => one.tier?.name === tier)
    const at = `${key}.${tier}`
    if (!plan?.tier) {
      account.dropped(at, `there is no worker ${tier}`)
      continue
    }
    const { min_replicas: min, max_replicas: max } = plan.tier.worker
    const cut = Math.min(Math.max(count, min), Math.max(max, 1))
    if (cut === count) account.mapped(at, to)
    else account.approximated(at, to, `${cut}: the bounds of ${plan.name} are ${min} and ${max}`)
    found[plan.name] = cut
  }
  return found
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`
}
