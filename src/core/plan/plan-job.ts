import { compact } from '../compact.ts'
import type { GroupSpec, JobSpec, ServiceSpec, TaskSpec, UpdateSpec } from '../spec/jobspec.ts'
import type { Job, Selector, Stack, Task } from '../stack/stack.ts'
import { tasksOf } from '../stack/stack.ts'
import { parseDurationMs, toNomadDuration } from '../units.ts'
import { type FindJob, findPort, hasService, serviceName } from './names.ts'
import { attachmentOf, planNetwork } from './plan-network.ts'
import { planServices } from './plan-services.ts'
import { planTask, type Role, type TaskContext } from './plan-task.ts'
import { planVolumes } from './plan-volumes.ts'
import { logDiskMb, reschedulePolicy, restartPolicy } from './policies.ts'

/** One job of the stack as a job spec: one group and its tasks, all named after the job. */
export function planJob(stack: Stack, job: Job, findJob: FindJob): JobSpec {
  const { cluster } = stack
  return compact({
    id: job.name,
    region: cluster.region,
    namespace: cluster.namespace === 'default' ? undefined : cluster.namespace,
    type: jobType(job),
    priority: job.priority,
    datacenters: [...job.datacenters],
    node_pool: job.nodePool,
    meta: planMeta(stack, job),
    ui: job.description === undefined ? undefined : { description: job.description },
    constraint: selectors(job.constraints),
    affinity: selectors(job.affinities),
    spread: job.spread.length === 0 ? undefined : job.spread.map((spread) => planSpread(spread)),
    update: planUpdate(job),
    periodic: job.periodic && {
      crons: [...job.periodic.crons],
      time_zone: job.periodic.timeZone,
      prohibit_overlap: !job.periodic.overlap,
    },
    group: { [job.name]: planGroup(stack, job, findJob) },
  })
}

/** The stack's name is what an output file is known by, so no job may claim another. */
function planMeta(stack: Stack, job: Job): Record<string, string> {
  const own = { drover_stack: stack.name, drover_kind: job.kind }
  return { ...own, ...job.meta, ...own }
}

function jobType(job: Job): 'service' | 'batch' | 'system' {
  if (job.worker) return job.worker.jobType
  return job.kind === 'system' ? 'system' : job.kind === 'service' ? 'service' : 'batch'
}

function planGroup(stack: Stack, job: Job, findJob: FindJob): GroupSpec {
  const { cluster } = stack
  const tasks = [...tasksOf(job)]
  const completed = job.dependsOn.flatMap(({ on, condition }) => {
    const dependency = condition === 'completed' ? findJob(on) : undefined
    // Its own restarts would be none: here it must get through, or its dependant never starts.
    return dependency ? [{ ...dependency.main, restart: job.main.restart }] : []
  })
  const waits = plannedWaits(job, findJob)
  const context = (role: Role): TaskContext => ({ stack, job, findJob, role, waits })
  const main = planTask(context('main'), job.main)
  const others = (role: Role, of: readonly Task[]): [string, TaskSpec][] =>
    of.map((task) => [task.name, planTask(context(role), task).spec])
  const init = [...completed, ...job.init]
  const volumes = planVolumes(stack, [...tasks, ...completed])
  const services = planServices(stack, job, main, findJob)
  // Only a service of a task can be registered at the address that docker gave to its container.
  const ofTask = attachmentOf(job, cluster) === 'docker'
  const disk = logDiskMb([...tasks, ...completed])
  const network = planNetwork(stack, job)
  return compact({
    count: job.kind === 'system' ? undefined : job.count,
    scaling: job.worker && {
      enabled: false,
      min: job.worker.scale.min,
      max: job.worker.scale.max,
      policy: { drover: { queues: [...job.worker.queues], concurrency: job.worker.concurrency } },
    },
    restart: restartPolicy(job, cluster, job.main.restart),
    reschedule: reschedulePolicy(job),
    network: network && [network],
    service: services.length > 0 && !ofTask ? services : undefined,
    volume: Object.keys(volumes).length > 0 ? volumes : undefined,
    ephemeral_disk: disk === undefined ? undefined : { size: disk },
    // Nomad warns of a service without one, also where it is there for its sidecar only.
    shutdown_delay: ofTask ? undefined : (job.shutdownDelay ?? (services.length > 0 ? '1s' : undefined)),
    task: Object.fromEntries([
      ...others('init', init),
      [job.name, ofTask ? withServices(main.spec, services, job) : main.spec],
      ...others('sidecar', job.sidecars),
    ]),
  })
}

function withServices(task: TaskSpec, services: readonly ServiceSpec[], job: Job): TaskSpec {
  return compact({
    ...task,
    service: services.length > 0 ? services : undefined,
    shutdown_delay: job.shutdownDelay,
  })
}

/**
 * Services that must pass before the main task starts. An address in its environment waits by itself; a
 * dependency that is only named needs a template of its own.
 */
function plannedWaits(job: Job, findJob: FindJob): TaskContext['waits'] {
  const awaited = new Set(
    Object.values(job.main.env).flatMap((value) =>
      value.flatMap((part) => {
        const target = typeof part === 'object' && 'service' in part && part.wait && findJob(part.service)
        return target ? [serviceName(target, findPort(target, part.port)?.name)] : []
      }),
    ),
  )
  return job.dependsOn.flatMap(({ on, condition }): TaskContext['waits'] => {
    const dependency = findJob(on)
    if (!dependency || condition === 'completed' || !hasService(dependency)) return []
    if (condition === 'started') return [{ service: serviceName(dependency), anyState: true }]
    return checkedServices(dependency)
      .filter((service) => !awaited.has(service))
      .map((service) => ({ service, anyState: false }))
  })
}

/** The services of a job that show whether it is healthy: one without checks passes from the start. */
function checkedServices(job: Job): string[] {
  const checked = job.checks.map((check) => serviceName(job, findPort(job, check.port)?.name))
  return checked.length === 0 ? [serviceName(job)] : [...new Set(checked)]
}

function selectors(list: readonly Selector[]) {
  return list.length === 0 ? undefined : list.map((selector) => ({ ...selector }))
}

function planSpread({ attribute, weight, targets }: Job['spread'][number]) {
  const target = Object.fromEntries(Object.entries(targets).map(([value, percent]) => [value, { percent }]))
  return Object.keys(target).length === 0 ? { attribute, weight } : { attribute, weight, target }
}

/**
 * For a worker that is a service job: a deployment would stand in the way of scaling. Nomad holds the deadline
 * of deployments against kill_timeout all the same.
 */
function withoutDeployments(job: Job): UpdateSpec {
  const longest = Math.max(...tasksOf(job).map(({ killTimeout }) => parseDurationMs(killTimeout)))
  const deadline = longest > DEFAULT_PROGRESS_DEADLINE_MS ? toNomadDuration(longest) : undefined
  return compact({ max_parallel: 0, progress_deadline: deadline })
}

const DEFAULT_PROGRESS_DEADLINE_MS = 10 * 60_000

function planUpdate(job: Job): UpdateSpec | undefined {
  const { update, worker, checks } = job
  if (worker?.jobType === 'service') return withoutDeployments(job)
  if (!update) return undefined
  const canary = update.canary > 0 ? { canary: update.canary, auto_promote: update.autoPromote } : {}
  return {
    max_parallel: update.maxParallel,
    health_check: checks.length > 0 ? 'checks' : 'task_states',
    min_healthy_time: update.minHealthyTime,
    healthy_deadline: update.healthyDeadline,
    progress_deadline: update.progressDeadline,
    auto_revert: update.autoRevert,
    ...canary,
  }
}
