import { formatIssue } from '../../src/core/issue.ts'
import { groupKey } from '../../src/core/scaling/group-ref.ts'
import type { ScalingPolicy } from '../../src/core/scaling/policy.ts'
import { policyOfBlock } from '../../src/core/scaling/policy-of-block.ts'
import type { ScalableGroup } from '../../src/ports.ts'
import type { PolicyProvider } from '../deps.ts'
import { type SortedPolicies, sortPolicies } from './sort-policies.ts'

/** Policies of the stack file and of Nomad's own scaling blocks, as one list. */
export interface PolicyLoader {
  /** Reads the stack file again. Throws, and keeps what it had, when that is wrong. */
  load(): Promise<void>
  /** A block that has become wrong is told, and followed as it was before. */
  sort(blocks: readonly ScalableGroup[]): SortedPolicies
}

export function createPolicyLoader(provider: PolicyProvider, sources: readonly string[]): PolicyLoader {
  let ofStack: readonly ScalingPolicy[] = []
  let ofBlocks = new Map<string, ScalingPolicy>()
  return {
    async load() {
      ofStack = await provider.load()
    },
    sort(blocks) {
      const known = new Set(ofStack.map(({ group }) => groupKey(group)))
      const followed = new Map<string, ScalingPolicy>()
      const wrong: string[] = []
      for (const block of blocks) {
        const key = groupKey(block.group)
        if (known.has(key)) continue
        const read = policyOfBlock(block)
        if (read === undefined) continue
        const policy = read.ok ? read.policy : ofBlocks.get(key)
        if (policy !== undefined) followed.set(key, policy)
        if (!read.ok) wrong.push(...read.issues.map(formatIssue))
      }
      ofBlocks = followed
      const all = [...ofStack, ...followed.values()]
      const { placed, problems } = sortPolicies(all, sources, provider.sourceOf?.bind(provider))
      return { placed, problems: [...wrong, ...problems] }
    },
  }
}
