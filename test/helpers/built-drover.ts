import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from './wait-until.ts'

const ROOT = join(import.meta.dirname, '../..')

/** The program as it is published, built into a folder of its own, beside the packages that it loads. */
export interface BuiltDrover {
  /** Path of its script, for Node. */
  readonly program: string
  start(args: readonly string[], env?: Readonly<Record<string, string>>): DroverProcess
  remove(): void
}

export interface DroverProcess {
  readonly child: ChildProcess
  /** What it has printed so far. */
  stdout(): string
  stderr(): string
  /** Resolves with the exit code; null after a signal. */
  readonly ended: Promise<number | null>
  /** Waits until it has printed a text that fits, on either stream. */
  says(pattern: RegExp, withinMs?: number): Promise<string>
}

export function buildDrover(): BuiltDrover {
  const folder = mkdtempSync(join(tmpdir(), 'drover-built-'))
  cpSync(join(ROOT, 'bin'), join(folder, 'bin'), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const built = spawnSync(process.execPath, ['script/build.mjs', join(folder, 'dist')], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(built.stderr)
  const program = join(folder, 'bin/drover.js')
  return {
    program,
    start: (args, env = {}) => start(program, args, env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function start(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): DroverProcess {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [program, ...args], {
    cwd: tmpdir(),
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    printed.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    printed.stderr += chunk
  })
  const all = () => printed.stdout + printed.stderr
  return {
    child,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    ended: new Promise((resolve) => child.once('close', (code) => resolve(code))),
    async says(pattern, withinMs = 20_000) {
      const find = async () => pattern.exec(all())?.[0]
      return waitUntil(`${pattern} is said`, find, { withinMs, everyMs: 20 }).catch((cause) => {
        throw new Error(`${cause.message}:\n${all()}`, { cause })
      })
    },
  }
}
