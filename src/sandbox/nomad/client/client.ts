import type { SandboxClock } from '../../clock.ts'
import { NomadError } from '../nomad-error.ts'
import { finishDeployment } from '../schedule/end-deployment.ts'
import type { Scheduler } from '../schedule/scheduler.ts'
import { putAllocation, settleStatus } from '../state/put.ts'
import { isClientTerminal } from '../state/status.ts'
import { type Entry, type JobRecord, jobKey, type Store } from '../state/store.ts'
import type { Allocation, DeploymentStatus } from '../state/types.ts'
import { isoTime, nanoseconds } from '../time.ts'
import { type RunningAllocation, runAllocation } from './run-allocation.ts'
import type { Runner } from './runner.ts'

/** The node: runs what the scheduler places on it, and tells the server how that goes. */
export interface Client {
  /** Allocations that a plan has changed. */
  act(changed: readonly Allocation[], record: JobRecord): void
  /** Throws NomadError. */
  signal(id: string, name: string, task: string | undefined): void
  close(): Promise<void>
}

export interface ClientOptions {
  readonly store: Store
  readonly clock: SandboxClock
  readonly runner: Runner
  readonly maxKillTimeoutMs: number
  /** How long changes are collected before the server hears of them, milliseconds. */
  readonly syncMs: number
  readonly scheduler: () => Scheduler
}

export function createClient(options: ClientOptions): Client {
  const { store, clock } = options
  const running = new Map<string, { readonly run: RunningAllocation; readonly record: JobRecord }>()
  /** By job, the allocations whose state the server has not heard of. */
  const unsent = new Map<JobRecord, Set<string>>()
  const watched = new Set<string>()
  let isClosed = false

  function changed(id: string, record: JobRecord): void {
    if (isClosed) return
    const ids = unsent.get(record)
    if (ids) {
      ids.add(id)
      return
    }
    unsent.set(record, new Set([id]))
    clock.after(options.syncMs, () => send(record))
  }

  function send(record: JobRecord): void {
    const ids = unsent.get(record) ?? []
    unsent.delete(record)
    store.write('AllocationUpdated', (entry) => {
      let isFailed = false
      for (const id of ids) {
        const status = running.get(id)?.run.status()
        const known = record.allocations.get(id)
        if (!status || !known) continue
        isFailed ||= status.ClientStatus === 'failed' && known.ClientStatus !== 'failed'
        const told = stamp({ ...known, ...status, ...unhealthy(known, status.ClientStatus, entry) }, entry)
        putAllocation(store, entry, record, told)
        if (isClientTerminal(told)) running.delete(id)
        if (status.ClientStatus === 'running') watchHealth(told, record)
      }
      const scheduler = options.scheduler()
      if (isFailed && isKept(record)) scheduler.evaluate(entry, record, 'alloc-failure')
      settleStatus(store, entry, record, scheduler.pending(record))
    })
  }

  /** An allocation of a deployment is healthy when it has run for a while. */
  function watchHealth(
    { ID, DeploymentID, DeploymentStatus, Job, TaskGroup }: Allocation,
    record: JobRecord,
  ): void {
    const key = `${ID} ${DeploymentID}`
    if (DeploymentID === '' || DeploymentStatus !== null || watched.has(key)) return
    watched.add(key)
    const update = Job.TaskGroups.find(({ Name }) => Name === TaskGroup)?.Update
    clock.after((update?.MinHealthyTime ?? 0) / 1e6, () => {
      watched.delete(key)
      const known = record.allocations.get(ID)
      const isHealthy = known?.ClientStatus === 'running' && known.DesiredStatus === 'run'
      if (!isClosed && isHealthy && known.DeploymentID === DeploymentID) tellHealthy(known, record)
    })
  }

  function tellHealthy(allocation: Allocation, record: JobRecord): void {
    store.write('AllocationUpdated', (entry) => {
      const DeploymentStatus = health(true, entry)
      putAllocation(store, entry, record, stamp({ ...allocation, DeploymentStatus }, entry))
      if (finishDeployment(store, entry, record, clock.now()) || !isKept(record)) return
      // Its health may make room for the next to be replaced.
      options
        .scheduler()
        .evaluate(entry, record, 'deployment-watcher', { deployment: allocation.DeploymentID })
    })
  }

  function health(Healthy: boolean, { index }: Entry): DeploymentStatus {
    return { Canary: false, Healthy, ModifyIndex: index, Timestamp: isoTime(clock.now()) }
  }

  /** One that fails before it was healthy never will be. */
  function unhealthy(known: Allocation, status: string, entry: Entry): Partial<Allocation> {
    const isLost = status === 'failed' && known.DeploymentID !== '' && known.DeploymentStatus === null
    return isLost ? { DeploymentStatus: health(false, entry) } : {}
  }

  function stamp(allocation: Allocation, { index }: Entry): Allocation {
    return { ...allocation, ModifyIndex: index, ModifyTime: nanoseconds(clock.now()) }
  }

  const isKept = (record: JobRecord): boolean =>
    store.jobs.get(jobKey(record.job.Namespace, record.job.ID)) === record

  return {
    act(allocations, record) {
      if (isClosed) return
      for (const allocation of allocations) {
        const { ID, DesiredStatus, ClientStatus } = allocation
        if (DesiredStatus === 'stop') running.get(ID)?.run.stop()
        else if (running.has(ID)) {
          if (ClientStatus === 'running') watchHealth(allocation, record)
        } else if (ClientStatus === 'pending') {
          const run = runAllocation(allocation, { ...options, onChange: () => changed(ID, record) })
          running.set(ID, { run, record })
        }
      }
    },
    signal(id, name, task) {
      const allocation = store.allocations.get(id)
      if (!allocation) throw new NomadError(404, `Unknown allocation "${id}"`)
      const one = running.get(id)
      if (!one) throw new NomadError(500, 'Task not running')
      one.run.signal(name, task)
    },
    async close() {
      isClosed = true
      await options.runner.close?.()
    },
  }
}
