import type { GroupRef } from '../../core/scaling/group-ref.ts'
import type { ActionAnswer, NomadActions, ScaleRequest } from '../../ports.ts'

export type RecordedAction =
  | { readonly kind: 'scale'; readonly request: ScaleRequest }
  | { readonly kind: 'retire'; readonly allocation: string; readonly task: string }
  | { readonly kind: 'revive'; readonly group: GroupRef; readonly count: number }
  | { readonly kind: 'tag'; readonly group: GroupRef; readonly version: number; readonly name: string }

export interface RecordingActions extends NomadActions {
  /** The latest actions that were not done, oldest first. */
  recorded(): readonly RecordedAction[]
}

const KEPT = 1000

/**
 * Actions that are only said, for --dry-run: each answers `ok: false` with `dry-run`, never ok, so that nobody waits
 * for what will not come, counts it as a change, or starts a cooldown over it.
 */
export function recordingActions(): RecordingActions {
  const actions: RecordedAction[] = []
  const record = async (action: RecordedAction, message: string): Promise<ActionAnswer> => {
    actions.push(action)
    if (actions.length > KEPT) actions.shift()
    return { ok: false, refusal: 'dry-run', message, mayBeDone: false, attempts: 0 }
  }
  return {
    recorded: () => [...actions],
    scale: (request) => record({ kind: 'scale', request }, `would set the count to ${request.count}`),
    retire: (allocation, task) =>
      record(
        { kind: 'retire', allocation, task },
        `would send SIGTERM to ${task} of ${allocation.slice(0, 8)}`,
      ),
    revive: (group, count) =>
      record({ kind: 'revive', group, count }, `would register ${group.job} again, with a count of ${count}`),
    tagVersion: (group, version, name) =>
      record(
        { kind: 'tag', group, version, name },
        `would tag version ${version} of ${group.job} as ${name}`,
      ),
  }
}
