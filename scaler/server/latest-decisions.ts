import { groupKey } from '../../src/core/scaling/group-ref.ts'
import type { QueueReading } from '../../src/core/scaling/sample.ts'
import type { GroupReport, ScalerEvent } from '../reports.ts'

export type DecisionEvent = ScalerEvent & { readonly kind: 'decision' }

export interface LatestDecisions {
  see(event: ScalerEvent): void
  /** The last decision of a group, by its key. */
  of(key: string): DecisionEvent | undefined
  /** The newest reading of each queue that a group takes from, and who takes from it. */
  queues(groups: readonly GroupReport[]): QueueView[]
}

export interface QueueView {
  readonly queue: string
  readonly groups: readonly string[]
  readonly reading?: QueueReading
}

/** The last decision of each group with what it was made from: what the queues held is known from there. */
export function createLatestDecisions(): LatestDecisions {
  const latest = new Map<string, DecisionEvent>()
  return {
    see(event) {
      if (event.kind === 'decision') latest.set(groupKey(event.group), event)
    },
    of: (key) => latest.get(key),
    queues(groups) {
      const keys = new Set(groups.map(({ group }) => groupKey(group)))
      for (const key of latest.keys()) if (!keys.has(key)) latest.delete(key)
      const views = new Map<string, { queue: string; groups: string[]; reading?: QueueReading; at: number }>()
      for (const { group, name, policy } of groups) {
        const event = latest.get(groupKey(group))
        for (const queue of policy.queues) {
          const view = views.get(queue) ?? { queue, groups: [], at: Number.NEGATIVE_INFINITY }
          views.set(queue, view)
          view.groups.push(name)
          const reading = event?.inputs.samples[queue]
          if (event !== undefined && reading !== undefined && event.at > view.at) {
            view.reading = reading
            view.at = event.at
          }
        }
      }
      return [...views.values()].map(({ at, ...view }) => view)
    },
  }
}
