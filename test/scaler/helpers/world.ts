import { vi } from 'vitest'
import { createScaler, type RunningScaler } from '../../../scaler/create-scaler.ts'
import type { ScalerDeps } from '../../../scaler/deps.ts'
import type { ScalerEvent } from '../../../scaler/reports.ts'
import type { ScalingPolicy } from '../../../src/core/scaling/policy.ts'
import { createFakeCluster, type FakeAction } from './fake-cluster.ts'
import { createFakeLock } from './fake-lock.ts'
import { createFakeSource } from './fake-source.ts'

export const NO_PACE = { cooldownMs: 0, stabilizationMs: 0 } as const

/** A batch group with one queue of its name. */
export function policyOf(name: string, over: Partial<ScalingPolicy> = {}): ScalingPolicy {
  return {
    group: { namespace: 'default', job: name, group: name },
    origin: 'stack',
    jobType: 'batch',
    queues: [name],
    concurrency: 1,
    min: 0,
    max: 4,
    keepAliveMs: 5000,
    startUpMs: 10_000,
    strategies: [{ name: 'backlog', options: { spare: 0 } }],
    up: NO_PACE,
    down: NO_PACE,
    ...over,
  }
}

/** Nomad, a broker and a lock in memory, and any number of daemons on them. Wants fake timers. */
export function createWorld(policies: ScalingPolicy[] = [policyOf('heavy')]) {
  const cluster = createFakeCluster()
  const source = createFakeSource()
  const lock = createFakeLock()
  const world = {
    cluster,
    source,
    lock,
    policies,
    load: async (): Promise<readonly ScalingPolicy[]> => world.policies,
    asked: (kind: FakeAction['kind']) => cluster.asked.filter((one) => one.kind === kind),
    async daemon(over: Partial<ScalerDeps> = {}, settings: Partial<ScalerDeps['settings']> = {}) {
      const events: ScalerEvent[] = []
      const life = { isOver: false }
      const scaler = createScaler({
        clock: { now: () => Date.now() },
        actions: mortal(over.actions ?? cluster.actions, life),
        openMirror: cluster.openMirror,
        sources: new Map([['redis', source.source]]),
        policies: { load: () => world.load() },
        lock: mortal(lock.store, life),
        listeners: [(event) => void events.push(event)],
        random: () => 0,
        settings: { name: 'one', intervalMs: 1000, staleAfterMs: 15_000, dryRun: false, ...settings },
        ...omitActions(over),
      })
      return {
        scaler,
        events,
        lines: () => events.filter(isNews).map(({ message }) => message),
        /** As by SIGKILL: from now on nothing that it asks for is done or answered. */
        kill() {
          life.isOver = true
        },
      }
    },
    async started(over: Partial<ScalerDeps> = {}, settings: Partial<ScalerDeps['settings']> = {}) {
      const daemon = await world.daemon(over, settings)
      await begin(daemon.scaler)
      return daemon
    },
  }
  for (const { group } of policies) cluster.add(group)
  return world
}

export async function begin(scaler: RunningScaler): Promise<void> {
  const started = scaler.start()
  await vi.advanceTimersByTimeAsync(100)
  await started
}

export async function end(scaler: RunningScaler): Promise<void> {
  const closed = scaler.close()
  await vi.advanceTimersByTimeAsync(5000)
  await closed
}

function omitActions({ actions: _, ...rest }: Partial<ScalerDeps>): Partial<ScalerDeps> {
  return rest
}

function mortal<T extends object>(port: T, life: { readonly isOver: boolean }): T {
  return new Proxy(port, {
    get(target, name) {
      if (life.isOver) return () => new Promise(() => {})
      return Reflect.get(target, name)
    },
  })
}

function isNews(event: ScalerEvent): boolean {
  return event.kind !== 'decision' || event.isNews
}

/** Workers of all allocations that run, idle unless they are named. */
export function idleWorkers(
  allocations: readonly { readonly id: string; readonly clientStatus: string }[],
  busy: readonly string[] = [],
) {
  return allocations
    .filter(({ clientStatus }) => clientStatus === 'running')
    .map(({ id }) => ({ allocation: id, busy: busy.includes(id) ? 1 : 0, concurrency: 1 }))
}
