import type { AllocationState } from '../../../src/core/scaling/group.ts'
import { type GroupRef, groupKey } from '../../../src/core/scaling/group-ref.ts'
import type {
  ActionAnswer,
  ClusterEvent,
  ClusterGroup,
  ClusterMirror,
  ClusterState,
  NomadActions,
  Refusal,
  ScalableGroup,
  ScaleRequest,
} from '../../../src/ports.ts'

export interface FakeAction {
  readonly kind: 'scale' | 'retire' | 'revive' | 'tag'
  readonly at: number
  readonly group?: string
  readonly count?: number
  readonly allocation?: string
  readonly version?: number
  readonly request?: ScaleRequest
  answer?: ActionAnswer
}

/** One Nomad for any number of daemons: batch groups, compare-and-set, and a mirror that may lag. */
export interface FakeCluster {
  /** What was asked for, in order. */
  readonly asked: FakeAction[]
  /** Answers for the next calls, in order; none: it is done. */
  readonly refusals: Refusal[]
  /** Allocations that were stopped by a scale while they were there. */
  readonly killed: string[]
  lagMs: number
  actionMs: number
  /** A retired worker leaves after this time; it may be asked whether it is done. */
  isDone: (allocation: string) => boolean
  add(ref: GroupRef, count?: number): void
  remove(ref: GroupRef): void
  change(ref: GroupRef, next: Partial<ClusterGroup>): void
  at(ref: GroupRef): ClusterGroup
  /** A worker leaves. */
  exit(allocation: string): void
  scalable: ScalableGroup[]
  setState(status: ClusterState['status'], cause?: string): void
  silence: boolean
  draining: ReadonlySet<string>
  readonly actions: NomadActions
  openMirror(listener: (event: ClusterEvent) => void): ClusterMirror
  tell(event: ClusterEvent): void
}

