import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { QueueSource } from '../../../src/ports.ts'
import { heartbeatKey, workersKey } from '../../../src/worker-protocol.ts'
import { type Bull, bullmq, gate, MAJORS } from '../../helpers/bullmq.ts'
import { isChangeOf, isReady, listen, openSource, readOne, sleep, until } from '../../helpers/queue-source.ts'
import { hasRedisServer, type RedisServer, startRedisServer } from '../../helpers/redis-server.ts'

const ALLOCATION = '0b7c2a52-8d7e-4c5f-9a35-1c2d3e4f5a6b'

describe.skipIf(!hasRedisServer).each(MAJORS)('BullMQ %d', (major) => {
  let server: RedisServer
  let source: QueueSource
  let redis: Redis
  let bull: Bull
  let queue: Queue
  const workers: Worker[] = []
  const connection = () => ({ host: '127.0.0.1', port: server.port })
  const read = () => readOne(source, 'mail')
  const readWorkers = async () => {
    const { workers: of } = await source.sweep(['mail'])
    if (!of.ok) throw new Error(of.cause.message)
    return of.workers
  }
  function work(process: () => Promise<unknown>, options: object = {}): Worker {
    const worker = new bull.Worker('mail', process, { connection: connection(), ...options })
    worker.on('error', () => undefined)
    workers.push(worker)
    return worker
  }

  beforeAll(async () => {
    bull = bullmq(major)
    server = await startRedisServer()
    redis = new Redis(server.url)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.close()
  })
  beforeEach(() => {
    queue = new bull.Queue('mail', { connection: connection() })
    source = openSource('bullmq', server.url, { workersEveryMs: 0 })
  })
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close(true)))
    await source.close()
    await queue.obliterate({ force: true })
    await queue.close()
  })

  it('knows an empty queue, and one that never was', async () => {
    const zeros = {
      waiting: 0,
      due: 0,
      delayed: 0,
      active: 0,
      orphaned: 0,
      waitingChildren: 0,
      completed: 0,
      failed: 0,
    }
    const empty = await read()
    expect(empty).toMatchObject({ ...zeros, paused: false })
    expect(empty).not.toHaveProperty('oldestAgeMs')
    expect(empty).not.toHaveProperty('needsWakeAt')
    expect(await readOne(source, 'nobody')).toMatchObject(zeros)
  })

  it('counts waiting and prioritized jobs, and the age of the oldest', async () => {
    await queue.add('a', {}, { timestamp: Date.now() - 60_000 })
    await queue.add('b', {}, { lifo: true })
    await queue.add('c', {}, { priority: 7 })
    const sample = await read()
    expect(sample).toMatchObject({ waiting: 3, prioritized: 1, active: 0, needsWakeAt: sample.at })
    expect(sample.oldestAgeMs).toBeGreaterThanOrEqual(60_000)
    expect(sample.oldestAgeMs).toBeLessThan(90_000)
  })

  it('tells due from delayed jobs; the wait of one that was delayed starts when it is due', async () => {
    await queue.add('a', {}, { delay: 50 })
    await queue.add('b', {}, { delay: 3_600_000 })
    await sleep(100)
    const sample = await read()
    expect(sample).toMatchObject({ waiting: 0, due: 1, delayed: 1, needsWakeAt: sample.at })
    expect(sample.oldestAgeMs).toBeLessThan(3000)
    expect(sample.nextDueAt).toBeGreaterThan(sample.at + 3_500_000)
  })

  it('says when it must be woken: with no worker nothing is promoted', async () => {
    await queue.add('a', {}, { delay: 600_000 })
    const sample = await read()
    expect(sample.needsWakeAt).toBe(sample.nextDueAt)
    expect((sample.needsWakeAt ?? 0) - sample.at).toBeGreaterThan(590_000)
  })

  it('knows the next run of a job scheduler', async () => {
    await queue.upsertJobScheduler('nightly', { every: 3_600_000, startDate: Date.now() + 1_800_000 })
    const sample = await read()
    expect(sample.delayed).toBe(1)
    expect((sample.nextDueAt ?? 0) - sample.at).toBeGreaterThan(0)
    expect(sample.needsWakeAt).toBe(sample.nextDueAt)
    await queue.removeJobScheduler('nightly')
  })

  it('counts what waits in a paused queue, and does not want to be woken for it', async () => {
    await queue.add('a', {})
    await queue.pause()
    await queue.add('b', {})
    const sample = await read()
    expect(sample).toMatchObject({ waiting: 2, paused: true })
    expect(sample).not.toHaveProperty('needsWakeAt')
    await queue.resume()
    expect(await read()).toMatchObject({ waiting: 2, paused: false })
  })

  it('knows the global concurrency', async () => {
    await queue.setGlobalConcurrency(4)
    expect(await read()).toMatchObject({ concurrencyLimit: 4 })
  })

  it('knows until when the queue is rate-limited', async () => {
    await queue.setGlobalRateLimit(1, 60_000)
    await queue.add('a', {})
    await queue.add('b', {})
    work(async () => undefined, { name: ALLOCATION })
    const sample = await until(async () => {
      const now = await read()
      return now.rateLimitedUntil !== undefined && now
    })
    expect(sample.waiting).toBe(1)
    expect((sample.rateLimitedUntil ?? 0) - sample.at).toBeGreaterThan(30_000)
    expect(sample.needsWakeAt).toBe(sample.rateLimitedUntil)
  })

  it('knows which worker is busy, by its allocation', async () => {
    const { passed, open } = gate()
    work(() => passed, { name: ALLOCATION, concurrency: 2 })
    work(() => passed, { name: 'idle-one', concurrency: 1, autorun: false })
      .run()
      .catch(() => undefined)
    await workers[1]?.pause()
    await queue.addBulk([
      { name: 'a', data: {} },
      { name: 'b', data: {} },
    ])
    await until(async () => (await read()).active === 2)
    const seen = await readWorkers()
    expect(seen).toContainEqual(
      expect.objectContaining({ worker: ALLOCATION, allocation: ALLOCATION, busy: 2, queues: ['mail'] }),
    )
    expect(seen.find(({ worker }) => worker === 'idle-one')).toMatchObject({ busy: 0 })
    open()
    await until(async () => (await readWorkers()).every(({ busy }) => busy === 0))
  })

  it('does not call a worker idle while a job is of nobody knows whom', async () => {
    const { passed, open } = gate()
    work(() => passed)
    work(() => passed, { name: ALLOCATION })
    await workers[1]?.pause(true)
    await queue.add('a', {})
    await until(async () => (await read()).active === 1)
    const named = (await readWorkers()).find(({ allocation }) => allocation === ALLOCATION)
    if ((await queue.getActive())[0]?.processedBy === undefined) expect(named).not.toHaveProperty('busy')
    open()
  })

  it('takes the word of workers made with drover/worker', async () => {
    const beat = {
      v: 1,
      kind: 'bullmq',
      id: ALLOCATION,
      group: 'mailers',
      queues: ['mail'],
      concurrency: 4,
      busy: 2,
      tasks: [{ queue: 'mail', id: '42', name: 'send', since: 1000 }],
    }
    const at = Date.now()
    await redis.zadd(workersKey(), at, ALLOCATION, at, 'silent-one', at - 3_600_000, 'gone-one')
    await redis.set(heartbeatKey(ALLOCATION), JSON.stringify({ ...beat, state: 'draining', at }))
    const seen = await readWorkers()
    expect(seen).toContainEqual({
      worker: ALLOCATION,
      allocation: ALLOCATION,
      group: 'mailers',
      busy: 2,
      tasks: beat.tasks,
      concurrency: 4,
      intake: 'draining',
      queues: ['mail'],
      seenAt: at,
    })
    expect(seen.find(({ worker }) => worker === 'silent-one')).toEqual({ worker: 'silent-one', seenAt: at })
    expect(seen.map(({ worker }) => worker)).not.toContain('gone-one')
    await redis.del(workersKey(), heartbeatKey(ALLOCATION))
  })

  it('counts parents that wait for their children apart', async () => {
    const flow = new bull.FlowProducer({ connection: connection() })
    await flow.add({ name: 'parent', queueName: 'mail', children: [{ name: 'child', queueName: 'post' }] })
    expect(await read()).toMatchObject({ waiting: 0, waitingChildren: 1 })
    expect(await readOne(source, 'post')).toMatchObject({ waiting: 1 })
    await flow.close()
  })

  it('counts retries and dead letters', async () => {
    await queue.add('dies', {}, { attempts: 1 })
    await queue.add('retries', {}, { attempts: 2, backoff: { type: 'fixed', delay: 600_000 } })
    work(async () => {
      throw new Error('no')
    })
    const sample = await until(async () => {
      const now = await read()
      return now.failed === 1 && now.delayed === 1 && now
    })
    expect(sample).toMatchObject({ waiting: 0, active: 0, failed: 1, delayed: 1 })
    expect((sample.nextDueAt ?? 0) - sample.at).toBeGreaterThan(500_000)
  })

  it('shows the job of a killed worker as orphaned until another takes it up', {
    timeout: 30_000,
  }, async () => {
    const program = fileURLToPath(new URL('bullmq-worker.cjs', import.meta.url))
    const child = spawn(
      process.execPath,
      [program, String(major), String(server.port), 'mail', 'killed-one'],
      {
        stdio: 'ignore',
      },
    )
    await queue.add('a', {})
    await until(async () => (await read()).active === 1)
    child.kill('SIGKILL')
    const orphan = await until(async () => {
      const now = await read()
      return now.orphaned === 1 && now
    })
    expect(orphan).toMatchObject({ active: 0, waiting: 0, needsWakeAt: orphan.at })
    expect((await readWorkers()).find(({ worker }) => worker === 'killed-one')?.busy ?? 0).toBe(0)
    let runs = 0
    work(
      async () => {
        runs++
      },
      { stalledInterval: 300 },
    )
    await until(async () => (await read()).completed === 1, 20_000)
    expect(runs).toBe(1)
    expect(await read()).toMatchObject({ orphaned: 0, active: 0 })
  })

  it('tells of changes at once, and of finished jobs per minute from its own watch', {
    timeout: 30_000,
  }, async () => {
    let now = Date.now()
    const told = listen(source, ['mail', 'post'])
    await told.next(isReady)
    const change = told.next(isChangeOf('mail'))
    now = performance.now()
    await queue.add('a', {}, { removeOnComplete: true })
    await change
    expect(performance.now() - now).toBeLessThan(1000)
    const finished = told.next((event) => event.kind === 'changed')
    work(async () => undefined)
    await finished
    // Not even a minute watched, and the job is removed: not known, and not 0.
    await until(async () => (await read()).waiting === 0)
    expect(await read()).not.toHaveProperty('throughputPerMin')
  })

  it('counts finished jobs that are kept', async () => {
    await queue.add('old', {}, { timestamp: 1 })
    await redis.zadd('bull:mail:completed', 1, 'long-ago')
    work(async () => undefined)
    const sample = await until(async () => {
      const is = await read()
      return is.completed === 2 && is
    })
    expect(sample.throughputPerMin).toBe(1)
  })

  it('watches any number of queues on two connections', async () => {
    const queues = Array.from({ length: 300 }, (_, index) => `q${index}`)
    const told = listen(source, queues)
    await told.next(isReady)
    const change = told.next(isChangeOf('q299'))
    const last = new bull.Queue('q299', { connection: connection() })
    await last.add('a', {})
    await change
    const list = String(await redis.client('LIST'))
    expect(list.split('\n').filter((line) => line.includes('name=drover:')).length).toBe(2)
    await last.obliterate({ force: true })
    await last.close()
  })
})
