import { join } from 'node:path'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRetirement } from '../../src/adapters/nomad-retire.ts'
import { loadTemplates } from '../../src/adapters/templates.ts'
import { renderStack } from '../../src/core/render-stack.ts'
import { createRenderer } from '../../src/core/spec/render.ts'
import { aStack } from '../helpers/a-stack.ts'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { stopJobs } from '../helpers/stop-jobs.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { type Allocation, callNomad, parseJob } from './nomad-api.ts'
import { useCluster } from './use-cluster.ts'

const cluster = useCluster()
const PROGRAM = join(import.meta.dirname, 'programs/worker.mjs')

describe.skipIf(!cluster.available)('a worker that is retired through Nomad', () => {
  const { nomad } = cluster
  let redis: RedisServer
  let queue: Queue
  let notes: Redis

  beforeAll(async () => {
    redis = await startRedisServer()
    notes = new Redis(redis.url)
    queue = new Queue('sleep', { connection: { host: '127.0.0.1', port: redis.port } })
    const stack = aStack({
      cluster: { max_kill_timeout: '30s' },
      workers: {
        sleeper: {
          driver: 'raw_exec',
          command: [process.execPath, PROGRAM],
          queues: ['sleep'],
          scale: { min: 2, max: 2 },
          env: { REDIS_URL: redis.url },
          resources: { cpu: 0.1, memory: '128MB' },
        },
      },
    })
    const [file] = renderStack(stack, createRenderer(await loadTemplates()))
    await callNomad(nomad, 'jobs', { Job: await parseJob(nomad, file?.text ?? '') })
    await waitUntil('two workers running', async () => {
      const running = (await allocations()).filter(({ ClientStatus }) => ClientStatus === 'running')
      return running.length === 2 && (await queue.getWorkersCount()) >= 2 ? running : undefined
    })
  })

  afterAll(async () => {
    await queue?.close()
    notes?.disconnect()
    await stopJobs(nomad)
    await redis?.close()
  })

  it('finishes its task, leaves and is not replaced; the other takes what is queued', async () => {
    await queue.addBulk([4000, 4000, 500, 500].map((ms) => ({ name: 'sleep', data: { ms } })))
    await waitUntil('both busy', async () => ((await queue.getActiveCount()) === 2 ? true : undefined), {
      everyMs: 20,
    })
    const [first] = await allocations()
    const retirement = createRetirement({ NOMAD_ADDR: nomad })
    const [found] = await retirement.find(first?.ID.slice(0, 8) ?? '')
    expect(found).toMatchObject({ id: first?.ID, group: 'sleeper', task: 'sleeper', status: 'running' })
    if (found) await retirement.signal(found, 'SIGTERM')
    const status = await waitUntil('it has left', async () => {
      const now = await retirement.status(first?.ID ?? '')
      return now === 'running' ? undefined : now
    })
    expect(status).toBe('complete')
    await waitUntil('all tasks done', async () =>
      (await queue.getCompletedCount()) === 4 ? true : undefined,
    )
    const done = await notes.lrange('done', 0, -1)
    expect(done.map((line) => line.split(' ')[0]).sort()).toEqual(['1', '2', '3', '4'])
    expect(done.filter((line) => line.endsWith(first?.ID ?? 'nobody'))).toHaveLength(1)
    expect((await allocations()).map(({ ClientStatus }) => ClientStatus).sort()).toEqual([
      'complete',
      'running',
    ])
  })

  async function allocations(): Promise<Allocation[]> {
    return callNomad(nomad, 'job/sleeper/allocations')
  }
})
