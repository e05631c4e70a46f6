import { many, money, number, span, UNKNOWN } from './format.js'
import { workersInWords } from './slots.js'

/**
 * What the list says of a group, as texts.
 * @param isSeen false before Nomad has told of anything: what it has is not known then
 */
export function rowOf(group, now, isSeen = true) {
  const { desired, bounds, policy, oldestAgeMs, waiting, active, decidedSince, explained } = group
  const { targetAgeMs } = policy
  const isLate = targetAgeMs !== undefined && oldestAgeMs !== undefined && oldestAgeMs > targetAgeMs
  return {
    count: isSeen ? number(desired) : UNKNOWN,
    bounds: `${bounds.min}–${bounds.max}`,
    boundsBy: bounds.by === 'policy' ? '' : bounds.by,
    workers: isSeen ? workersInWords(group) : 'not known',
    waiting: number(waiting),
    active: number(active),
    oldest: waiting === 0 && oldestAgeMs === undefined ? 'none' : span(oldestAgeMs),
    target: targetAgeMs === undefined ? '' : `of ${span(targetAgeMs)}`,
    isLate,
    decision: explained ?? 'not looked at yet',
    since: decidedSince === undefined ? '' : `for ${span(now - decidedSince)}`,
  }
}

/** Of all groups together, in one line; what is not known of some is at least what is known of the others. */
export function totalsInWords(groups, isSeen = true) {
  const sum = (of) => groups.reduce((total, group) => total + (of(group) ?? 0), 0)
  const unknown = groups.filter(({ waiting }) => waiting === undefined).length
  const tasks = `${number(sum(({ waiting }) => waiting))} waiting, ${number(sum(({ active }) => active))} active`
  const allocations = `${many(
    sum(({ desired }) => desired),
    'allocation',
  )}, ${number(sum(({ busy }) => busy))} busy`
  const hasCost = groups.some(({ costPerHour }) => costPerHour !== undefined)
  return [
    many(groups.length, 'group'),
    isSeen ? allocations : '',
    unknown < groups.length ? tasks : '',
    unknown > 0 ? `the queues of ${unknown} not known` : '',
    isSeen && hasCost ? `${money(sum(({ costPerHour }) => costPerHour))} an hour` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
