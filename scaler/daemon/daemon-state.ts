import { formatIssue } from '../../src/core/issue.ts'
import type { Log } from '../../src/log/create-log.ts'
import { intervalOf } from './daemon-options.ts'
import { secretsOf } from './environment.ts'
import type { Setup } from './load-setup.ts'

/** What the files say, as they were read last. */
export interface DaemonState {
  now(): Setup
  /** Reads the files again; throws, and keeps what it had, when one is wrong. */
  reload(): void
}

/**
 * Follows the files.
 * @param read reads them again; throws what is wrong with them
 */
export function createState(first: Setup, read: () => Setup, log: Log): DaemonState {
  let now = first
  const take = (setup: Setup): void => {
    log.hide(secretsOf(setup.env, setup.token, setup.webhook))
    log.setLevel(setup.config.log.level)
    for (const warning of setup.warnings) log.warn(formatIssue(warning))
  }
  take(first)
  return {
    now: () => now,
    reload() {
      const next = read()
      for (const what of needsRestart(now, next))
        log.warn(`${what} has changed: that takes effect after a restart`)
      now = next
      take(next)
    },
  }
}

/** What is opened once, and what is not followed while it runs. */
function needsRestart(before: Setup, after: Setup): string[] {
  const parts: [string, (setup: Setup) => unknown][] = [
    ['listen', ({ config }) => config.listen],
    ['token_file', ({ token }) => token],
    ['interval', (setup) => intervalOf(setup)],
    ['nomad', ({ config }) => config.nomad],
    ['lock', ({ config }) => config.lock],
    ['redis', ({ config }) => config.redis],
    ['history', ({ config }) => config.history],
    ["the stack's broker", ({ stack }) => stack.broker],
    ["the stack's name", ({ stack }) => stack.name],
  ]
  return parts.flatMap(([name, of]) =>
    JSON.stringify(of(before)) === JSON.stringify(of(after)) ? [] : [name],
  )
}
