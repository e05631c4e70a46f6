import { compact } from '../compact.ts'
import type { LifecycleSpec, ResourcesSpec, TaskSpec, VolumeMountSpec } from '../spec/jobspec.ts'
import type { Job, Resources, Stack, Task, Value } from '../stack/stack.ts'
import { literalText } from '../stack/value.ts'
import type { FindJob } from './names.ts'
import { planConfig } from './plan-config.ts'
import { planTemplates } from './plan-templates.ts'
import { restartPolicy } from './policies.ts'
import { runtimeArguments } from './runtime-arguments.ts'

/** What a task is in its group. */
export type Role = 'main' | 'init' | 'sidecar'

export interface TaskPlan {
  readonly spec: TaskSpec
  /** Text of an argument of a check that runs inside the task. */
  argument(value: Value): string
}

export interface TaskContext {
  readonly stack: Stack
  readonly job: Job
  readonly findJob: FindJob
  readonly role: Role
  /** Consul services that must pass before the task starts. */
  readonly waits: readonly { readonly service: string; readonly anyState: boolean }[]
}

/** One task of a group, with its environment, files, resources and driver config. */
export function planTask(context: TaskContext, task: Task): TaskPlan {
  const { stack, job, role } = context
  const runtime = runtimeArguments()
  const config = planConfig(context, task, runtime)
  // Arguments of checks become variables of this task, so they are known before its templates are written.
  const checks =
    role === 'main' ? job.checks.flatMap((check) => (check.type === 'script' ? check.command : [])) : []
  const checkTexts = new Map(checks.map((value) => [value, runtime.text(value)]))
  const literalEnv: Record<string, string> = {}
  const runtimeEnv: Record<string, Value> = {}
  for (const [name, value] of Object.entries(task.env)) {
    const text = literalText(value)
    if (text === undefined) runtimeEnv[name] = value
    else literalEnv[name] = text
  }
  const templates = planTemplates(context, task, { ...runtimeEnv, ...runtime.variables })
  const mounts = planVolumeMounts(stack, task)
  const spec: TaskSpec = compact({
    driver: task.driver,
    lifecycle: planLifecycle(role),
    user: task.user,
    config,
    env: Object.keys(literalEnv).length > 0 ? literalEnv : undefined,
    template: templates.length > 0 ? templates : undefined,
    volume_mount: mounts.length > 0 ? mounts : undefined,
    resources: planResources(task.resources, stack),
    restart:
      role !== 'main' && task.restart !== job.main.restart
        ? restartPolicy(job, stack.cluster, task.restart)
        : undefined,
    logs: { max_files: task.logs.files, max_file_size: task.logs.fileSizeMb },
    kill_timeout: task.killTimeout,
    kill_signal: task.killSignal,
  })
  return { spec, argument: (value) => checkTexts.get(value) ?? runtime.text(value) }
}

function planLifecycle(role: Role): LifecycleSpec | undefined {
  if (role === 'main') return undefined
  return { hook: 'prestart', sidecar: role === 'sidecar' }
}

/**
 * Nomad counts cpu in MHz. Without oversubscription it would ignore memory_max, so the limit is reserved.
 */
export function planResources(resources: Resources, { cluster }: Stack): ResourcesSpec {
  const cpu =
    resources.cores === undefined
      ? { cpu: Math.max(1, Math.round(resources.cpuReserved * cluster.cpuMhzPerCore)) }
      : { cores: resources.cores }
  const shares = cluster.memoryOversubscription && resources.memoryReservedMb < resources.memoryMb
  if (!shares) return { ...cpu, memory: resources.memoryMb }
  return { ...cpu, memory: resources.memoryReservedMb, memory_max: resources.memoryMb }
}

function planVolumeMounts(stack: Stack, task: Task): VolumeMountSpec[] {
  return task.mounts.flatMap((mount) => {
    if (!('volume' in mount) || stack.volumes[mount.volume]?.type === 'docker') return []
    return [compact({ volume: mount.volume, destination: mount.to, read_only: mount.readOnly || undefined })]
  })
}
