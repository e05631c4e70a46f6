import { type Task, tasksOf } from '../stack/stack.ts'
import { formatSize } from '../units.ts'
import { forEachJob, type Rule } from './rule.ts'

const MB = 1024 ** 2

export const reservationAboveLimit: Rule = {
  code: 'reservation-above-limit',
  severity: 'error',
  silenceable: false,
  reason: 'What is set aside for a task is a part of what it may use.',
  fix: 'lower the reservation, or raise the limit',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job)) {
      const { cpu, cpuReserved, cores, memoryMb, memoryReservedMb } = task.resources
      const at = (key: string) => [...task.path, 'resources', key]
      if (memoryReservedMb > memoryMb)
        yield {
          path: at('memory_reservation'),
          message: `${size(memoryReservedMb)} is reserved, above the limit of ${size(memoryMb)}`,
        }
      if (cores === undefined && cpuReserved > cpu)
        yield {
          path: at('cpu_reservation'),
          message: `${cpuReserved} cores are reserved, above the limit of ${cpu}`,
        }
    }
  }),
}

export const cpuAndCores: Rule = {
  code: 'cpu-and-cores',
  severity: 'error',
  silenceable: false,
  reason:
    'A task has either a part of all cores (`cpu`) or whole cores for itself (`cores`). Nomad refuses both.',
  fix: 'remove one of the two',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job)) {
      const { cores, cpu, cpuReserved } = task.resources
      if (cores !== undefined && (cpu > 0 || cpuReserved > 0))
        yield {
          path: [...task.path, 'resources', 'cores'],
          message: `has ${cores} whole cores and ${cpu > 0 ? 'cpu' : 'cpu_reservation'} as well`,
        }
    }
  }),
}

export const hardLimit: Rule = {
  code: 'cpu-hard-limit',
  severity: 'error',
  silenceable: false,
  reason:
    'Nomad caps a task at what it reserves for it, so a hard limit has no smaller reservation. Whole cores are a limit already, and only container drivers can cap a task.',
  fix: 'remove cpu_hard_limit, or what contradicts it',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job)) {
      const { cores, cpu, cpuReserved, cpuHardLimit } = task.resources
      if (!cpuHardLimit) continue
      const path = [...task.path, 'resources', 'cpu_hard_limit']
      if (cores !== undefined) yield { path, message: 'cores are whole ones, which need no hard limit' }
      else if (cpuReserved < cpu)
        yield { path, message: `the hard limit would be the reservation of ${cpuReserved} cores, not ${cpu}` }
      if (task.driver !== 'docker' && task.driver !== 'podman')
        yield { path, message: `the driver ${task.driver} has no hard limit` }
    }
  }),
}

export const memoryMaxIgnored: Rule = {
  code: 'memory-max-ignored',
  severity: 'warning',
  silenceable: true,
  reason:
    'Nomad lets a task use more memory than it reserves only where the scheduler allows oversubscription. Without it Drover reserves the whole limit, so that the task is not killed below it.',
  fix: 'allow it in the scheduler and set cluster.memory_oversubscription, or reserve the limit',
  check: forEachJob(function* (job, settings) {
    if (settings.cluster.memoryOversubscription) return
    for (const task of tasksOf(job)) {
      const { memoryMb, memoryReservedMb } = task.resources
      if (memoryReservedMb < memoryMb)
        yield {
          path: [...task.path, 'resources', 'memory_reservation'],
          message: `the limit of ${size(memoryMb)} is reserved, not ${size(memoryReservedMb)}: the cluster has no memory oversubscription`,
        }
    }
  }),
}

export const tmpfsOverMemory: Rule = {
  code: 'tmpfs-over-memory',
  severity: 'error',
  silenceable: false,
  reason: 'What is written to a tmpfs counts as memory of the task. A full one would have the task killed.',
  fix: 'make the tmpfs smaller, or raise the memory',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job)) {
      const tmpfs = tmpfsMb(task)
      if (tmpfs > task.resources.memoryMb)
        yield {
          path: [...task.path, 'tmpfs'],
          message: `${size(tmpfs)} of tmpfs do not fit into the memory of ${size(task.resources.memoryMb)}`,
        }
    }
  }),
}

export const tmpfsLarge: Rule = {
  code: 'tmpfs-large',
  severity: 'warning',
  silenceable: true,
  reason: 'What is written to a tmpfs counts as memory of the task, so the program has only the rest of it.',
  fix: 'make the tmpfs smaller, or raise the memory',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job)) {
      const { memoryMb } = task.resources
      const tmpfs = tmpfsMb(task)
      if (tmpfs > memoryMb / 2 && tmpfs <= memoryMb)
        yield {
          path: [...task.path, 'tmpfs'],
          message: `${size(tmpfs)} of tmpfs may take more than half of the ${size(memoryMb)} of memory`,
        }
    }
  }),
}

function tmpfsMb(task: Task): number {
  return Math.ceil(task.tmpfs.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0) / MB)
}

function size(mb: number): string {
  return formatSize(mb * MB)
}