export function createFakeCluster(): FakeCluster {
  const groups = new Map<string, ClusterGroup>()
  const refs = new Map<string, GroupRef>()
  const listeners = new Set<(event: ClusterEvent) => void>()
  const views = new Set<Map<string, ClusterGroup | undefined>>()
  let index = 10
  let serial = 0
  let state: ClusterState = { status: 'ready', since: Date.now(), heardAt: Date.now() }

  const publish = (key: string) => {
    const shown = groups.get(key)
    setTimeout(() => {
      if (!fake.silence) state = { ...state, heardAt: Date.now() }
      for (const view of views) view.set(key, shown)
      for (const listener of listeners) listener({ kind: 'group', group: refs.get(key) as GroupRef })
    }, fake.lagMs)
  }
  const put = (key: string, next: ClusterGroup | undefined) => {
    if (next === undefined) groups.delete(key)
    else groups.set(key, next)
    publish(key)
  }
  const allocation = (ref: GroupRef, at: number, version: number): AllocationState => ({
    id: `${String(++serial).padStart(8, '0')}-0000-4000-8000-000000000000`,
    name: `${ref.job}.${ref.group}[${at}]`,
    index: at,
    node: 'n1',
    clientStatus: 'running',
    desiredStatus: 'run',
    jobVersion: version,
    createdAt: Date.now(),
    startedAt: Date.now(),
  })

  function scaled(ref: GroupRef, group: ClusterGroup, count: number): ClusterGroup {
    const jobVersion = group.jobVersion + 1
    // Complete ones of older versions are no longer counted.
    let alive = group.allocations
      .filter(({ clientStatus }) => clientStatus === 'running')
      .map((one): AllocationState => ({ ...one, jobVersion }))
    const used = new Set(alive.map((one) => one.index))
    for (let at = 0; alive.length < count; at++)
      if (!used.has(at)) alive = [...alive, allocation(ref, at, jobVersion)]
    const sorted = [...alive].sort((a, b) => a.index - b.index)
    for (const one of sorted.slice(count)) fake.killed.push(one.id)
    return { ...group, count, jobVersion, jobModifyIndex: ++index, allocations: sorted.slice(0, count) }
  }

  async function act(action: FakeAction, apply: () => ActionAnswer): Promise<ActionAnswer> {
    fake.asked.push(action)
    const refusal = fake.refusals.shift()
    await new Promise((resolve) => setTimeout(resolve, fake.actionMs))
    action.answer = refusal ? refused(refusal) : apply()
    return action.answer
  }

  const actions: NomadActions = {
    scale(request) {
      const key = groupKey(request.group)
      return act({ kind: 'scale', at: Date.now(), group: key, count: request.count, request }, () => {
        const group = groups.get(key)
        if (group === undefined) return refused('job-missing')
        if (group.job === 'stopped') return refused('job-stopped')
        if (group.deploymentActive) return refused('deployment-active')
        if (group.jobModifyIndex !== request.jobModifyIndex) return refused('stale-index')
        const next = scaled(request.group, group, request.count)
        put(key, next)
        return { ok: true, jobModifyIndex: next.jobModifyIndex, attempts: 1 }
      })
    },
    retire: (id) =>
      act({ kind: 'retire', at: Date.now(), allocation: id }, () => {
        const leave = () => {
          if (fake.isDone(id)) fake.exit(id)
          else setTimeout(leave, 100)
        }
        setTimeout(leave, 20)
        return { ok: true, attempts: 1 }
      }),
    revive: (group, count) =>
      act({ kind: 'revive', at: Date.now(), group: groupKey(group), count }, () => {
        fake.add(group, count)
        return { ok: true, attempts: 1 }
      }),
    tagVersion: (group, version) =>
      act({ kind: 'tag', at: Date.now(), group: groupKey(group), version }, () => ({
        ok: true,
        attempts: 1,
      })),
  }

  const fake: FakeCluster = {
    asked: [],
    refusals: [],
    killed: [],
    lagMs: 2,
    actionMs: 5,
    isDone: () => true,
    scalable: [],
    silence: false,
    draining: new Set(),
    actions,
    add(ref, count = 0) {
      const key = groupKey(ref)
      refs.set(key, ref)
      const empty: ClusterGroup = {
        job: 'present',
        jobType: 'batch',
        count: 0,
        jobModifyIndex: ++index,
        jobVersion: 0,
        deploymentActive: false,
        allocations: [],
      }
      put(key, count === 0 ? empty : { ...scaled(ref, empty, count), jobVersion: 0 })
    },
    remove: (ref) => put(groupKey(ref), undefined),
    change(ref, next) {
      const key = groupKey(ref)
      index = Math.max(index, next.jobModifyIndex ?? 0)
      put(key, { ...(groups.get(key) as ClusterGroup), ...next })
    },
    at: (ref) => groups.get(groupKey(ref)) as ClusterGroup,
    exit(id) {
      for (const [key, group] of groups)
        if (group.allocations.some((one) => one.id === id))
          put(key, {
            ...group,
            allocations: group.allocations.map((one) =>
              one.id === id ? { ...one, clientStatus: 'complete' } : one,
            ),
          })
    },
    setState(status, cause) {
      state = { ...state, status, since: Date.now(), ...(cause ? { cause } : {}) }
      if (status === 'ready') state = { status, since: Date.now(), heardAt: Date.now() }
      fake.tell({ kind: 'state', state })
    },
    tell(event) {
      for (const listener of listeners) listener(event)
    },
    openMirror(listener) {
      const view = new Map<string, ClusterGroup | undefined>(groups)
      views.add(view)
      listeners.add(listener)
      const beat = setInterval(() => {
        if (!fake.silence) state = { ...state, heardAt: Date.now() }
      }, 10_000)
      return {
        state: () => state,
        group: (ref) => view.get(groupKey(ref)),
        scalable: () => fake.scalable,
        taskOf: ({ group }) => group,
        draining: () => fake.draining,
        async close() {
          clearInterval(beat)
          views.delete(view)
          listeners.delete(listener)
        },
      }
    },
  }
  return fake
}

function refused(refusal: Refusal): ActionAnswer {
  return { ok: false, refusal, message: `refused: ${refusal}`, mayBeDone: refusal === 'timeout', attempts: 1 }
}
