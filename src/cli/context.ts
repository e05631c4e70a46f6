import { createOutput, type Output, type TextStream } from './output.ts'
import type { OpenScreen } from './watch-status/screen.ts'

/** The process as the commands see it. Only the entry of the program reads the real one; tests make their own. */
export interface Io {
  /** Absolute. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: TextStream
  readonly stderr: TextStream
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number
  /** Aborted when the user interrupts. Default: never. */
  readonly signal?: AbortSignal
  /** Takes the whole terminal. Default: there is none to take. */
  readonly openScreen?: OpenScreen
}

/** The options that every command has. */
export interface GlobalOptions {
  readonly json: boolean
  readonly color: boolean
}

/** What a command works with; built once a run. */
export interface Context {
  readonly cwd: string
  readonly env: Io['env']
  readonly output: Output
  readonly json: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Aborted when the user interrupts: a command that runs until then closes what it opened and returns. */
  readonly signal: AbortSignal
  /** Takes the whole terminal; absent where that cannot be. */
  readonly openScreen?: OpenScreen
}

export function createContext(io: Io, { json, color }: GlobalOptions): Context {
  return {
    cwd: io.cwd,
    env: io.env,
    output: createOutput({
      stdout: io.stdout,
      stderr: io.stderr,
      json,
      allowColor: color && wantsColor(io.env),
    }),
    json,
    now: io.now ?? Date.now,
    signal: io.signal ?? new AbortController().signal,
    ...(io.openScreen && io.stdout.isTTY && !json && io.env.TERM !== 'dumb'
      ? { openScreen: io.openScreen }
      : {}),
  }
}

/** https://no-color.org: any text but the empty one says no. */
function wantsColor(env: Io['env']): boolean {
  return !env.NO_COLOR && env.TERM !== 'dumb'
}
