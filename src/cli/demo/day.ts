import type { ScalingPolicy } from '../../core/scaling/policy.ts'

/** Tasks that come into a queue together. */
export interface Arrival {
  /** Since the day began, milliseconds. */
  readonly atMs: number
  readonly queue: string
  readonly count: number
  /** How long each of them runs. */
  readonly taskMs: number
}

export interface Day {
  readonly arrivals: readonly Arrival[]
  readonly lengthMs: number
}

/** The queues of the reference stack that the burst is of; of other stacks it is all that the group has. */
const BURST_QUEUES = ['shap', 'causal', 'twins']

const LENGTHS = {
  day: { lengthMs: 120_000, burstAtMs: 30_000, lightEveryMs: 4000, heavyTaskMs: 6000 },
  short: { lengthMs: 12_000, burstAtMs: 2000, lightEveryMs: 2000, heavyTaskMs: 1500 },
} as const
const LIGHT_TASK_MS = 700
/** Tasks of the burst for each slot that the group can have. */
const TASKS_A_SLOT = 3

/**
 * What a day brings: a few tasks now and then for the groups that always run, and one burst for those that come and go,
 * large enough for all that they may have.
 */
export function dayOf(groups: readonly ScalingPolicy[], length: keyof typeof LENGTHS): Day {
  const { lengthMs, burstAtMs, lightEveryMs, heavyTaskMs } = LENGTHS[length]
  const arrivals: Arrival[] = []
  for (const { min, queues } of groups) {
    if (min === 0) continue
    for (let n = 0; n * lightEveryMs < lengthMs; n++)
      arrivals.push({
        atMs: n * lightEveryMs,
        queue: queues[n % queues.length] ?? '',
        count: 1 + (n % 2),
        taskMs: LIGHT_TASK_MS,
      })
  }
  for (const group of groups.filter(comesAndGoes)) {
    const own = group.queues.filter((queue) => BURST_QUEUES.includes(queue))
    const queues = own.length > 0 ? own : group.queues
    const count = Math.ceil((group.max * group.concurrency * TASKS_A_SLOT) / queues.length)
    for (const queue of queues) arrivals.push({ atMs: burstAtMs, queue, count, taskMs: heavyTaskMs })
  }
  return { arrivals: arrivals.sort((a, b) => a.atMs - b.atMs), lengthMs }
}

/** A group that has no workers while there is nothing to do. */
export function comesAndGoes({ min }: ScalingPolicy): boolean {
  return min === 0
}
