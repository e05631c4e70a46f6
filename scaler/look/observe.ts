import type { AllocationState } from '../../src/core/scaling/group.ts'
import type { ClusterGroup } from '../../src/ports.ts'

/** What Drover itself has done, so that the rest can be told apart. */
export interface OwnDoing {
  /** Whether the count is what Drover has set, or is just setting. */
  readonly isOwnCount: boolean
  /** Allocations that were asked to leave. */
  readonly retiring: ReadonlySet<string>
  /** Names of nodes that are being drained. */
  readonly draining: ReadonlySet<string>
}

/** From so many restarts on, an allocation is said to crash again and again. */
const CRASHES = 3

/** What others did to a group, and what happened to it, between two looks: one line each. */
export function observe(
  before: ClusterGroup | undefined,
  after: ClusterGroup | undefined,
  own: OwnDoing,
): string[] {
  if (before === undefined)
    return after === undefined ? [] : [`the job is there, with count ${after.count}`, ...stopped(after)]
  if (after === undefined) return ['the job is gone from Nomad: it was purged, or collected as garbage']
  const lines: string[] = []
  if (before.job !== after.job) lines.push(after.job === 'stopped' ? STOPPED : 'the job was started again')
  if (before.count !== after.count && !own.isOwnCount)
    lines.push(
      `the count was changed from ${before.count} to ${after.count}, not by Drover${after.jobVersion === before.jobVersion ? '' : ` (job version ${after.jobVersion})`}`,
    )
  const known = new Map(before.allocations.map((one) => [one.id, one]))
  for (const one of after.allocations) {
    const line = changeOf(known.get(one.id), one, own)
    if (line !== undefined) lines.push(`${one.name} (${one.id.slice(0, 8)}) ${line}`)
  }
  return lines
}

const STOPPED = 'the job was stopped: nothing is scaled until it runs again'

function stopped({ job }: ClusterGroup): string[] {
  return job === 'stopped' ? [STOPPED] : []
}

function changeOf(
  before: AllocationState | undefined,
  after: AllocationState,
  { retiring, draining }: OwnDoing,
): string | undefined {
  const why = after.trouble === undefined ? '' : `: ${after.trouble}`
  const isNew = before?.clientStatus !== after.clientStatus
  if (isNew && after.clientStatus === 'failed') return `failed${why}`
  if (isNew && after.clientStatus === 'lost') return `is lost with its node ${after.node}${why}`
  if (isNew && after.clientStatus === 'unknown')
    return `is not heard of: its node ${after.node} does not answer`
  if (before === undefined) return undefined
  if (isNew && after.clientStatus === 'complete' && after.desiredStatus === 'run' && !retiring.has(after.id))
    return 'has left by itself'
  if (before.desiredStatus === 'run' && after.desiredStatus !== 'run') {
    if (after.desiredStatus === 'evict') return `is evicted from ${after.node}${why}`
    if (draining.has(after.node)) return `has to leave ${after.node}, which is drained`
  }
  const [was, is] = [before.restarts ?? 0, after.restarts ?? 0]
  // Said at 3, 6, 12, ...: one that crashes for ever is not said for ever.
  if (is > was && isMilestone(is)) return `has crashed ${is} times${why}`
  return undefined
}

function isMilestone(restarts: number): boolean {
  const times = restarts / CRASHES
  return Number.isInteger(Math.log2(times))
}
