import type { TaskStart } from '../nomad/client/runner.ts'

export interface WorkerGroup {
  readonly queues: readonly string[]
  /** Tasks that one allocation runs at once. */
  readonly concurrency: number
}

/** What a task takes from, as the policy of its group says; undefined for one that takes from no queue. */
export function workerGroupOf({ allocation, task }: TaskStart): WorkerGroup | undefined {
  const group = allocation.Job.TaskGroups.find(({ Name }) => Name === allocation.TaskGroup)
  const isHelper = task.Lifecycle !== null && task.Lifecycle.Hook !== ''
  const [drover] = (group?.Scaling?.Policy as Policy | null | undefined)?.drover ?? []
  if (isHelper || drover?.queues === undefined || drover.queues.length === 0) return undefined
  // Beside the task of the group's name, there may be others that live with it.
  const hasMain = group?.Tasks.some(({ Name }) => Name === allocation.TaskGroup)
  if (hasMain && task.Name !== allocation.TaskGroup) return undefined
  return { queues: drover.queues, concurrency: drover.concurrency ?? 1 }
}

interface Policy {
  readonly drover?: readonly { readonly queues?: readonly string[]; readonly concurrency?: number }[]
}
