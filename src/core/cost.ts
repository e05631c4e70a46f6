import { inlinedJobs, isWanted } from './plan/plan-jobs.ts'
import type { Job, Stack } from './stack/stack.ts'

/** Hours of an average month: 365 days / 12. */
export const HOURS_PER_MONTH = 730

export interface Amount {
  readonly count: number
  /** Cores reserved, and at most. */
  readonly cpu: number
  readonly cpuLimit: number
  /** MB reserved, and at most. */
  readonly memoryMb: number
  readonly memoryLimitMb: number
  /** For what is reserved, in the currency of the stack; absent without prices. */
  readonly perHour?: number
}

export interface CostRow {
  readonly job: string
  readonly kind: string
  readonly minimum: Amount
  readonly typical: Amount
  readonly maximum: Amount
}

export interface Cost {
  readonly currency?: string
  readonly rows: readonly CostRow[]
  readonly total: Omit<CostRow, 'job' | 'kind'>
}

const LEVELS = ['minimum', 'typical', 'maximum'] as const

/**
 * What the stack reserves and costs at the least, typical and largest counts of its workers. A system job
 * counts once, as the number of nodes is not in the stack; what ends (batch, init tasks) counts nothing.
 */
export function planCost(stack: Stack, profiles: readonly string[] = []): Cost {
  const inlined = inlinedJobs(stack)
  const jobs = stack.jobs.filter(
    (job) =>
      isWanted(job, profiles) && !inlined.has(job.name) && job.kind !== 'batch' && job.kind !== 'periodic',
  )
  const rows = jobs.map((job): CostRow => {
    const [minimum, typical, maximum] = countsOf(job)
    const amount = (count: number): Amount => amountOf(stack, job, count)
    return {
      job: job.name,
      kind: job.kind,
      minimum: amount(minimum),
      typical: amount(typical),
      maximum: amount(maximum),
    }
  })
  const [minimum, typical, maximum] = LEVELS.map((level) => addUp(rows.map((row) => row[level]))) as [
    Amount,
    Amount,
    Amount,
  ]
  const { prices } = stack.cluster
  return { ...(prices ? { currency: prices.currency } : {}), rows, total: { minimum, typical, maximum } }
}

/** What one allocation of a job costs in an hour, in the currency of the stack; undefined without prices. */
export function costPerHour(stack: Stack, job: Job): number | undefined {
  return amountOf(stack, job, 1).perHour
}

function countsOf(job: Job): [number, number, number] {
  if (!job.worker) return [job.count, job.count, job.count]
  const { min, typical, max } = job.worker.scale
  return [min, typical, max]
}

function amountOf({ cluster }: Stack, job: Job, count: number): Amount {
  const sum = (of: (resources: Job['main']['resources']) => number): number =>
    tidy(count * [job.main, ...job.sidecars].reduce((total, { resources }) => total + of(resources), 0))
  const cpu = sum((resources) => resources.cores ?? resources.cpuReserved)
  const memoryMb = sum((resources) =>
    cluster.memoryOversubscription ? resources.memoryReservedMb : resources.memoryMb,
  )
  const { prices } = cluster
  return {
    count,
    cpu,
    cpuLimit: sum((resources) => resources.cores ?? resources.cpu),
    memoryMb,
    memoryLimitMb: sum((resources) => resources.memoryMb),
    ...(prices ? { perHour: tidy(cpu * prices.coreHour + (memoryMb / 1024) * prices.gbHour) } : {}),
  }
}

function addUp(amounts: readonly Amount[]): Amount {
  const sum = (of: (amount: Amount) => number): number =>
    tidy(amounts.reduce((total, amount) => total + of(amount), 0))
  const priced = amounts.some(({ perHour }) => perHour !== undefined)
  return {
    count: sum(({ count }) => count),
    cpu: sum(({ cpu }) => cpu),
    cpuLimit: sum(({ cpuLimit }) => cpuLimit),
    memoryMb: sum(({ memoryMb }) => memoryMb),
    memoryLimitMb: sum(({ memoryLimitMb }) => memoryLimitMb),
    ...(priced ? { perHour: sum(({ perHour = 0 }) => perHour) } : {}),
  }
}

/** Without the dust of binary fractions. */
function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
