import type { WorkersReading } from '../../core/scaling/sample.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { occupationOf, whyBusy } from '../../core/up/busy-allocations.ts'
import type { Context } from '../context.ts'
import { askWorkers } from './ask-workers.ts'
import type { PreparedJob } from './prepare-job.ts'
import type { UpNomad } from './up-nomad.ts'

/** Whether registering this would stop workers, by the kind that the job has or had. */
export function replacesWorkers({ planned, live, change }: PreparedJob): boolean {
  const isWorker = planned.job.worker !== undefined || live?.Meta?.drover_kind === 'worker'
  return isWorker && change.kind === 'replace'
}

/**
 * Why jobs have to wait: registering them would stop workers that are at work, or may be. By name; jobs that need not
 * wait are absent. The queues are asked only when there is somebody to ask for.
 */
export async function refuseBusy(
  nomad: UpNomad,
  stack: Stack,
  prepared: readonly PreparedJob[],
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  const replaced = prepared.filter(replacesWorkers)
  const reasons = new Map<string, string>()
  if (replaced.length === 0) return reasons
  const names = replaced.map(({ planned }) => planned.job.name).join(', ')
  context.output.say(`Asking whether workers are busy: ${names}`)
  const queues = replaced.flatMap(({ planned }) => planned.job.worker?.queues ?? [])
  const workers = await askWorkers(stack, queues, context)
  for (const job of replaced) {
    const why = await whyWait(nomad, job, workers)
    if (why !== undefined) reasons.set(job.planned.job.name, why)
  }
  return reasons
}

async function whyWait(
  nomad: UpNomad,
  { planned, parsed }: PreparedJob,
  workers: WorkersReading,
): Promise<string | undefined> {
  const allocations = await nomad.allocations(parsed)
  if (!allocations.ok) return `its allocations are not known: ${allocations.message}`
  return whyBusy(occupationOf(planned.job.name, allocations.value, workers))
}
