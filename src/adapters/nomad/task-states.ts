import { z } from '../../core/zod.ts'

const eventSchema = z.object({
  Type: z.string(),
  DisplayMessage: z.string().nullish(),
  FailsTask: z.boolean().nullish(),
  ExitCode: z.number().nullish(),
  Signal: z.number().nullish(),
})

const stateSchema = z.object({
  State: z.string(),
  Failed: z.boolean().nullish(),
  Restarts: z.number().nullish(),
  StartedAt: z.string().nullish(),
  Events: z.array(eventSchema).nullish(),
})
export type TaskState = z.infer<typeof stateSchema>

/** What Nomad tells of the tasks of an allocation, by task. */
export const TASK_STATES = z.record(z.string(), stateSchema).nullish()

/** Milliseconds since 1970; undefined while the task has not started. */
export function startedAt(state: TaskState | undefined): number | undefined {
  const time = state?.StartedAt ? Date.parse(state.StartedAt) : Number.NaN
  return time > 0 ? time : undefined
}

/** Why the allocation does not run as it should, in Nomad's words; undefined while it does, or has ended well. */
export function trouble(
  clientStatus: string,
  main: TaskState | undefined,
  tasks: Readonly<Record<string, TaskState>>,
): string | undefined {
  if (clientStatus === 'complete' || (clientStatus === 'running' && main?.State === 'running'))
    return undefined
  const words = (state: TaskState): string | undefined => {
    const told = (state.Events ?? []).findLast((event) => isTrouble(event))
    return told && (told.DisplayMessage || told.Type).slice(0, MAX_WORDS)
  }
  const own = main && words(main)
  return own ?? Object.values(tasks).flatMap((state) => words(state) ?? [])[0]
}

const MAX_WORDS = 500
const TROUBLES = [
  'Driver Failure',
  'Failed Validation',
  'Setup Failure',
  'Failed Artifact Download',
  'Template',
  'Task hook failed',
  'Alloc Unhealthy',
  'Disk Resources Exceeded',
]

function isTrouble({
  Type,
  FailsTask,
  ExitCode,
  Signal,
  DisplayMessage,
}: z.infer<typeof eventSchema>): boolean {
  // It only says that the trouble before it is not tried again.
  if (Type === 'Not Restarting') return false
  if (TROUBLES.includes(Type) || FailsTask) return true
  if (Type === 'Terminated') return (ExitCode ?? 0) !== 0 || (Signal ?? 0) !== 0
  return Type === 'Killing' && /failed/i.test(DisplayMessage ?? '')
}
