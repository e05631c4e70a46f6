import { groupKey, groupName } from '../../src/core/scaling/group-ref.ts'
import type { ScalingPolicy } from '../../src/core/scaling/policy.ts'
import type { PlacedPolicy } from './group-table.ts'

export interface SortedPolicies {
  readonly placed: readonly PlacedPolicy[]
  /** One line for each policy that cannot be followed. */
  readonly problems: readonly string[]
}

/**
 * Puts each policy to its source. For a group that has two, the one of the stack file holds, and a block in Nomad is
 * what Drover has rendered from it.
 * @param sources names of those that there are; the first is for policies that name none
 */
export function sortPolicies(
  policies: readonly ScalingPolicy[],
  sources: readonly string[],
  sourceOf: (policy: ScalingPolicy) => string | undefined = () => undefined,
): SortedPolicies {
  const placed = new Map<string, PlacedPolicy>()
  const problems: string[] = []
  const byOrigin = [...policies].sort((a, b) => Number(a.origin === 'nomad') - Number(b.origin === 'nomad'))
  for (const policy of byOrigin) {
    const key = groupKey(policy.group)
    if (placed.has(key)) continue
    const source = sourceOf(policy) ?? sources[0]
    if (source === undefined || !sources.includes(source))
      problems.push(
        `${groupName(policy.group)} is not scaled: there is no queue source${source === undefined ? '' : ` ${source}`}`,
      )
    else placed.set(key, { policy, source })
  }
  return { placed: [...placed.values()], problems }
}
