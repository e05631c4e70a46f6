import type { PlannedJob } from './plan/plan-jobs.ts'

/** A job in one line. */
export interface JobSummary {
  readonly job: string
  readonly kind: string
  /** Allocations: a number, a range for workers, `each node` for system jobs. */
  readonly count: string
  /** Cores and MB that one allocation has reserved, and may use at most. */
  readonly cpu: number
  readonly cpuLimit: number
  readonly memoryMb: number
  readonly memoryLimitMb: number
  readonly checks: readonly string[]
}

export function summarizeJob({ job }: PlannedJob): JobSummary {
  const tasks = [job.main, ...job.sidecars]
  const sum = (of: (task: (typeof tasks)[number]) => number): number =>
    Math.round(tasks.reduce((total, task) => total + of(task), 0) * 1000) / 1000
  const { worker } = job
  return {
    job: job.name,
    kind: job.kind,
    count: worker
      ? `${worker.scale.min}..${worker.scale.max}`
      : job.kind === 'system'
        ? 'each node'
        : String(job.count),
    cpu: sum(({ resources }) => resources.cores ?? resources.cpuReserved),
    cpuLimit: sum(({ resources }) => resources.cores ?? resources.cpu),
    memoryMb: sum(({ resources }) => resources.memoryReservedMb),
    memoryLimitMb: sum(({ resources }) => resources.memoryMb),
    checks: job.checks.map(({ type }) => type),
  }
}
