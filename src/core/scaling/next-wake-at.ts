import type { Decision } from './decision.ts'
import { CLUSTER_STALE_AFTER_MS, type Situation, STALE_AFTER_MS } from './situation.ts'

/**
 * When to decide anew though nothing happens: something that was waited for ends, a reading grows old, a task comes
 * due, or other bounds may come into force. Milliseconds since 1970; undefined when only an event can change anything.
 */
export function nextWakeAt(
  {
    policy,
    samples,
    group,
    now,
    staleAfterMs = STALE_AFTER_MS,
    clusterStaleAfterMs = CLUSTER_STALE_AFTER_MS,
  }: Situation,
  decision: Decision,
): number | undefined {
  let next = Number.POSITIVE_INFINITY
  const wake = (at: number | undefined): void => {
    if (at !== undefined && at > now && at < next) next = at
  }
  for (const reason of decision.reasons) if (reason.kind === 'wait') wake(reason.untilMs)
  for (const queue of policy.queues) {
    const reading = samples.get(queue)
    if (!reading?.ok) continue
    const { at, needsWakeAt, nextDueAt, rateLimitedUntil } = reading.sample
    wake(at + staleAfterMs + 1)
    wake(needsWakeAt)
    wake(nextDueAt)
    wake(rateLimitedUntil)
  }
  wake(group.heardAt + clusterStaleAfterMs + 1)
  wake(group.memory.paused?.until)
  // Windows begin and end on full minutes, on whichever clock.
  if ((policy.schedules ?? []).length > 0) wake((Math.floor(now / 60_000) + 1) * 60_000)
  return next === Number.POSITIVE_INFINITY ? undefined : next
}
