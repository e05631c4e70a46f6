import type { WhyView } from '../adapters/scaler-client.ts'
import { age } from './age.ts'

/** An explanation in words: the decision, when it was made, each step of the way, and what came of it. */
export function whyLines(why: WhyView, now: number): string[] {
  const time = (at: number): string => `${new Date(at).toISOString()} (${age(now - at)} ago)`
  return [
    `${why.name}: ${why.explained}`,
    `decided ${time(why.decidedAt)}${why.since === undefined ? '' : `, so since ${time(why.since)}`}`,
    ...why.steps.map((step) => `  ${step}`),
    ...queueLines(why).map((line) => `  ${line}`),
    ...(why.action === undefined ? [] : [`What came of it: ${why.action.message}`]),
  ]
}

function queueLines({ inputs }: WhyView): string[] {
  return Object.entries(inputs?.samples ?? {}).map(([queue, reading]) => {
    if (!reading.ok) return `queue ${queue}: ${reading.cause.message}`
    const { waiting, active, delayed, oldestAgeMs, paused } = reading.sample
    const parts = [
      `${waiting} waiting`,
      active === undefined ? '' : `${active} active`,
      delayed === undefined ? '' : `${delayed} delayed`,
      oldestAgeMs === undefined ? '' : `oldest ${age(oldestAgeMs)}`,
      paused ? 'paused' : '',
    ]
    return `queue ${queue}: ${parts.filter(Boolean).join(', ')}`
  })
}
