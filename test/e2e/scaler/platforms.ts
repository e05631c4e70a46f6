import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import { build } from 'esbuild'
import { CELERY_PYTHON, hasPython, installCelery } from '../../helpers/celery.ts'
import { buildImage } from '../../helpers/docker.ts'
import type { RedisServer } from '../../helpers/redis-server.ts'
import type { Cluster } from '../cluster.ts'

/** A kind of workers, and how they are given tasks. */
export interface Platform {
  readonly name: string
  /** Name of a group of such workers. */
  readonly group: string
  readonly software: 'bullmq' | 'celery'
  /** Why it cannot be tried here; undefined when it can. */
  missing(): string | undefined
  /** Makes what the workers need; returns keys of the worker's entry in the stack. */
  prepare(cluster: Cluster): Promise<(redis: RedisServer) => object>
  /** What a worker has said, where its words outlive it. */
  log?(cluster: Cluster, allocation: string): string
  /** Puts tasks that take so long into the queue `work`; returns their ids. */
  enqueue(redis: RedisServer, durationsMs: readonly number[]): Promise<string[]>
}

const PROGRAMS = join(import.meta.dirname, '../programs')
const WORKER = join(PROGRAMS, 'noting-worker.mjs')
const IMAGE = 'drover.test/noting-worker:1'

const kitEnv = (redis: RedisServer) => ({ REDIS_URL: redis.url, QUEUES: 'work', CONCURRENCY: '1' })

async function enqueueBullmq(redis: RedisServer, durationsMs: readonly number[]): Promise<string[]> {
  const queue = new Queue('work', { connection: { host: '127.0.0.1', port: redis.port } })
  try {
    const jobs = await queue.addBulk(durationsMs.map((ms) => ({ name: 'sleep', data: { ms } })))
    return jobs.map(({ id }) => id ?? '')
  } finally {
    await queue.close()
  }
}

const rawExec = {
  name: 'BullMQ kit under raw_exec',
  group: 'heavy_raw_exec',
  software: 'bullmq',
  missing: () => undefined,
  prepare: async (_?: Cluster) => (redis: RedisServer) => ({
    driver: 'raw_exec',
    command: [process.execPath, WORKER],
    env: kitEnv(redis),
  }),
  enqueue: enqueueBullmq,
} satisfies Platform

const docker: Platform = {
  name: 'BullMQ kit under docker',
  group: 'heavy_docker',
  software: 'bullmq',
  missing: () => undefined,
  async prepare(cluster) {
    const outfile = join(cluster.folder, 'noting-worker.cjs')
    await build({
      entryPoints: [WORKER],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile,
      logLevel: 'error',
      // CommonJS has no await at the top: the program is wrapped in a function that has.
      plugins: [
        {
          name: 'await-at-the-top',
          setup(builder) {
            builder.onLoad({ filter: /noting-worker\.mjs$/ }, ({ path }) => ({
              contents: readFileSync(path, 'utf8').replace(/^await /m, 'void '),
            }))
          },
        },
      ],
    })
    const files = {
      '/usr/local/bin/node': { program: process.execPath },
      '/worker.cjs': { text: readFileSync(outfile, 'utf8') },
      '/tmp': { folder: true },
    } as const
    await buildImage(cluster.docker, IMAGE, { files }, cluster.folder)
    return (redis) => ({
      image: IMAGE,
      command: ['/usr/local/bin/node', '/worker.cjs'],
      config: { network_mode: 'host' },
      env: kitEnv(redis),
    })
  },
  enqueue: enqueueBullmq,
}

const celery: Platform = {
  name: 'Celery under raw_exec',
  group: 'heavy_celery',
  software: 'celery',
  missing: () => (hasPython ? undefined : 'no python3 with venv'),
  async prepare(cluster) {
    installCelery()
    const folder = join(cluster.folder, 'celery')
    mkdirSync(folder, { recursive: true })
    const program = join(folder, 'celery')
    // Nomad takes the log of a task with the allocation; here it stays for a failure to be explained.
    writeFileSync(
      program,
      `#!/bin/sh\nexec ${CELERY_PYTHON} -m celery "$@" > '${folder}'/$NOMAD_ALLOC_ID.log 2>&1\n`,
    )
    chmodSync(program, 0o755)
    return (redis) => ({
      driver: 'raw_exec',
      celery: { app: 'noting_tasks', log_level: 'DEBUG' },
      config: { command: program },
      env: { REDIS_URL: redis.url, PYTHONPATH: PROGRAMS, PYTHONDONTWRITEBYTECODE: '1', C_FORCE_ROOT: '1' },
    })
  },
  log: (cluster, allocation) => {
    const file = join(cluster.folder, 'celery', `${allocation}.log`)
    return existsSync(file) ? readFileSync(file, 'utf8') : 'no log'
  },
  async enqueue(redis, durationsMs) {
    const lines = [
      'import noting_tasks as p',
      `for ms in ${JSON.stringify(durationsMs)}: print(p.nap.apply_async((ms,), queue="work").id)`,
    ]
    const printed = execFileSync(CELERY_PYTHON, ['-c', lines.join('\n')], {
      encoding: 'utf8',
      env: { ...process.env, REDIS_URL: redis.url, PYTHONPATH: PROGRAMS, PYTHONDONTWRITEBYTECODE: '1' },
    })
    return printed.trim().split('\n')
  },
}

export const PLATFORMS = { raw_exec: rawExec, docker, celery } as const

/** A stack of one group of workers; its Redis stands beside it and is not registered. */
export function stackOf(platform: Platform, worker: object, scale: object, group = 'heavy') {
  return {
    name: `proof-${group}`,
    cluster: { max_kill_timeout: '24h' },
    scaling: { interval: '1s' },
    broker: { software: platform.software, service: 'redis' },
    services: {
      redis: {
        image: 'redis:7',
        ports: { redis: 6379 },
        checks: [{ type: 'tcp', interval: '10s', timeout: '2s' }],
        resources: { cpu: 0.1, memory: '64MB' },
      },
    },
    workers: {
      [group]: {
        queues: ['work'],
        concurrency: 1,
        scale: { min: 0, max: 4, ...scale },
        resources: { cpu: 0.1, memory: '128MB' },
        longest_task: '1m',
        ...worker,
      },
    },
  }
}
