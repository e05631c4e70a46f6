import type { TaskEvent } from '../state/types.ts'
import { nanoseconds } from '../time.ts'

const EMPTY = {
  Details: {},
  DiskLimit: 0,
  DownloadError: '',
  DriverError: '',
  DriverMessage: '',
  FailedSibling: '',
  FailsTask: false,
  GenericSource: '',
  KillError: '',
  KillReason: '',
  KillTimeout: 0,
  Message: '',
  RestartReason: '',
  SetupError: '',
  StartDelay: 0,
  TaskSignal: '',
  TaskSignalReason: '',
  ValidationError: '',
  VaultError: '',
}

/** An event of a task as Nomad tells it. */
export function taskEvent(
  type: string,
  now: number,
  DisplayMessage: string,
  more: Readonly<Record<string, unknown>> = {},
): TaskEvent {
  return { ...EMPTY, ExitCode: 0, Signal: 0, Type: type, Time: nanoseconds(now), DisplayMessage, ...more }
}

/** The last ten are kept: signals push out the rest of the history. */
export function withEvent(events: readonly TaskEvent[], event: TaskEvent): TaskEvent[] {
  return [...events.slice(-9), event]
}
