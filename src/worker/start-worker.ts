import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ConnectionOptions, Job } from 'bullmq'
import { DroverError } from '../errors.ts'
import {
  type Control,
  controlKey,
  type Heartbeat,
  REGISTRY_PREFIX,
  type WorkerState,
} from '../worker-protocol.ts'
import { type ChildPool, createChildPool } from './child-pool.ts'
import { connector } from './connections.ts'
import { createDispatcher } from './dispatcher.ts'
import { guardProcess } from './guard-process.ts'
import { startHealth } from './health.ts'
import { startHeartbeat } from './heartbeat.ts'
import { identity } from './identity.ts'
import { logJson } from './log-json.ts'
import { EXIT, type Processor, type WorkerOptions } from './options.ts'
import { createIntake } from './queue-intake.ts'
import { createTaskRunner } from './run-task.ts'
import { createWaker } from './waker.ts'

export interface RunningWorker {
  readonly id: string
  /** The port of the health endpoint, if there is one. */
  readonly healthPort?: number
  /** What it says of itself. */
  status(): Heartbeat
  /** Takes no task until `lift`. */
  cordon(): Promise<void>
  lift(): Promise<void>
  /** Takes nothing more, finishes what runs however long it takes, and ends the process. Twice is the same as once. */
  leave(code?: number): Promise<void>
}

/** How long to wait for Redis at the very end, when every task is done and told. */
const FAREWELL_MS = 3000

/**
 * Runs tasks of one or more BullMQ queues. Resolves when it takes tasks (or when it is cordoned), which needs Redis.
 * Throws DroverError USAGE for options that cannot work.
 */
