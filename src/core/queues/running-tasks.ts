import type { RunningTask } from '../scaling/sample.ts'

/** More would be too much for a list that is read again with every look at a source. */
export const MAX_TASKS_TOLD = 20
const MAX_LENGTH = 200

/** The first of these tasks, in their order, with names, ids and queues of at most 200 characters: programs make them up. */
export function runningTasks(tasks: Iterable<RunningTask>): RunningTask[] {
  const told: RunningTask[] = []
  for (const { queue, name, id, since } of tasks) {
    if (told.length === MAX_TASKS_TOLD) break
    told.push({ ...(queue === undefined ? {} : { queue: cut(queue) }), name: cut(name), id: cut(id), since })
  }
  return told
}

function cut(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text
}
