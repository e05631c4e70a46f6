import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Queue as QueueType } from 'bullmq'
import { Redis } from 'ioredis'

const root = fileURLToPath(new URL('../..', import.meta.url))
const require = createRequire(import.meta.url)

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

export interface TestRedis {
  readonly url: string
  readonly client: Redis
  /** SIGSTOP and SIGCONT, or an end and another start on the same port. */
  readonly process: ChildProcess
  close(): Promise<void>
}

/** A Redis of the test's own, empty, in memory. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort()
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  )
  const url = `redis://127.0.0.1:${port}`
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
  client.on('error', () => undefined)
  await client.ping()
  return {
    url,
    client,
    process: server,
    async close() {
      client.disconnect()
      await ended(server, 'SIGTERM')
    },
  }
}

/** The queue class of a major version of BullMQ, made with its own options. */
export function openQueue(major: 5 | 6, name: string, url: string): QueueType {
  const { Queue } = require(major === 5 ? 'bullmq5' : 'bullmq') as { Queue: typeof QueueType }
  const { hostname, port } = new URL(url)
  return new Queue(name, { connection: { host: hostname, port: Number(port) } })
}

/** Builds drover/worker for a major version of BullMQ; returns its URL. */
export async function buildKit(major: 5 | 6): Promise<string> {
  const script = pathToFileURL(join(root, 'script/build-worker.mjs')).href
  const { buildTrialWorker } = (await import(script)) as {
    buildTrialWorker(root: string, major: number): Promise<string>
  }
  return buildTrialWorker(root, major)
}

export interface TestWorker {
  readonly id: string
  readonly healthPort: number | undefined
  readonly process: ChildProcess
  /** What it wrote to stderr so far. */
  log(): string
  /** Resolves to the exit code, or the signal that ended it. */
  readonly exit: Promise<number | string>
}

export interface WorkerProgram {
  readonly kit: string
  readonly redis: string
  readonly options: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

/** Starts test/worker/fixtures/program.mjs; resolves when it takes tasks. */
export async function startProgram({ kit, redis, options, env = {} }: WorkerProgram): Promise<TestWorker> {
  const child = spawn(process.execPath, [join(root, 'test/worker/fixtures/program.mjs')], {
    env: { ...process.env, KIT: kit, REDIS_URL: redis, OPTIONS: JSON.stringify(options), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk) => {
    log += chunk
  })
  const exit = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')),
  )
  const first = await Promise.race([
    new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk)))),
    exit.then((code) => {
      throw new Error(`the worker ended with ${code}: ${log}`)
    }),
  ])
  const { id, healthPort } = JSON.parse(first) as { id: string; healthPort?: number }
  return { id, healthPort, process: child, log: () => log, exit }
}

export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await exit
}

/** Asks until the answer is true, or fails after 15 s with what it is. */
export async function until(what: string, ask: () => Promise<boolean> | boolean, ms = 15_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`it did not become true: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
