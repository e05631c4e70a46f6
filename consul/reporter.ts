import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '../src/core/stack/stack.ts'
import type { Clock } from '../src/ports.ts'
import type { CheckState, ConsulClient } from './client.ts'
import { type GroupFacts, healthOfGroup } from './group-health.ts'
import { createNumbers } from './numbers.ts'
import { reconcile } from './reconcile.ts'
import type { Registration } from './registration.ts'
import { createStates } from './states.ts'
import { applyChanges, isRefusal } from './sync.ts'
import { RECONCILE_MS, RETRY_MS } from './times.ts'
import { type ScalerIdentity, stateCheckId, wantedExternals, wantedGroup, wantedScaler } from './wanted.ts'

export interface ConsulReporterOptions {
  readonly client: ConsulClient
  /** As it is now: a stack that was read again is used from the next round on. */
  stack(): Stack
  readonly clock: Clock
  readonly scaler: ScalerIdentity
  /** Told when Consul is lost, found again, or refuses: once for each change. */
  readonly onChange?: (state: ConsulReporterState) => void
}

/** The scaler's own health, as far as it is shown. */
export interface ScalerFacts {
  readonly ready: boolean
  readonly problems: readonly string[]
  readonly isLeader: boolean
}

export interface ConsulReporterState {
  /** refused: Consul says no to something; all else is done. The cause names the missing permission. */
  readonly status: 'connecting' | 'ready' | 'lost' | 'refused'
  /** Milliseconds since 1970. */
  readonly since: number
  /** One line; names no token. */
  readonly cause?: string
}

export interface ConsulReporter {
  /** Tells how everything is now. Returns at once and never throws; what has changed is pushed at once. */
  update(groups: readonly GroupFacts[], health: ScalerFacts): void
  state(): ConsulReporterState
  /** Waits until what was told last has reached Consul, or could not. */
  settled(): Promise<void>
  /** Takes the scaler itself out of Consul; what it watched turns critical by itself unless another renews it. */
  close(): Promise<void>
}

/** How long an end waits for a round that is under way. */
const CLOSE_MS = 2000

/**
 * Keeps Consul true to what the scaler tells: one round of requests at a time, each with the newest that was told.
 * A leader registers what runs elsewhere, the worker groups and itself; a follower itself alone.
 */
