import type { SandboxClock } from '../../clock.ts'
import type { CheckStatus } from '../state/types.ts'
import type { CheckDefinition } from './definition.ts'
import type { RunCheck } from './run-check.ts'

export interface FollowedCheck {
  stop(): void
  /** Of a check of type ttl: somebody told of it. */
  renew?(output: string): void
}

/** Has a check run at its interval, or run out when nobody tells of it for its time to live. */
export function followCheck(
  definition: CheckDefinition,
  clock: SandboxClock,
  run: RunCheck,
  set: (status: CheckStatus, output: string) => void,
): FollowedCheck {
  return definition.kind === 'ttl'
    ? followTtl(definition, clock, set)
    : followRuns(definition, clock, run, set)
}

function followTtl(
  { ttlMs }: CheckDefinition,
  clock: SandboxClock,
  set: (status: CheckStatus, output: string) => void,
): FollowedCheck {
  let last = ''
  const start = (): (() => void) =>
    clock.after(ttlMs, () =>
      set(
        'critical',
        last === '' ? 'TTL expired' : `TTL expired (last output before timeout follows): ${last}`,
      ),
    )
  let cancel = start()
  return {
    stop: () => cancel(),
    renew(output) {
      last = output
      cancel()
      cancel = start()
    },
  }
}

/** Of all that is registered together, not everything runs at once. */
const FIRST_MS = 100

function followRuns(
  definition: CheckDefinition,
  clock: SandboxClock,
  run: RunCheck,
  set: (status: CheckStatus, output: string) => void,
): FollowedCheck {
  let isStopped = false
  let failures = 0
  const look = async (): Promise<void> => {
    const { status, output } = await run(definition)
    if (isStopped) return
    failures = status === 'critical' ? failures + 1 : 0
    if (status !== 'critical' || failures >= definition.failuresBeforeCritical) set(status, output)
    else if (failures >= definition.failuresBeforeWarning) set('warning', output)
    cancel = clock.after(definition.intervalMs, () => void look())
  }
  let cancel = clock.after(Math.min(FIRST_MS, definition.intervalMs), () => void look())
  return {
    stop() {
      isStopped = true
      cancel()
    },
  }
}
