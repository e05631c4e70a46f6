import type { History, ScalerEvent } from '../reports.ts'
import type { DecisionEvent } from './latest-decisions.ts'

const PAGE = 200
/** Beyond that many entries nobody finds a decision in time. */
const MAX_PAGES = 20

/** The last decisions of a group up to a time (inclusive), newest first, out of all that is kept of it. */
export function pastDecisions(history: History, group: string, upTo: number, count: number): DecisionEvent[] {
  const found: DecisionEvent[] = []
  let before = upTo + 1
  for (let page = 0; page < MAX_PAGES && found.length < count; page++) {
    const entries = history.find({ group, before, limit: PAGE })
    for (const { event } of entries) if (isDecision(event) && event.at <= upTo) found.push(event)
    const oldest = entries.at(-1)?.at
    if (entries.length < PAGE || oldest === undefined) break
    // Others of the same millisecond must not be passed over; a page of nothing else is.
    before = oldest < before - 1 ? oldest + 1 : oldest
  }
  return [...new Map(found.map((event) => [`${event.at}-${event.id}`, event])).values()].slice(0, count)
}

function isDecision(event: ScalerEvent): event is DecisionEvent {
  return event.kind === 'decision'
}