export async function startWorker<Data = unknown, Result = unknown>(
  options: WorkerOptions<Data, Result>,
): Promise<RunningWorker> {
  const {
    queues,
    concurrency = 1,
    heartbeatMs = 2000,
    registryPrefix = REGISTRY_PREFIX,
    log = logJson,
  } = options
  check(queues, concurrency)
  const { env } = process
  const me = identity(env, options.id)
  const since = Date.now()
  const pool = poolOf(options)
  let state: WorkerState = 'taking'
  let idleSince = since
  let started = 0
  let completed = 0
  let failed = 0
  let acknowledged: string | undefined
  let leaving: Promise<void> | undefined

  const connect = connector(options.redis, env.REDIS_URL)
  const redis = connect()
  const listener = connect()
  for (const each of [redis, listener]) each.on('error', (error) => logOnce(error))
  let lastError = ''
  function logOnce(error: unknown): void {
    const text = error instanceof Error ? error.message || error.name : String(error)
    if (text !== lastError) log('warn', `redis: ${text}`)
    lastError = text
  }
  redis.on('ready', () => {
    if (lastError !== '') log('info', 'redis: connected')
    lastError = ''
  })

  const runner = createTaskRunner({
    process: pool ?? (options.process as Processor),
    softTimeLimitMs: options.softTimeLimitMs,
    timeLimitMs: options.timeLimitMs,
    onOverrun(job) {
      log('error', `task ${job.id} of ${job.queueName} cannot be stopped at its limit: the worker leaves`)
      void leave(EXIT.broken)
    },
  })
  const intakes = queues.map((queue) =>
    createIntake(
      queue,
      (job: Job, token: string) => runner.run(job, token),
      {
        ...options.bullmq,
        ...(options.prefix === undefined ? {} : { prefix: options.prefix }),
        connection: redis as ConnectionOptions,
        concurrency,
        name: me.id,
      },
      {
        completed: () => completed++,
        failed(error) {
          failed++
          log('warn', `a task of ${queue} failed: ${error.message}`)
        },
        error: logOnce,
      },
    ),
  )
  const waker = createWaker(
    connect,
    redis,
    intakes.map(({ markerKey }) => markerKey),
  )
  const dispatcher = createDispatcher(intakes, concurrency, waker, {
    started() {
      started++
      if (!pool && options.maxTasksPerWorker !== undefined && started >= options.maxTasksPerWorker)
        void leave(EXIT.renew)
      void heartbeat.beat()
    },
    ended() {
      if (dispatcher.running.size === 0) idleSince = Date.now()
      void heartbeat.beat()
    },
    error: logOnce,
  })

  function status(): Heartbeat {
    const tasks = [...dispatcher.running].map(({ intake, job, since }) => ({
      queue: intake.queue,
      id: job.id ?? '',
      name: job.name,
      since,
    }))
    return {
      v: 1,
      kind: 'bullmq',
      ...me,
      queues,
      concurrency,
      busy: tasks.length,
      tasks,
      state,
      since,
      ...(tasks.length === 0 ? { idleSince } : {}),
      at: Date.now(),
      everyMs: heartbeatMs,
      completed,
      failed,
      ...(acknowledged === undefined ? {} : { acknowledged }),
    }
  }

  function become(want: Control['want']): void {
    if (state === 'draining' || state === want) return
    state = want
    if (want === 'cordoned') dispatcher.pause()
    else dispatcher.resume()
    log('info', want === 'cordoned' ? 'cordoned: takes no task' : 'lifted: takes tasks again')
  }

  const heartbeat = startHeartbeat({
    redis,
    id: me.id,
    prefix: registryPrefix,
    everyMs: heartbeatMs,
    read: status,
    onControl({ request, want }) {
      if (request === acknowledged) return
      acknowledged = request
      become(want)
      void heartbeat.beat()
    },
    onError: logOnce,
  })

  function leave(code: number = EXIT.left): Promise<void> {
    leaving ??= (async () => {
      state = 'draining'
      log('info', `leaves: ${dispatcher.running.size} tasks to finish`)
      const drained = dispatcher.drain()
      void heartbeat.beat()
      await drained
      await within(FAREWELL_MS, Promise.all([heartbeat.stop(), ...intakes.map((intake) => intake.close())]))
      await pool?.close()
      health?.close()
      waker.close()
      redis.disconnect()
      listener.disconnect()
      guard.release()
      log('info', `left after ${completed} completed and ${failed} failed tasks`, { code })
      ;(options.exit ?? process.exit)(code)
    })()
    return leaving
  }

  const guard = guardProcess({
    signals: options.signals ?? ['SIGTERM', 'SIGINT'],
    onSignal: () => void leave(),
    onCrash(error) {
      const known = runner.failCurrent(error)
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      log('error', `an error outside of ${known ? "its task's promise" : 'any task'}: the worker leaves`, {
        error: text,
      })
      void leave(EXIT.broken)
    },
  })
  const health = await startHealth(options.health, env, () => ({
    healthy: Date.now() - heartbeat.lastAt() < heartbeatMs * 5,
    heartbeat: status(),
    lastHeartbeatAt: heartbeat.lastAt(),
  }))
  listener.on('message', () => void heartbeat.beat())
  listener.subscribe(controlKey(me.id, registryPrefix)).catch(logOnce)
  // Its answer says whether this allocation was cordoned before Nomad started it again.
  await heartbeat.beat()
  await Promise.all(intakes.map((intake) => intake.start()))
  if ((state as WorkerState) === 'taking') dispatcher.resume()
  return {
    id: me.id,
    ...(health ? { healthPort: health.port } : {}),
    status,
    async cordon() {
      become('cordoned')
      await heartbeat.beat()
    },
    async lift() {
      become('taking')
      await heartbeat.beat()
    },
    leave,
  }
}

function check(queues: readonly string[], concurrency: number): void {
  const problems = [
    queues.length === 0 ? 'queues is empty' : '',
    new Set(queues).size < queues.length ? 'queues names a queue twice' : '',
    Number.isInteger(concurrency) && concurrency > 0 ? '' : 'concurrency is not a whole number above 0',
  ].filter((problem) => problem !== '')
  if (problems.length > 0) throw new DroverError('USAGE', `startWorker: ${problems.join('; ')}`)
}

/** The pool for a processor that is a file; undefined for a function. */
function poolOf<Data, Result>(options: WorkerOptions<Data, Result>): ChildPool | undefined {
  const { process: processor, isolation = 'thread', maxTasksPerWorker } = options
  if (typeof processor === 'function') return undefined
  const url = processor instanceof URL ? processor : pathToFileURL(resolve(processor))
  if (!existsSync(url)) throw new DroverError('USAGE', `startWorker: there is no file ${fileURLToPath(url)}`)
  return createChildPool({ file: url.href, isolation, maxTasksPerChild: maxTasksPerWorker })
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work.catch(() => undefined), new Promise((done) => setTimeout(done, ms).unref())])
}
