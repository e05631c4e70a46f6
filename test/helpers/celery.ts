import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const VERSION = '5.7.0'
const ROOT = join(import.meta.dirname, '../..')
const HOME = join(ROOT, 'node_modules/.cache', `celery-${VERSION}`)
/** The Python that has Celery, once installCelery() has made it. */
export const CELERY_PYTHON = join(HOME, 'bin/python')
const PROGRAM = join(ROOT, 'test/fixtures/celery')

/** Whether Celery can be had: tests skip with one line otherwise. */
export const hasPython = spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0

/** Installs Celery from PyPI into a virtual environment of its own, once for a checkout. */
export function installCelery(): void {
  if (existsSync(join(HOME, 'bin/celery'))) return
  // Made beside its place, so that one that was interrupted is never taken for a whole one; pip's scripts know
  // where they were made, so that they are called through python.
  const draft = `${HOME}-${process.pid}`
  mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true })
  execFileSync('python3', ['-m', 'venv', draft])
  execFileSync(
    join(draft, 'bin/python'),
    ['-m', 'pip', 'install', '--quiet', `celery==${VERSION}`, 'redis', 'packaging'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  try {
    renameSync(draft, HOME)
  } catch {
    rmSync(draft, { recursive: true })
  }
}

export interface CeleryWorker {
  readonly process: ChildProcess
  /** Ends the worker and its children at once, as a lost node does. */
  kill(): Promise<void>
  /** Warm shutdown; resolves with the exit code. */
  retire(): Promise<number | null>
}

export interface CeleryEnvironment {
  readonly broker: string
  /** global_keyprefix */
  readonly prefix?: string
  readonly acksLate?: boolean
}

/** A worker of test/fixtures/celery/program.py; `args` are more words for `celery worker`. */
export function startCeleryWorker(
  env: CeleryEnvironment,
  name: string,
  args: readonly string[],
): CeleryWorker {
  const words = [
    '-m',
    'celery',
    '-A',
    'program',
    'worker',
    '-n',
    name,
    '--without-gossip',
    '--without-mingle',
    ...args,
  ]
  const child = spawn(CELERY_PYTHON, words, {
    cwd: PROGRAM,
    env: variables(env),
    stdio: process.env.DROVER_TEST_LOG ? 'inherit' : 'ignore',
    detached: true,
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    process: child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
      // The pool's processes would go on with their tasks.
      process.kill(-child.pid, 'SIGKILL')
      await ended
    },
    retire() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** Runs lines of Python with the program imported as `p`; returns what they print. */
export function python(env: CeleryEnvironment, ...lines: readonly string[]): string {
  return execFileSync(CELERY_PYTHON, ['-c', ['import program as p', ...lines].join('\n')], {
    cwd: PROGRAM,
    env: variables(env),
    encoding: 'utf8',
  }).trim()
}

function variables({ broker, prefix = '', acksLate = true }: CeleryEnvironment): NodeJS.ProcessEnv {
  return {
    ...process.env,
    BROKER: broker,
    PREFIX: prefix,
    ACKS_LATE: acksLate ? '1' : '',
    PYTHONDONTWRITEBYTECODE: '1',
    // Tests may run as root, which Celery warns of.
    C_FORCE_ROOT: '1',
  }
}