export function createConsulReporter(options: ConsulReporterOptions): ConsulReporter {
  const { client, clock, scaler, onChange } = options
  /** A clock that was set back must not stop renewals until it is where it was. */
  const elapsed = (since: number): number => Math.abs(clock.now() - since)
  const states = createStates(client, elapsed, () => clock.now())
  const numbers = createNumbers(client, elapsed, () => clock.now())
  let newest: { readonly groups: readonly GroupFacts[]; readonly health: ScalerFacts } | undefined
  let round: Promise<void> | undefined
  let isDirty = false
  let isClosed = false
  let state: ConsulReporterState = { status: 'connecting', since: clock.now() }
  let failedAt = Number.NEGATIVE_INFINITY
  let retryMs = 0
  let reconciledAt = Number.NEGATIVE_INFINITY
  let wantedBefore = ''
  let wasLeader = false
  /** What Consul refused to register, by ID: nothing is told of it. */
  let refused: ReadonlyMap<string, string> = new Map()

  function change(status: ConsulReporterState['status'], cause?: string): void {
    if (state.status === status && state.cause === cause) return
    const isNews = state.status !== status || status === 'refused'
    const since = state.status === status ? state.since : clock.now()
    state = cause === undefined ? { status, since } : { status, since, cause }
    if (isNews) onChange?.(state)
  }

  /** What Consul holds is not known: it may have come back empty, or another has written meanwhile. */
  function forget(): void {
    reconciledAt = Number.NEGATIVE_INFINITY
    states.forget()
    numbers.forget()
  }

  async function run(): Promise<void> {
    while (isDirty && !isClosed && elapsed(failedAt) >= retryMs) {
      isDirty = false
      try {
        const refusal = await report()
        retryMs = 0
        if (refusal === undefined) change('ready')
        else change('refused', refusal)
      } catch (error) {
        forget()
        failedAt = clock.now()
        retryMs = Math.min(Math.max(retryMs * 2, RETRY_MS.first), RETRY_MS.most)
        const cause = error instanceof Error ? error.message : String(error)
        change(isRefusal(error) ? 'refused' : 'lost', cause)
      }
    }
  }

  /** One round; gives the first thing that Consul refused. */
  async function report(): Promise<string | undefined> {
    if (newest === undefined) return undefined
    const { groups, health } = newest
    const { isLeader } = health
    if (isLeader !== wasLeader) forget()
    wasLeader = isLeader
    const stack = options.stack()
    const own = wantedScaler(stack.name, scaler)
    const groupServices = isLeader ? groups.map((group) => wantedGroup(stack, identityOf(group))) : []
    const wanted = isLeader ? [...wantedExternals(stack), ...groupServices, own] : [own]
    const digest = wanted.map(({ id, meta }) => id + JSON.stringify(meta)).join()
    if (digest !== wantedBefore || elapsed(reconciledAt) >= RECONCILE_MS) {
      await putRight(stack.name, wanted, own, isLeader)
      if (isLeader) numbers.isDue()
      wantedBefore = digest
      reconciledAt = clock.now()
    }
    const checks = [
      stateOf(own, scalerHealth(health)),
      ...groupServices.map((one, index) => stateOf(one, healthOfGroup(groups[index] as GroupFacts))),
    ]
    const told = await states.tell(checks.filter(({ registration }) => !refused.has(registration)))
    if (told.isForgotten) forget()
    if (told.isForgotten || told.isMore) isDirty = true
    const unwritten = isLeader ? await numbers.write(stack.name, groups) : undefined
    return [...refused.values(), told.refusal, unwritten].find((text) => text !== undefined)
  }

  /**
   * Removes what is not wanted any more. A follower leaves what another scaler of the stack has on the same agent; on
   * an agent of its own it removes what it registered when it led.
   */
  async function putRight(
    stack: string,
    wanted: readonly Registration[],
    own: Registration,
    isLeader: boolean,
  ): Promise<void> {
    const present = await client.present(stack)
    const others = present.filter(({ id, meta }) => meta.kind === 'scaler' && id !== own.id)
    const changes = reconcile(
      wanted,
      present.filter((service) => !others.includes(service)),
    )
    const mayRemove = isLeader || others.length === 0
    const found = new Map<string, string>()
    await applyChanges(client, mayRemove ? changes : { ...changes, remove: [] }, (id, { message }) =>
      found.set(id, message),
    )
    refused = found
    states.forget([...changes.remove, ...changes.create].map(({ id }) => stateCheckId(id)))
  }

  return {
    update(groups, health) {
      if (isClosed) return
      newest = { groups, health }
      isDirty = true
      // A listener that throws must not end the process.
      round ??= run()
        .catch(() => undefined)
        .finally(() => {
          round = undefined
        })
    },
    state: () => state,
    settled: async () => {
      while (round !== undefined) await round
    },
    async close() {
      isClosed = true
      await Promise.race([round, sleep(CLOSE_MS, undefined, { ref: false })])
      const own = wantedScaler(options.stack().name, scaler)
      if (state.status !== 'lost') await client.deregister(own).catch(() => undefined)
      client.close()
    },
  }
}

function identityOf({ group, policy }: GroupFacts) {
  return { group, queues: policy.queues, origin: policy.origin }
}

function stateOf(
  { id, name }: Registration,
  health: Pick<CheckState, 'status' | 'output'>,
): CheckState & { readonly registration: string } {
  return { registration: id, id: stateCheckId(id), service: name, ...health }
}

function scalerHealth({ ready, problems, isLeader }: ScalerFacts): Pick<CheckState, 'status' | 'output'> {
  return {
    status: ready ? (problems.length === 0 ? 'passing' : 'warning') : 'critical',
    output: [isLeader ? 'leading' : 'standing by', ...problems].join('; '),
  }
}
