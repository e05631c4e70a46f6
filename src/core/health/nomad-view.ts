import type { AllocationFacts, JobFacts, NomadReading } from './reading.ts'

/** What Nomad told, to be looked up. */
export interface NomadView {
  job(id: string): JobFacts | undefined
  /** The latest run of a periodic job. */
  lastRunOf(job: string): JobFacts | undefined
  allocationsOf(job: string): readonly AllocationFacts[]
  allocation(id: string): AllocationFacts | undefined
  unplacedOf(job: string): string | undefined
}

export function viewNomad({ jobs, allocations, unplaced }: NomadReading): NomadView {
  const jobById = new Map(jobs.map((job) => [job.id, job]))
  const runs = new Map<string, JobFacts>()
  for (const job of jobs) {
    if (job.parent === undefined) continue
    const known = runs.get(job.parent)
    if (known === undefined || known.submittedAt <= job.submittedAt) runs.set(job.parent, job)
  }
  const byJob = new Map<string, AllocationFacts[]>()
  for (const one of allocations) {
    const list = byJob.get(one.job)
    if (list) list.push(one)
    else byJob.set(one.job, [one])
  }
  const byId = new Map(allocations.map((one) => [one.id, one]))
  return {
    job: (id) => jobById.get(id),
    lastRunOf: (job) => runs.get(job),
    allocationsOf: (job) => byJob.get(job) ?? [],
    allocation: (id) => byId.get(id),
    unplacedOf: (job) => unplaced.get(job),
  }
}
