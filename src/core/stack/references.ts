import type { DocumentPath } from '../issue.ts'
import type { Job, Part, Task, Value } from './stack.ts'
import { tasksOf } from './stack.ts'

/** A value of a job and where it stands. */
export interface PlacedValue {
  readonly value: Value
  readonly path: DocumentPath
  readonly place: 'env' | 'command' | 'entrypoint' | 'file' | 'check'
  /** Name of the variable or check, path of the file; `command` and `entrypoint` themselves. */
  readonly name: string
  /** The task that holds it, or in which the check runs. */
  readonly task: Task
}

export type ServiceReference = Extract<Part, { service: string }>

/** Every value of a task that may hold secrets or service addresses. */
export function valuesOf(task: Task): PlacedValue[] {
  const words = (place: 'command' | 'entrypoint'): PlacedValue[] =>
    (task[place] ?? []).map((value, index) => ({
      value,
      path: [...task.path, place, index],
      place,
      name: place,
      task,
    }))
  return [
    ...Object.entries(task.env).map(
      ([name, value]): PlacedValue => ({
        value,
        path: task.envPaths[name] ?? [...task.path, 'env', name],
        place: 'env',
        name,
        task,
      }),
    ),
    ...words('command'),
    ...words('entrypoint'),
    ...task.files.map(
      ({ content, path, to }): PlacedValue => ({ value: content, path, place: 'file', name: to, task }),
    ),
  ]
}

/** Every such value of a job: of its tasks and of the commands of its checks. */
export function jobValues(job: Job): PlacedValue[] {
  const checks = job.checks.flatMap((check): PlacedValue[] =>
    check.type === 'script'
      ? check.command.map((value, index) => ({
          value,
          path: [...check.path, 'command', index],
          place: 'check',
          name: check.name,
          task: job.main,
        }))
      : [],
  )
  return [...tasksOf(job).flatMap(valuesOf), ...checks]
}

/** Every service address that a job asks for, and the value that holds it. */
export function serviceReferences(
  job: Job,
): { reference: ServiceReference; path: DocumentPath; holder: PlacedValue }[] {
  return jobValues(job).flatMap((holder) =>
    holder.value.flatMap((part) =>
      typeof part === 'object' && 'service' in part ? [{ reference: part, path: holder.path, holder }] : [],
    ),
  )
}
