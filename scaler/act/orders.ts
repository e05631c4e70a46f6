import { closest } from '../../src/core/closest.ts'
import type { Decision, Retire, Scale } from '../../src/core/scaling/decision.ts'
import type { GroupMemory } from '../../src/core/scaling/group.ts'
import { DroverError } from '../../src/errors.ts'
import type { ActionAnswer, Clock } from '../../src/ports.ts'
import type { EventBus } from '../event-bus.ts'
import type { GroupRun } from '../groups/group-run.ts'
import type { GroupTable } from '../groups/group-table.ts'
import type { Leadership } from '../lead/leadership.ts'
import type { MemoryStore } from '../lead/memory-store.ts'
import type { Asker, Scaler } from '../reports.ts'
import type { Actor } from './actor.ts'

export type Orders = Pick<Scaler, 'pause' | 'resume' | 'setBounds' | 'scaleNow' | 'retire'>

export interface OrdersDeps {
  readonly table: GroupTable
  readonly actor: Actor
  readonly store: MemoryStore
  readonly leadership: Leadership
  readonly bus: EventBus
  readonly clock: Clock
  touch(run: GroupRun): void
}

/** What people ask for. Each order is with the lock before it is answered, so that the next leader knows of it. */
export function createOrders(deps: OrdersDeps): Orders {
  const { table, actor, store, leadership, bus, clock } = deps

  function find(name: string): GroupRun {
    const run = table.named(name)
    if (run !== undefined) return run
    const names = table.all().map((one) => one.name)
    const near = closest(name, names)
    throw new DroverError('USAGE', `there is no group ${name}`, {
      hint: near ? `Do you mean ${near}?` : `There is: ${names.slice(0, 20).join(', ') || 'none'}.`,
    })
  }

  function mustLead(): void {
    if (leadership.isLeader()) return
    const leader = leadership.leader()
    throw new DroverError('UNAVAILABLE', 'this daemon does not lead', {
      hint: leader === undefined ? 'Nobody leads at the moment: ask again.' : `Ask the leader: ${leader}.`,
    })
  }

  function tell(run: GroupRun, order: string, { by, reason }: Asker): void {
    bus.emit(
      { kind: 'order', group: run.ref, order, by },
      `${run.name}: ${order}, by ${by}${reason === undefined ? '' : `: ${reason}`}`,
    )
  }

  async function change(run: GroupRun, next: (memory: GroupMemory) => GroupMemory): Promise<void> {
    const before = run.memory
    run.memory = next(before)
    run.isDirty = true
    if (await store.flush()) return deps.touch(run)
    const { paused, bounds } = before
    const { paused: _, bounds: __, ...rest } = run.memory
    run.memory = { ...rest, ...(paused ? { paused } : {}), ...(bounds ? { bounds } : {}) }
    throw new DroverError('UNAVAILABLE', 'the order could not be written down, and is not followed', {
      hint: 'Nomad holds it for the next leader; ask again when Nomad answers.',
    })
  }

  return {
    async pause(name, { untilMs, ...asker }) {
      const run = find(name)
      mustLead()
      if (untilMs !== undefined && !(untilMs > clock.now()))
        throw new DroverError('USAGE', 'the end of the pause is in the past')
      const { by, reason } = asker
      await change(run, (memory) => ({
        ...memory,
        paused: {
          since: clock.now(),
          by,
          ...(reason === undefined ? {} : { reason }),
          ...(untilMs === undefined ? {} : { until: untilMs }),
        },
      }))
      tell(run, 'paused', asker)
    },
    async resume(name, asker) {
      const run = find(name)
      mustLead()
      await change(run, ({ paused: _, ...memory }) => memory)
      tell(run, 'resumed', asker)
    },
    async setBounds(name, bounds, asker) {
      const run = find(name)
      mustLead()
      if (bounds !== undefined) checkBounds(run, bounds)
      await change(run, ({ bounds: _, ...memory }) =>
        bounds === undefined
          ? memory
          : { ...memory, bounds: { ...bounds, by: asker.by, since: clock.now() } },
      )
      const { min = run.policy.min, max = run.policy.max } = bounds ?? {}
      tell(run, bounds === undefined ? 'bounds of the policy again' : `bounds set to ${min}..${max}`, asker)
    },
    async scaleNow(name, count, asker) {
      const run = find(name)
      mustLead()
      checkCount(run, count, 'count')
      const live = run.cluster?.allocations.filter(isThere).length ?? 0
      if (count < live)
        throw new DroverError(
          'USAGE',
          `${live} workers run: a count of ${count} would stop some, busy or not`,
          {
            hint: 'Retire workers, or set a lower max: they leave when they are done.',
          },
        )
      const answer = await actor.order(run, () => {
        const { cluster } = run
        if (cluster === undefined) return Promise.resolve(missing())
        const decision: Scale = {
          ...decided(run, clock.now(), asker),
          kind: 'scale',
          from: cluster.count,
          to: count,
          cause: 'grow',
          jobModifyIndex: cluster.jobModifyIndex,
        }
        return actor.scale(run, decision)
      })
      tell(run, `count ${count} asked for`, asker)
      return answer
    },
    async retire(name, word, asker) {
      const run = find(name)
      mustLead()
      if (run.policy.jobType !== 'batch')
        throw new DroverError(
          'USAGE',
          `${run.name} is a service job: Nomad starts a worker that leaves again`,
        )
      const found = run.cluster?.allocations.filter((one) => isThere(one) && one.id.startsWith(word)) ?? []
      const [allocation] = found
      if (word === '' || allocation === undefined || found.length > 1)
        throw new DroverError(
          'USAGE',
          `${found.length > 1 ? 'several workers' : 'no worker'} of ${run.name} begin with ${word || '(nothing)'}`,
        )
      const decision: Retire = {
        ...decided(run, clock.now(), asker),
        kind: 'retire',
        allocations: [allocation.id],
      }
      const answer = await actor.order(run, () => actor.retire(run, decision))
      tell(run, `${allocation.id.slice(0, 8)} asked to leave`, asker)
      return answer
    },
  }
}

function isThere({ clientStatus, desiredStatus }: { clientStatus: string; desiredStatus: string }): boolean {
  return desiredStatus === 'run' && ['running', 'pending', 'unknown'].includes(clientStatus)
}

function decided(run: GroupRun, at: number, { by }: Asker): Pick<Decision, 'group' | 'at' | 'reasons'> {
  return { group: run.ref, at, reasons: [{ kind: 'vote', strategy: 'by hand', why: `asked for by ${by}` }] }
}

function checkBounds(run: GroupRun, { min, max }: { readonly min?: number; readonly max?: number }): void {
  if (min !== undefined) checkCount(run, min, 'min')
  if (max !== undefined) checkCount(run, max, 'max')
  if (min !== undefined && max !== undefined && min > max)
    throw new DroverError('USAGE', `min ${min} is above max ${max}`)
}

/** Nomad holds the policy's bounds against everybody. */
function checkCount({ name, policy: { min, max } }: GroupRun, count: number, what: string): void {
  if (Number.isInteger(count) && count >= min && count <= max) return
  throw new DroverError('USAGE', `${what} ${count} is not a whole number from ${min} to ${max}`, {
    hint: `These are the bounds of ${name} in its policy.`,
  })
}

function missing(): ActionAnswer {
  return {
    ok: false,
    refusal: 'job-missing',
    message: 'Nomad does not have the job',
    mayBeDone: false,
    attempts: 0,
  }
}
