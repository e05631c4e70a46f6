import type { PlannedJob } from './plan/plan-jobs.ts'
import type { Task } from './stack/stack.ts'

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

export function summarizeJob({ job, spec }: PlannedJob): JobSummary {
  const tasks = [job.main, ...job.sidecars]
  const sum = (of: (task: Task) => number): number =>
    Math.round(tasks.reduce((total, task) => total + of(task), 0) * 1000) / 1000
  const { worker } = job
  // Without oversubscription the whole limit is reserved.
  const reservedMb = ({ name, resources }: Task): number =>
    spec.group?.[job.name]?.task?.[name]?.resources?.memory ?? resources.memoryMb
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
    memoryMb: sum(reservedMb),
    memoryLimitMb: sum(({ resources }) => resources.memoryMb),
    checks: job.checks.map(({ type }) => type),
  }
}
