import { NomadError } from '../nomad-error.ts'
import type { Server } from '../server.ts'
import { putAllocation } from '../state/put.ts'
import { findJob } from '../state/store.ts'
import type { Allocation } from '../state/types.ts'

/** An allocation by its whole id. Throws NomadError. */
export function findAllocation({ store }: Server, id: string, words = 'alloc not found'): Allocation {
  if (id.length !== 36)
    throw new NomadError(500, 'alloc lookup failed: index error: UUID must be 36 characters')
  const allocation = store.allocations.get(id)
  if (!allocation) throw new NomadError(404, words)
  return allocation
}

/** Stops an allocation and has another take its place. */
export function stopAllocation(server: Server, id: string): { EvalID: string; Index: number } {
  const { store, scheduler } = server
  const allocation = findAllocation(server, id, 'allocation not found')
  const record = findJob(store, allocation.Namespace, allocation.JobID)
  if (!record) throw new NomadError(404, 'job not found')
  return store.write('AllocationUpdateDesiredStatus', (entry) => {
    const asked = { ...allocation, DesiredTransition: { Migrate: true }, ModifyIndex: entry.index }
    putAllocation(store, entry, record, asked)
    return { EvalID: scheduler.evaluate(entry, record, 'alloc-stop').ID, Index: entry.index }
  })
}

/** Has the scheduler look at a job again. */
export function evaluateJob(
  { store, scheduler }: Server,
  namespace: string,
  call: { readonly JobID?: string },
): { EvalID: string; EvalCreateIndex: number; JobModifyIndex: number; Index: number } {
  if (!call.JobID) throw new NomadError(400, 'Job ID must be specified')
  const record = findJob(store, namespace, call.JobID)
  if (!record) throw new NomadError(500, 'job not found')
  return store.write('AllocationUpdateDesiredStatus', (entry) => {
    const { ID } = scheduler.evaluate(entry, record, 'job-register')
    const { index } = entry
    return { EvalID: ID, EvalCreateIndex: index, JobModifyIndex: record.job.ModifyIndex, Index: index }
  })
}
