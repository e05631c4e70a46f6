import { NomadError } from '../nomad-error.ts'
import type { Allocation, Task, TaskState } from '../state/types.ts'
import { type RunningTask, runTask, type TaskOptions } from './run-task.ts'

export interface RunningAllocation {
  status(): AllocationStatus
  stop(): void
  /** To a task by name; without one to all. Throws NomadError. */
  signal(name: string, task: string | undefined): void
}

export interface AllocationStatus {
  readonly ClientStatus: Allocation['ClientStatus']
  readonly ClientDescription: string
  readonly TaskStates: Readonly<Record<string, TaskState>>
}

/** The tasks of one allocation: those that prepare, then the others together, then none. */
export function runAllocation(
  allocation: Allocation,
  options: Omit<TaskOptions, 'allocation' | 'task'>,
): RunningAllocation {
  const group = allocation.Job.TaskGroups.find(({ Name }) => Name === allocation.TaskGroup)
  const specs = group?.Tasks ?? []
  let isStopping = false
  let isMainStarted = false
  const tasks = new Map<Task, RunningTask>(
    specs.map((task) => [task, runTask({ ...options, allocation, task, onChange: step })]),
  )
  const isOf = (hook: string, sidecar: boolean) => (task: Task) =>
    task.Lifecycle?.Hook === hook && task.Lifecycle.Sidecar === sidecar
  const start = (those: (task: Task) => boolean): void => {
    for (const [task, running] of tasks) if (those(task)) running.start()
  }
  const all = (those: (task: Task) => boolean, holds: (state: TaskState) => boolean): boolean =>
    [...tasks].every(([task, running]) => !those(task) || holds(running.state()))
  const isMain = ({ Lifecycle }: Task): boolean => Lifecycle === null || Lifecycle.Hook === ''
  const isEnded = ({ State }: TaskState): boolean => State === 'dead'

  function step(): void {
    if (!isStopping && [...tasks.values()].some((one) => one.state().Failed)) stopAll()
    const isPrepared =
      all(isOf('prestart', false), (state) => isEnded(state) && !state.Failed) &&
      all(isOf('prestart', true), ({ State }) => State === 'running')
    if (isPrepared && !isMainStarted && !isStopping) {
      isMainStarted = true
      start((task) => isMain(task) || task.Lifecycle?.Hook === 'poststart')
    }
    // Helpers live as long as what they help.
    if (isMainStarted && !isStopping && all(isMain, isEnded)) stopAll()
    options.onChange()
  }

  function stopAll(): void {
    isStopping = true
    for (const running of tasks.values()) running.stop()
  }

  start(isOf('prestart', false))
  start(isOf('prestart', true))
  step()

  return {
    status: () =>
      statusOf(Object.fromEntries([...tasks].map(([{ Name }, running]) => [Name, running.state()]))),
    stop: stopAll,
    signal(name, task) {
      const wanted = [...tasks].filter(([{ Name }]) => task === undefined || task === '' || Name === task)
      if (wanted.length === 0) throw new NomadError(500, 'Task not found')
      for (const [, running] of wanted) running.signal(name)
    },
  }
}

function statusOf(TaskStates: Readonly<Record<string, TaskState>>): AllocationStatus {
  const states = Object.values(TaskStates)
  const is = (status: TaskState['State']) => states.filter(({ State }) => State === status).length
  if (is('dead') === states.length) {
    const isFailed = states.some(({ Failed }) => Failed)
    return isFailed
      ? { ClientStatus: 'failed', ClientDescription: 'Failed tasks', TaskStates }
      : { ClientStatus: 'complete', ClientDescription: 'All tasks have completed', TaskStates }
  }
  if (is('running') > 0)
    return { ClientStatus: 'running', ClientDescription: 'Tasks are running', TaskStates }
  return { ClientStatus: 'pending', ClientDescription: 'No tasks have started', TaskStates }
}
