import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { stringify } from 'yaml'
import { freePorts } from '../../helpers/free-port.ts'
import { type RedisServer, type RedisServerOptions, startRedisServer } from '../../helpers/redis-server.ts'
import { waitUntil } from '../../helpers/wait-until.ts'

const PROGRAM = join(import.meta.dirname, '../../../bin/drover.js')

/** What a proof runs on, besides the shared cluster: a Redis of its own, a stack file, and scalers as processes. */
export interface Rig {
  readonly redis: RedisServer
  readonly notes: Redis
  readonly folder: string
  /** Runs drover to its end; rejects with its words when the exit code is another. */
  drover(args: readonly string[], code?: number): Promise<string>
  /** Starts a scaler and waits until it is ready. */
  scaler(name?: string, args?: readonly string[]): Promise<ScalerProcess>
  close(): Promise<void>
}

export interface ScalerProcess {
  /** Base URL of its API. */
  readonly address: string
  readonly process: ChildProcess
  /** Everything that it has said so far. */
  log(): string
  get<T>(path: string): Promise<T>
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code and how long it took, ms. */
  stop(): Promise<{ readonly code: number | null; readonly tookMs: number }>
}

export interface RigOptions {
  readonly nomad: string
  readonly folder: string
  /** The stack file's content for this Redis. */
  stack(redis: RedisServer): object
  readonly redis?: RedisServerOptions
  readonly config?: object
  /** More environment variables of what it starts. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the Redis and writes the stack; nothing is registered yet. */
export async function startRig({
  nomad,
  folder,
  stack,
  redis: options,
  config,
  env: more,
}: RigOptions): Promise<Rig> {
  mkdirSync(folder, { recursive: true })
  const redis = await startRedisServer(options)
  const notes = new Redis(redis.url, { maxRetriesPerRequest: null })
  notes.on('error', () => undefined)
  writeFileSync(join(folder, 'stack.yml'), stringify(stack(redis)))
  const running: ScalerProcess[] = []
  const env = { ...process.env, NOMAD_ADDR: nomad, DROVER_REDIS_URL: redis.url, NO_COLOR: '1', ...more }
  return {
    redis,
    notes,
    folder,
    drover: (args, code = 0) =>
      new Promise((resolve, reject) => {
        execFile(process.execPath, [PROGRAM, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
          const actual = typeof error?.code === 'number' ? error.code : error ? 1 : 0
          if (actual === code) resolve(stdout)
          else reject(new Error(`drover ${args.join(' ')}: exit code ${actual}\n${stdout}${stderr}`))
        })
      }),
    async scaler(name = 'scaler', args = []) {
      const [port = 0] = await freePorts(1)
      const file = join(folder, `${name}.yml`)
      writeFileSync(file, stringify({ history: { path: join(folder, `${name}-history`) }, ...config }))
      const log = join(folder, `${name}.log`)
      appendFileSync(log, '')
      const child = spawn(
        process.execPath,
        [PROGRAM, 'scaler', '--listen', `127.0.0.1:${port}`, '--config', file, ...args],
        { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] },
      )
      // Appended at once and whole: what a process says last is what explains its end.
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => appendFileSync(log, chunk))
      child.once('exit', (code, signal) => appendFileSync(log, `ended: ${signal ?? `exit code ${code}`}\n`))
      const scaler = scalerProcess(child, `http://127.0.0.1:${port}`, () => readFileSync(log, 'utf8'))
      running.push(scaler)
      await waitUntil('the scaler is ready', async () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${scaler.log()}`)
        return (await fetch(`${scaler.address}/health/ready`)).ok || undefined
      })
      return scaler
    },
    async close() {
      for (const one of running) await one.kill()
      notes.disconnect()
      await redis.close()
    },
  }
}

function scalerProcess(child: ChildProcess, address: string, log: () => string): ScalerProcess {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    address,
    process: child,
    log,
    async get<T>(path: string) {
      return (await (await fetch(`${address}${path}`)).json()) as T
    },
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    async stop() {
      const from = performance.now()
      child.kill('SIGTERM')
      await gone
      return { code: child.exitCode, tookMs: performance.now() - from }
    },
  }
}
