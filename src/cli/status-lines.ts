import type { GroupView, ScalerHealthView } from '../adapters/scaler-client.ts'
import { age } from './age.ts'

/** What somebody who looks must know beyond the numbers, one line each; none when all is well. */
export function statusLines(health: ScalerHealthView, groups: readonly GroupView[], now: number): string[] {
  const { cluster } = health
  const ago = (at: number): string => age(now - at)
  return [
    ...(health.ready
      ? []
      : ['The scaler is not ready:', ...health.problems.map((problem) => `  ${problem}`)]),
    ...(health.isLeader
      ? []
      : [`This daemon does not lead: ${health.leader ?? 'nobody that it knows of'} does, and takes orders.`]),
    ...(health.dryRun ? ['This is a dry run: nothing is changed.'] : []),
    ...(cluster.status === 'ready'
      ? []
      : [`Blind: Nomad is ${cluster.status} for ${ago(cluster.since)}${because(cluster.cause)}`]),
    ...Object.entries(health.sources)
      .filter(([, { polls }]) => polls.status !== 'ready' && polls.status !== 'off')
      .map(
        ([name, { polls }]) =>
          `Blind: ${name} is ${polls.status} for ${ago(polls.since)}${because(polls.cause?.message)}`,
      ),
    ...groups.flatMap(({ name, paused }) => {
      if (paused === undefined) return []
      const by = paused.by === undefined ? '' : ` by ${paused.by}`
      const until = paused.until === undefined ? '' : `, for another ${age(paused.until - now)}`
      return [`${name} is paused for ${ago(paused.since)}${by}${until}${because(paused.reason)}`]
    }),
    ...groups.flatMap(({ alerts }) =>
      alerts
        .filter(({ resolvedAt }) => resolvedAt === undefined)
        .map(({ kind, message, since }) => `Alert ${kind}, for ${ago(since)}: ${message}`),
    ),
  ]
}

function because(cause: string | undefined): string {
  return cause === undefined ? '' : `: ${cause}`
}
