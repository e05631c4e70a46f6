import type { Decision } from '../../src/core/scaling/decision.ts'
import { type CountChange, type GroupMemory, NO_MEMORY } from '../../src/core/scaling/group.ts'
import { type GroupRef, groupKey, groupName } from '../../src/core/scaling/group-ref.ts'
import type { ScalingPolicy } from '../../src/core/scaling/policy.ts'
import type { QueueReading, SourceCause, WorkersReading } from '../../src/core/scaling/sample.ts'
import type { ClusterGroup } from '../../src/ports.ts'
import type { BackOff } from '../act/back-off.ts'

/** One group while the daemon runs. Times named `...Elapsed` are of Timers.elapsed(), all others since 1970. */
export interface GroupRun {
  readonly key: string
  readonly ref: GroupRef
  readonly name: string
  policy: ScalingPolicy
  /** The name of the source that reads its queues. */
  source: string
  memory: GroupMemory
  /** The version that was last tagged, so that scaling does not push it out of reach. */
  taggedVersion: number | undefined
  /** The version that somebody deployed last, until it is tagged. */
  deployedVersion: number | undefined
  /** The version that was there when this daemon first looked. */
  firstVersion: number | undefined
  /** Nomad's side, as it was last looked at; undefined: the job is missing, or nobody has looked yet. */
  cluster: ClusterGroup | undefined
  hasLooked: boolean
  /** Its queues have been read, or it was tried, since it was asked for; before that nothing is decided. */
  hasRead: boolean
  /** When that was asked for. */
  askedElapsed: number
  /** How the job was when it was last there: idle with count 0, stopped by somebody, or in use. */
  lastSeen: 'idle' | 'stopped' | 'used' | undefined
  /** The last change of the count by Drover, whichever daemon, however long ago. */
  lastChange: CountChange | undefined
  readonly samples: Map<string, QueueReading>
  workers: WorkersReading
  /** Something that a decision rests on has changed since the last one. */
  isDirty: boolean
  /** When the first event that asks for a decision came. */
  wokenElapsed: number | undefined
  decision: Decision | undefined
  signature: string
  /** The same of the last decision as the leader. */
  ledSignature: string
  decidedSince: number | undefined
  decidedElapsed: number
  /** Last looked at, even if there was nothing to decide. */
  evaluatedAt: number | undefined
  evaluatedElapsed: number
  /** The action under way. */
  acting: Promise<void> | undefined
  /** The count that it asks for. */
  actingTo: number | undefined
  /** The job's modify index after the last scale of this daemon. */
  ownIndex: number | undefined
  backOff: BackOff | undefined
  /** A scale was accepted and the mirror has not shown it yet: what it shows is older, and not decided on. */
  expected: { readonly index: number; readonly count: number; readonly untilElapsed: number } | undefined
  /** The signature of what was last only said, in a dry run. */
  said: string | undefined
  /** The last exception, so that it is told once. */
  fault: string | undefined
  /** Mean time of a task, learned from how many run and how many are done; undefined while that is not known. */
  serviceMs: number | undefined
}

const NOT_READ: SourceCause = { code: 'no-data', message: 'not read yet' }

export function createGroupRun(policy: ScalingPolicy, source: string, elapsed: number): GroupRun {
  return {
    key: groupKey(policy.group),
    ref: policy.group,
    name: groupName(policy.group),
    policy,
    source,
    memory: NO_MEMORY,
    taggedVersion: undefined,
    deployedVersion: undefined,
    firstVersion: undefined,
    cluster: undefined,
    hasLooked: false,
    hasRead: false,
    askedElapsed: elapsed,
    lastSeen: undefined,
    lastChange: undefined,
    samples: new Map(policy.queues.map((queue) => [queue, { ok: false, cause: NOT_READ }])),
    workers: { ok: false, cause: NOT_READ },
    isDirty: true,
    wokenElapsed: undefined,
    decision: undefined,
    signature: '',
    ledSignature: '',
    decidedSince: undefined,
    decidedElapsed: Number.NEGATIVE_INFINITY,
    evaluatedAt: undefined,
    evaluatedElapsed: elapsed,
    acting: undefined,
    actingTo: undefined,
    ownIndex: undefined,
    backOff: undefined,
    expected: undefined,
    said: undefined,
    fault: undefined,
    serviceMs: undefined,
  }
}
