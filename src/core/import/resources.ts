import { formatSize } from '../units.ts'
import type { JobContext } from './context.ts'
import { present, type StackMap } from './tree.ts'

/** Limits and reservations. What is only reserved is the limit as well: a Nomad task has one. */
export function importResources(job: JobContext): StackMap {
  const { account, plan } = job
  const { cpuLimit, cpuReservation, memoryLimitBytes, memoryReservationBytes, ...rest } =
    plan.service.resources
  const tier = plan.tier?.worker
  const cpu = cpuLimit?.value ?? (cpuReservation ? undefined : tier?.cpu_per_replica)
  const memory =
    memoryLimitBytes?.value ??
    (memoryReservationBytes || tier?.memory_per_replica_gb === undefined
      ? undefined
      : tier.memory_per_replica_gb * 1024 ** 3)
  const told = (source: { key: string } | undefined, key: string): void => {
    if (source) account.mapped(source.key, `resources.${key}`)
  }
  told(cpuLimit, 'cpu')
  told(cpuReservation, cpu === undefined ? 'cpu' : 'cpu_reservation')
  told(memoryLimitBytes, 'memory')
  told(memoryReservationBytes, memory === undefined ? 'memory' : 'memory_reservation')
  dropOthers(job, rest)
  return present({
    cpu: cpu ?? cpuReservation?.value,
    cpu_reservation: cpu === undefined ? undefined : unlessEqual(cpuReservation?.value, cpu),
    memory: size(memory ?? memoryReservationBytes?.value),
    memory_reservation:
      memory === undefined ? undefined : size(unlessEqual(memoryReservationBytes?.value, memory)),
  })
}

function dropOthers(
  { account }: JobContext,
  rest: Omit<JobContext['plan']['service']['resources'], 'cpuLimit'>,
): void {
  if (rest.cpuShares) account.dropped(rest.cpuShares.key, 'Nomad weighs tasks by the cores they reserve')
  if (rest.cpuset)
    account.dropped(rest.cpuset.key, 'whole cores are pinned by resources.cores, which ones is up to Nomad')
  if (rest.memorySwapLimitBytes) account.dropped(rest.memorySwapLimitBytes.key, 'tasks of Nomad get no swap')
}

function unlessEqual(value: number | undefined, limit: number): number | undefined {
  return value === limit ? undefined : value
}

function size(bytes: number | undefined): string | undefined {
  return bytes === undefined ? undefined : formatSize(bytes)
}
