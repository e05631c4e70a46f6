import type { ClusterState, SourceState } from '../../src/ports.ts'
import type { GroupRun } from '../groups/group-run.ts'
import { ACTION_MS } from '../lead/leadership.ts'
import type { SourceRead } from './rounds.ts'

export interface HealthFacts {
  /** As of Timers.elapsed(). */
  readonly elapsed: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly intervalMs: number
  readonly runs: readonly GroupRun[]
  readonly cluster: ClusterState
  readonly sources: ReadonlyMap<string, SourceState>
  readonly reads: ReadonlyMap<string, SourceRead>
  /** Everything was tried once, the lock too. */
  readonly hasBegun: boolean
  readonly staleAfterMs: number
  readonly lock: string | undefined
  /** Groups whose memory does not fit beside the lock. */
  readonly cut: number
  readonly policies: readonly string[]
}

const NAMED = 3
/** So many intervals may be missed before it is said. */
const INTERVALS = 3

/** What is wrong, one line each, for people and for whoever restarts daemons. */
export function problemsOf(facts: HealthFacts): string[] {
  const { elapsed, now, intervalMs, runs, cluster, sources, reads, staleAfterMs, lock, cut, policies } = facts
  const patienceMs = INTERVALS * intervalMs
  const problems: string[] = []
  const late = runs.filter(
    ({ evaluatedElapsed, acting }) =>
      elapsed - evaluatedElapsed > patienceMs + (acting === undefined ? 0 : ACTION_MS),
  )
  if (late.length > 0)
    problems.push(
      `${late.length} of ${runs.length} ${runs.length === 1 ? 'group' : 'groups'} ${late.length === 1 ? 'was' : 'were'} not looked at for ${seconds(patienceMs)}: ${late
        .slice(0, NAMED)
        .map(({ name }) => name)
        .join(', ')}${late.length > NAMED ? ', ...' : ''}`,
    )
  if (cluster.status === 'connecting')
    problems.push(`Nomad has not been read yet${cluster.cause ? `: ${cluster.cause}` : ''}`)
  else if (cluster.status !== 'ready' && now - cluster.since > patienceMs)
    problems.push(
      `Nomad has not been heard of for ${seconds(now - cluster.since)}${cluster.cause ? `: ${cluster.cause}` : ''}`,
    )
  for (const [name, { polls }] of sources)
    if (
      (reads.get(name)?.firstRead ?? 'done') === 'done' &&
      polls.status === 'lost' &&
      now - polls.since > patienceMs
    )
      problems.push(
        `the queues of ${name} cannot be read for ${seconds(now - polls.since)}${polls.cause ? `: ${polls.cause.message}` : ''}`,
      )
  for (const [name, { ageMs, firstRead }] of reads)
    if (firstRead === 'waiting') problems.push(`the queues of ${name} have not been read yet`)
    else if (firstRead !== 'done') problems.push(`the queues of ${name} cannot be read: ${firstRead.message}`)
    else if (ageMs > Math.max(patienceMs, staleAfterMs) && sources.get(name)?.polls.status !== 'lost')
      problems.push(`the queues of ${name} were not read for ${seconds(ageMs)}`)
  if (!facts.hasBegun && problems.length === 0) problems.push('it has just been started')
  if (lock !== undefined) problems.push(lock)
  if (cut > 0)
    problems.push(
      `what is remembered of ${cut} ${cut === 1 ? 'group' : 'groups'} does not fit into the variable of the lock`,
    )
  return [...problems, ...policies]
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}
