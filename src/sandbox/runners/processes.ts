import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Runner, TaskStart } from '../nomad/client/runner.ts'
import { fill } from '../nomad/client/task-env.ts'

export interface ProcessOptions {
  /** Takes a folder for each allocation; removed with them on close. */
  readonly folder: string
  /** What to run for a task of another driver than raw_exec and exec; undefined: it cannot start. */
  readonly command?: (start: TaskStart) => readonly [string, ...string[]] | undefined
  /** Set for every task, below what Nomad and the task set; the whole environment of this process unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly onOutput?: (start: TaskStart, text: string) => void
}

/** Runs tasks as processes of this machine, as the raw_exec driver does. */
export function processRunner(options: ProcessOptions): Runner {
  const running = new Map<number, Promise<void>>()
  let isClosed = false
  return {
    start(start) {
      if (isClosed) return NOTHING
      const folder = join(options.folder, start.allocation.ID)
      const env = { ...(options.env ?? process.env), ...start.env, ...folders(folder, start) }
      const command = commandOf(start, options)
      if (command === undefined) {
        setImmediate(start.exited, { code: 0, signal: 0, failure: `no ${start.task.Driver} in the sandbox` })
        return NOTHING
      }
      const [program, ...args] = command.map((word) => fill(word, env as Record<string, string>))
      // A group of its own, so that what it starts ends with it.
      const child = spawn(program as string, args, { cwd: env.NOMAD_TASK_DIR, env, detached: true })
      const tell = (data: Buffer): void => options.onOutput?.(start, data.toString())
      child.stdout.on('data', tell)
      child.stderr.on('data', tell)
      child.once('spawn', start.started)
      const { pid } = child
      const ended = new Promise<void>((resolve) => {
        child.once('error', (error) => {
          if (pid === undefined) start.exited({ code: 0, signal: 0, failure: error.message })
          resolve()
        })
        child.once('exit', (code, name) => {
          if (pid !== undefined) running.delete(pid)
          const signal = name === null ? 0 : constants.signals[name]
          start.exited({ code: code ?? 128 + signal, signal })
          resolve()
        })
      })
      if (pid !== undefined) running.set(pid, ended)
      return {
        signal: (name) => send(pid, name as NodeJS.Signals),
        kill: () => send(pid === undefined ? undefined : -pid, 'SIGKILL'),
      }
    },
    async close() {
      isClosed = true
      for (const pid of running.keys()) send(-pid, 'SIGKILL')
      await Promise.all(running.values())
      rmSync(options.folder, { recursive: true, force: true })
    },
  }
}

const NOTHING = { signal() {}, kill() {} }

function commandOf(start: TaskStart, options: ProcessOptions): readonly string[] | undefined {
  const { Driver, Config } = start.task
  if (Driver !== 'raw_exec' && Driver !== 'exec') return options.command?.(start)
  const args = Array.isArray(Config?.args) ? Config.args.map(String) : []
  return [String(Config?.command ?? ''), ...args]
}

function folders(folder: string, { task }: TaskStart): Record<string, string> {
  const paths = {
    NOMAD_ALLOC_DIR: join(folder, 'alloc'),
    NOMAD_TASK_DIR: join(folder, task.Name, 'local'),
    NOMAD_SECRETS_DIR: join(folder, task.Name, 'secrets'),
  }
  for (const path of Object.values(paths)) mkdirSync(path, { recursive: true })
  return paths
}

/** A process that has just ended is no error. */
function send(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
