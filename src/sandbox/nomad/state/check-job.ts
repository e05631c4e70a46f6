import type { Job, Task, TaskGroup } from './types.ts'

/** What Nomad would say of a job, one text for each problem; none when it would take it. */
export function checkJob(job: Job, namespaces: readonly string[]): string[] {
  if (!namespaces.includes(job.Namespace))
    return [`job "${job.ID}" is in nonexistent namespace "${job.Namespace}"`]
  const problems: string[] = []
  if (/\s/.test(job.ID)) problems.push('Job ID contains a space')
  if (!['service', 'batch', 'system', 'sysbatch'].includes(job.Type))
    problems.push(`Invalid job type: "${job.Type}"`)
  if (job.TaskGroups.length === 0) problems.push('Missing job task groups')
  for (const group of job.TaskGroups) {
    const found = checkGroup(group, job)
    if (found.length > 0) problems.push(`Task group ${group.Name} validation failed: ${inWords(found)}`)
  }
  return problems
}

/** Several problems as Nomad prints them. */
export function inWords(problems: readonly string[]): string {
  const head = problems.length === 1 ? '1 error occurred' : `${problems.length} errors occurred`
  return `${head}:\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`
}

function checkGroup(group: TaskGroup, job: Job): string[] {
  const problems: string[] = []
  if (group.Tasks.length === 0) problems.push('Missing tasks for task group')
  problems.push(...checkReschedule(group))
  if (job.Type !== 'service' && group.Update)
    problems.push(`Job type "${job.Type}" does not allow update block`)
  const { Scaling, Count } = group
  const bounds: string[] = []
  if (Scaling && Count > Scaling.Max)
    bounds.push(`Scaling policy invalid: ${WORDS} greater than maximum count in scaling policy`)
  if (Scaling && Count < Scaling.Min)
    bounds.push(`Scaling policy invalid: ${WORDS} less than minimum count in scaling policy`)
  if (bounds.length > 0) problems.push(`Task group scaling policy validation failed: ${inWords(bounds)}`)
  for (const task of group.Tasks) {
    const found = checkTask(task, group)
    if (found.length > 0) problems.push(`Task ${task.Name} validation failed: ${inWords(found)}`)
  }
  return problems
}

const WORDS = 'task group count must not be'

function checkReschedule({ ReschedulePolicy: { Attempts, Interval, Unlimited } }: TaskGroup): string[] {
  if (!(Unlimited && Attempts > 0)) return []
  return [
    `Reschedule Policy with Attempts = ${Attempts}, Interval = ${duration(Interval)}, and Unlimited = true is ambiguous`,
    'If Attempts >0, Unlimited cannot also be set to true',
  ]
}

function checkTask(task: Task, group: TaskGroup): string[] {
  const problems: string[] = []
  if (task.Driver === '') problems.push('Missing task driver')
  const deadline = group.Update?.ProgressDeadline ?? 0
  if (deadline > 0 && task.KillTimeout > deadline)
    problems.push(
      `KillTimout (${duration(task.KillTimeout)}) longer than the group's ProgressDeadline (${duration(deadline)})`,
    )
  return problems
}

/** Nanoseconds as Go prints them: 2h0m0s. */
function duration(nanoseconds: number): string {
  const seconds = nanoseconds / 1e9
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  const rest = `${seconds % 60}s`
  if (hours > 0) return `${hours}h${minutes}m${rest}`
  return minutes > 0 ? `${minutes}m${rest}` : rest
}
