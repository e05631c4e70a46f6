import type { GroupReport } from '../reports.ts'

export interface GroupGauge {
  readonly name: string
  readonly help: string
  /** Undefined: not known, and then absent. */
  value(report: GroupReport): number | undefined
}

/** One time series a group, each without the prefix `drover_group_`. */
export const GROUP_GAUGES: readonly GroupGauge[] = [
  { name: 'desired_count', help: "Nomad's count.", value: ({ desired }) => desired },
  { name: 'min_count', help: 'Least count in force now.', value: ({ bounds }) => bounds.min },
  { name: 'max_count', help: 'Largest count in force now.', value: ({ bounds }) => bounds.max },
  { name: 'live_allocations', help: 'Allocations that are not gone.', value: ({ live }) => live },
  {
    name: 'starting_allocations',
    help: 'Allocations that do not take tasks yet.',
    value: ({ starting }) => starting,
  },
  { name: 'busy_workers', help: 'Workers known to run a task.', value: ({ busy }) => busy },
  { name: 'idle_workers', help: 'Workers known to run none.', value: ({ idle }) => idle },
  { name: 'unknown_workers', help: 'Workers of which neither is known.', value: ({ unknown }) => unknown },
  {
    name: 'retiring_workers',
    help: 'Workers that finish what they have and leave.',
    value: ({ retiring }) => retiring,
  },
  { name: 'cordoned_workers', help: 'Workers that take nothing for now.', value: ({ cordoned }) => cordoned },
  { name: 'waiting_tasks', help: 'Tasks ready and untaken.', value: ({ waiting }) => waiting },
  { name: 'active_tasks', help: 'Tasks that are worked on.', value: ({ active }) => active },
  { name: 'delayed_tasks', help: 'Tasks that are not yet due.', value: ({ delayed }) => delayed },
  {
    name: 'oldest_task_age_seconds',
    help: 'How long the oldest waiting task has waited.',
    value: ({ oldestAgeMs }) => seconds(oldestAgeMs),
  },
  {
    name: 'sample_age_seconds',
    help: 'Age of the oldest reading that is relied on.',
    value: ({ sampleAgeMs }) => seconds(sampleAgeMs),
  },
  { name: 'paused', help: '1 while it is paused.', value: ({ paused }) => Number(paused !== undefined) },
  {
    name: 'cost_per_hour',
    help: "What it costs now, in the currency of the cluster's prices.",
    value: ({ costPerHour }) => costPerHour,
  },
  {
    name: 'last_evaluation_timestamp_seconds',
    help: 'When it was last evaluated, since 1970.',
    value: ({ lastEvaluatedAt }) => seconds(lastEvaluatedAt),
  },
]

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000
}
