import type { DocumentPath, Issue } from '../issue.ts'
import { checkBlock } from './check.ts'
import { checkConfig } from './drivers/check-config.ts'
import type { JobSpec } from './jobspec.ts'
import { isTree } from './tree.ts'

export interface Patched {
  /** The patched spec; the given one when an issue is an error. */
  readonly spec: JobSpec
  /** Paths start at the job, as those of the patch do. */
  readonly issues: readonly Issue[]
}

/**
 * Merges a patch into a job, in the words of the job spec: null removes, maps and blocks merge (labelled blocks by
 * their label), lists and all else replace. This is RFC 7386 on the spec's tree. The patch is checked against the
 * table of Nomad's blocks first; then the patched job, for what is missing, and the driver configs it touched.
 */
export function applyPatch(spec: JobSpec, patch: unknown): Patched {
  const unfit = [...checkBlock('job', patch, [], true), ...checkId(patch)]
  if (unfit.length > 0) return { spec, issues: unfit }
  const patched = merge(spec, patch) as JobSpec
  const issues = [...checkBlock('job', patched, []), ...checkConfigs(patched, patch as JobSpec)]
  return { spec: issues.some(({ severity }) => severity === 'error') ? spec : patched, issues }
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isTree(patch)) return patch
  // A Map rather than assignment, so that a key named __proto__ stays a key; keys keep their places.
  const merged = new Map(isTree(target) ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else if (value !== undefined) merged.set(key, merge(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

function checkId(patch: unknown): Issue[] {
  if (!isTree(patch) || patch.id === undefined) return []
  return [
    {
      severity: 'error',
      code: 'fixed-id',
      path: ['id'],
      message: 'the id of a job is its name in the stack',
      fix: 'rename the job there',
    },
  ]
}

function checkConfigs(spec: JobSpec, patch: JobSpec): Issue[] {
  const touched = Object.entries(patch.group ?? {}).flatMap(([group, content]) =>
    Object.entries(content?.task ?? {})
      .filter(([, task]) => task?.config !== undefined || task?.driver !== undefined)
      .map(([task]) => [group, task] as const),
  )
  return touched.flatMap(([group, task]) => {
    const { driver, config } = spec.group?.[group]?.task?.[task] ?? {}
    const path: DocumentPath = ['group', group, 'task', task, 'config']
    return driver === undefined ? [] : checkConfig(driver, config ?? {}, path)
  })
}
