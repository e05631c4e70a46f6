import { indexOf } from '../state/status.ts'
import type { Allocation, Task } from '../state/types.ts'

/** The environment that Nomad gives a task, and the task's own on top. */
export function taskEnv(allocation: Allocation, task: Task): Record<string, string> {
  const { Job: job } = allocation
  const group = job.TaskGroups.find(({ Name }) => Name === allocation.TaskGroup)
  const meta = { ...job.Meta, ...group?.Meta, ...task.Meta }
  const nomad: Record<string, string> = {
    NOMAD_ALLOC_ID: allocation.ID,
    NOMAD_SHORT_ALLOC_ID: allocation.ID.slice(0, 8),
    NOMAD_ALLOC_INDEX: String(indexOf(allocation)),
    NOMAD_ALLOC_NAME: allocation.Name,
    NOMAD_DC: 'dc1',
    NOMAD_GROUP_NAME: allocation.TaskGroup,
    NOMAD_JOB_ID: job.ID,
    NOMAD_JOB_NAME: job.Name,
    NOMAD_NAMESPACE: job.Namespace,
    NOMAD_REGION: 'global',
    NOMAD_TASK_NAME: task.Name,
  }
  for (const [name, value] of Object.entries(meta)) {
    nomad[`NOMAD_META_${name}`] = value
    nomad[`NOMAD_META_${name.toUpperCase()}`] = value
  }
  const own = Object.entries(task.Env ?? {}).map(([name, value]) => [name, fill(String(value), nomad)])
  return { ...nomad, ...Object.fromEntries(own) }
}

/** Puts `${NAME}` of the environment in; what is unknown stays as it is. */
export function fill(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_.]*)\}/g, (whole, name: string) => env[name] ?? whole)
}
