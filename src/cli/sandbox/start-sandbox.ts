import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DroverError } from '../../errors.ts'
import {
  type ConsulEmulator,
  createMemoryBroker,
  followAllocations,
  type MemoryBroker,
  type NomadEmulator,
  platformRunner,
  processRunner,
  type Runner,
  realClock,
  startConsulEmulator,
  startNomadEmulator,
  type TaskStart,
} from '../../sandbox/index.ts'
import { startRedis } from './redis-process.ts'
import { hasBullmq, workerProcesses } from './worker-processes.ts'

export interface SandboxOptions {
  /** Of the emulated Nomad and Consul; 0 for any that is free. */
  readonly port: number
  readonly consulPort: number
  /** Where the queues are. Without it a Redis is started, where there is one on PATH. */
  readonly redis?: string | undefined
  /** How many times as fast as usual what is simulated starts and ends. */
  readonly speed: number
}

export interface Sandbox {
  readonly nomad: NomadEmulator
  readonly consul: ConsulEmulator
  readonly queues: SandboxQueues
  /** What Drover's commands find it by. */
  readonly env: Readonly<Record<string, string>>
  /** Ends everything that was started. */
  close(): Promise<void>
}

export type SandboxQueues =
  /** Real ones; `isOwn`: in a Redis that was started for them. */
  | { readonly kind: 'redis'; readonly url: string; readonly isOwn: boolean }
  /** In this process: no other can read them. */
  | { readonly kind: 'memory'; readonly broker: MemoryBroker; readonly why: string }

/** From placed to running, at speed 1: one second and up to two more, the same for each name. */
const START_MS = 1000
const START_SPREAD_MS = 2000
const RUN_MS = 2000
const WORKER_START_MS = 1500
/** As the reference stack asks of its clients: a worker may finish what it has. */
const MAX_KILL_TIMEOUT_MS = 24 * 3_600_000

/** Starts an emulated Nomad and Consul, and what they run. Throws UNAVAILABLE when a port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { speed } = options
  const clock = realClock()
  const closing: (() => Promise<void> | void)[] = []
  const close = async (): Promise<void> => {
    for (const part of closing.splice(0).reverse()) await part()
  }
  try {
    const queues = await openQueues(options, speed, closing)
    const folder = mkdtempSync(join(tmpdir(), 'drover-sandbox-'))
    closing.push(() => rmSync(folder, { recursive: true, force: true }))
    const workers: Runner =
      queues.kind === 'memory' ? queues.broker.runner : workerProcesses(join(folder, 'workers'), queues.url)
    const runner = platformRunner({
      clock,
      workers,
      programs: processRunner({ folder: join(folder, 'programs') }),
      startUpMs: (start) => startUpMs(start) / speed,
      runMs: RUN_MS / speed,
    })
    const consul = await at(options.consulPort, '--consul-port', (port) =>
      startConsulEmulator({ port, clock }),
    )
    closing.push(consul.close)
    const nomad = await at(options.port, '--port', (port) =>
      startNomadEmulator({ port, clock, runner, maxKillTimeoutMs: MAX_KILL_TIMEOUT_MS }),
    )
    closing.push(nomad.close)
    closing.push(followAllocations(nomad, consul))
    const env = { NOMAD_ADDR: nomad.address, CONSUL_HTTP_ADDR: consul.address }
    return {
      nomad,
      consul,
      queues,
      env: queues.kind === 'redis' ? { ...env, DROVER_REDIS_URL: queues.url } : env,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function openQueues(
  { redis }: SandboxOptions,
  speed: number,
  closing: (() => Promise<void> | void)[],
): Promise<SandboxQueues> {
  const inMemory = (why: string): SandboxQueues => {
    const clock = realClock()
    return { kind: 'memory', broker: createMemoryBroker({ clock, startUpMs: WORKER_START_MS / speed }), why }
  }
  if (!hasBullmq()) {
    if (redis === undefined) return inMemory('bullmq is not installed')
    throw new DroverError('USAGE', 'workers of the sandbox need bullmq, which is not installed', {
      hint: 'npm install bullmq',
    })
  }
  if (redis !== undefined) return { kind: 'redis', url: redis, isOwn: false }
  const own = await startRedis()
  if (own === undefined) return inMemory('there is no redis-server on PATH')
  closing.push(own.close)
  return { kind: 'redis', url: own.url, isOwn: true }
}

/** Not all at the same moment, and the same in each run. */
function startUpMs({ allocation, task }: TaskStart): number {
  const spread =
    createHash('sha1').update(`${allocation.Name} ${task.Name}`).digest().readUInt16BE(0) / 0xffff
  return START_MS + spread * START_SPREAD_MS
}

async function at<T>(port: number, option: string, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(port)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause
    throw new DroverError('UNAVAILABLE', `port ${port} of 127.0.0.1 is taken`, {
      hint: `Give another with ${option}; 0 takes any that is free.`,
      cause,
    })
  }
}
