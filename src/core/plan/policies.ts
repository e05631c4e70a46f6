import type { RescheduleSpec, RestartSpec } from '../spec/jobspec.ts'
import type { Cluster, Job, Restart, Task } from '../stack/stack.ts'
import { MAX_DURATION_MS, parseDurationMs, toNomadDuration } from '../units.ts'

/**
 * Restarts of a job on its node. `always` is what compose calls unless-stopped: Nomad's default gives up
 * after two attempts. A job bound to its node waits and goes on there (`delay`); any other fails the
 * allocation, so that it can be rescheduled to another node.
 */
export function restartPolicy(job: Job, cluster: Cluster, restart: Restart): RestartSpec {
  if (restart === 'never') return { attempts: 0, mode: 'fail' }
  if (restart !== 'always') return restart
  // With mode delay a task that used up its attempts waits for the end of the interval, so that is short.
  return isPinned(job, cluster)
    ? { attempts: 3, interval: '1m', delay: RESTART_DELAY, mode: 'delay' }
    : { attempts: 3, interval: '5m', delay: RESTART_DELAY, mode: 'fail' }
}

const RESTART_DELAY = '15s'

/**
 * The grace of check_restart. Nomad counts it from the decision to restart, so it has to outlast the delay
 * before the restart, with its jitter of a quarter, as well; otherwise a restarted task is restarted again
 * the moment it comes up.
 */
export function restartGrace(grace: string, restart: Restart): string {
  const delay = typeof restart === 'object' ? restart.delay : restart === 'always' ? RESTART_DELAY : '0s'
  return toNomadDuration(
    Math.min(MAX_DURATION_MS, parseDurationMs(grace) + Math.ceil(parseDurationMs(delay) / 800) * 1000),
  )
}

/**
 * What happens when an allocation has failed for good. Worker groups are batch jobs, whose default gives up
 * after one attempt a day; `attempts = 0` is needed in batch jobs, since Nomad refuses that one beside `unlimited`.
 */
export function reschedulePolicy(job: Job): RescheduleSpec | undefined {
  const { restart } = job.main
  if (job.kind === 'system') return undefined
  if (job.worker?.jobType === 'batch')
    return restart === 'never'
      ? NO_RESCHEDULE
      : { attempts: 0, interval: '0s', delay: '30s', delay_function: 'constant', unlimited: true }
  const backOff = { delay: '30s', delay_function: 'exponential', max_delay: '10m', unlimited: true } as const
  // A run of its own numbers that has used them up is given up.
  if (job.kind === 'batch' || job.kind === 'periodic')
    return restart === 'always' ? { attempts: 0, interval: '0s', ...backOff } : NO_RESCHEDULE
  return restart === 'never' ? NO_RESCHEDULE : backOff
}

const NO_RESCHEDULE: RescheduleSpec = { attempts: 0, unlimited: false }

/** Whether the data of a job is on one node, so that it cannot run elsewhere. */
export function isPinned(job: Job, cluster: Cluster): boolean {
  if (job.kind === 'system' || cluster.nodes === 'one') return true
  return [...job.init, job.main, ...job.sidecars].some((task) => task.mounts.length > 0)
}

/** MB of disk for the logs of all tasks when they outgrow Nomad's 300 MB; twice, as stdout and stderr. */
export function logDiskMb(tasks: readonly Task[]): number | undefined {
  const logs = tasks.reduce((sum, task) => sum + 2 * task.logs.files * task.logs.fileSizeMb, 0)
  return logs + 100 > 300 ? logs + 100 : undefined
}
