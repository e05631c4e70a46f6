import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { waitUntil } from './wait-until.ts'

/** A program that runs until it is closed. */
export interface Daemon {
  /** Ends it and waits until it is gone. */
  close(): Promise<void>
}

export interface DaemonOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** File that its output goes to. */
  readonly log: string
  /** True when it answers. */
  ready(): Promise<boolean>
  readonly withinMs?: number
}

/** Starts a program and waits until it is ready; throws with the end of its output when it ends before. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { command, args, log } = options
  const output = openSync(log, 'a')
  const child = spawn(command, args, { stdio: ['ignore', output, output], env: environment(options.env) })
  closeSync(output)
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  const killAtExit = (): boolean => child.kill()
  process.once('exit', killAtExit)
  const daemon: Daemon = {
    async close() {
      await end(child)
      process.off('exit', killAtExit)
    },
  }
  const describe = (): string => `${command} ${args.join(' ')}\n${tail(log)}`
  try {
    await waitUntil(
      `${command} ready`,
      async () => {
        if (failure || hasEnded(child)) return true
        return (await options.ready()) || undefined
      },
      { withinMs: options.withinMs ?? 60_000 },
    )
  } catch (cause) {
    await daemon.close()
    throw new Error(`did not get ready: ${describe()}`, { cause })
  }
  if (failure || hasEnded(child)) throw new Error(`ended at once: ${describe()}`, { cause: failure })
  return daemon
}

/** Without AWS_CA_BUNDLE: a Nomad agent refuses to start when that is set. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { AWS_CA_BUNDLE: _, ...rest } = process.env
  return { ...rest, ...more }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
  await gone
  clearTimeout(timer)
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-20).join('\n')
}
