import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { QueueSource } from '../../../src/ports.ts'
import {
  type CeleryEnvironment,
  type CeleryWorker,
  hasPython,
  installCelery,
  python,
  startCeleryWorker,
} from '../../helpers/celery.ts'
import {
  isChangeOf,
  isReady,
  listen,
  openSource,
  readOne,
  type Told,
  until,
} from '../../helpers/queue-source.ts'
import { hasRedisServer, type RedisServer, startRedisServer } from '../../helpers/redis-server.ts'

const ALLOCATION = '0b7c2a52-8d7e-4c5f-9a35-1c2d3e4f5a6b'
const NODE = `mailers@${ALLOCATION}`

describe.skipIf(!hasRedisServer || !hasPython)('Celery', { timeout: 60_000 }, () => {
  let server: RedisServer
  let redis: Redis
  let env: CeleryEnvironment
  let source: QueueSource
  let told: Told
  const workers: CeleryWorker[] = []
  const read = (queue = 'mail') => readOne(source, queue)
  const readWorkers = async () => {
    const { workers: of } = await source.sweep(['mail'])
    return of.ok ? of.workers : []
  }
  const work = (...args: string[]): CeleryWorker => {
    const worker = startCeleryWorker(env, NODE, args)
    workers.push(worker)
    return worker
  }
  const isUp = () => until(async () => (await readWorkers()).some(({ busy }) => busy === 0), 20_000)

  beforeAll(async () => {
    installCelery()
    server = await startRedisServer()
    const broker = server.url.replace('/0', '/2')
    redis = new Redis(broker)
    env = { broker, prefix: 'e2i:' }
  }, 180_000)
  afterAll(async () => {
    redis?.disconnect()
    await server?.close()
  })
  beforeEach(async () => {
    source = openSource('celery', env.broker, { keyPrefix: 'e2i:' })
    told = listen(source, ['mail', 'later', 'heavy'])
    await told.next(isReady)
  })
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.kill()))
    await source.close()
    await redis.flushdb()
  })

  it('adds up all priorities, under the key prefix and in the database, and tells of them at once', async () => {
    const change = told.next(isChangeOf('mail'))
    python(env, 'for n in (0, 2, 4, 9, 9): p.put("mail", priority=n)', 'p.put("heavy")')
    await change
    const sample = await read()
    expect(sample).toMatchObject({ waiting: 5, needsWakeAt: sample.at })
    expect(await read('heavy')).toMatchObject({ waiting: 1 })
    expect(await read('nobody')).toMatchObject({ waiting: 0 })
    // The lengths of the lists that the priorities are in: 0 and 2, 4, 9 and 9.
    const lengths = ['mail', 'mail\u0006\u00163', 'mail\u0006\u00166', 'mail\u0006\u00169'].map((key) =>
      redis.llen(`e2i:${key}`),
    )
    expect(await Promise.all(lengths)).toEqual([2, 1, 0, 2])
  })

  it('knows the age from the event of the sender, or from the first sight of the head', async () => {
    python(env, 'p.put("mail")')
    const first = await until(async () => {
      const sample = await read()
      // The sender tells of the task just after it has put it.
      return sample.waiting === 1 && sample.oldestIsAtLeast === undefined && sample
    })
    expect(first.oldestAgeMs).toBeLessThan(10_000)
    const newcomer = openSource('celery', env.broker, { keyPrefix: 'e2i:' })
    const late = await readOne(newcomer, 'mail')
    expect(late).toMatchObject({ oldestAgeMs: 0, oldestIsAtLeast: true })
    await newcomer.close()
    await until(async () => ((await read()).oldestAgeMs ?? 0) >= 300)
  })

  it('tells running from prefetched and from announced tasks, and which allocation is busy', async () => {
    work('-Q', 'mail', '-c', '1', '--prefetch-multiplier=2', '-E')
    await isUp()
    python(env, 'for n in range(5): p.put("mail")', 'p.put("later", countdown=600)')
    // One runs, one is prefetched; the others stay.
    const busy = await until(async () => {
      const sample = await read()
      return sample.unacked?.running === 1 && sample.unacked.prefetched === 1 && sample
    }, 20_000)
    expect(busy).toMatchObject({
      waiting: 3,
      active: 1,
      unacked: { total: 2, running: 1, prefetched: 1, eta: 0 },
    })
    expect(await readWorkers()).toContainEqual(
      expect.objectContaining({ worker: NODE, allocation: ALLOCATION, group: 'mailers', busy: 1 }),
    )
  })

  it('knows a task that lies in a worker until its time', async () => {
    work('-Q', 'mail', '-c', '1', '-E')
    await isUp()
    python(env, 'p.put("mail", countdown=600)')
    const sample = await until(async () => {
      const now = await read()
      return now.unacked?.eta === 1 && now.unacked.running === 0 && now
    }, 20_000)
    expect(sample).toMatchObject({
      waiting: 0,
      active: 0,
      unacked: { total: 1, running: 0, prefetched: 0, eta: 1 },
    })
    expect((await readWorkers())[0]).toMatchObject({ busy: 0 })
  })

  it('does not tell running from prefetched where the workers send no events', async () => {
    work('-Q', 'mail', '-c', '1', '--prefetch-multiplier=2')
    await isUp()
    python(env, 'for n in range(3): p.put("mail")')
    await until(async () => (await readWorkers()).some(({ busy }) => busy === 1), 20_000)
    const sample = await read()
    expect(sample.unacked).toEqual({ total: 2, eta: 0 })
    expect(sample).not.toHaveProperty('active')
  })

  it('sees tasks that were acknowledged early', async () => {
    const early = { ...env, acksLate: false }
    workers.push(startCeleryWorker(early, NODE, ['-Q', 'mail', '-c', '1', '--prefetch-multiplier=1', '-E']))
    await isUp()
    python(early, 'p.put("mail")')
    const sample = await until(async () => {
      const now = await read()
      return now.active === 1 && now
    }, 20_000)
    expect(sample).toMatchObject({ waiting: 0, unacked: { total: 0, running: 1 } })
  })

  it('counts what failed, was retried and succeeded, and how long tasks take', async () => {
    work('-Q', 'mail', '-c', '1', '-E')
    await isUp()
    python(
      env,
      'for n in range(3): p.put("mail", p.nap, 0.2)',
      'p.fails.apply_async(queue="mail")',
      'p.again.apply_async(queue="mail")',
    )
    const reading = await until(async () => {
      const now = await source.sweep(['mail'])
      return now.durations?.get('program.nap')?.count === 3 && now
    }, 20_000)
    expect(reading.durations?.get('program.nap')?.meanMs).toBeGreaterThanOrEqual(200)
    // The retry waits in the worker for its time.
    const sample = await until(async () => {
      const now = await read()
      return now.unacked?.eta === 1 && now.active === 0 && now
    }, 20_000)
    expect(sample.waiting).toBe(0)
  })

  it('shows the task of a killed worker as orphaned, and the worker as unknown, then gone', async () => {
    const worker = work('-Q', 'mail', '-c', '1', '-E')
    await isUp()
    python(env, 'p.put("mail")')
    await until(async () => (await read()).active === 1, 20_000)
    await worker.kill()
    const sample = await until(async () => {
      const now = await read()
      return now.orphaned === 1 && now
    }, 20_000)
    expect(sample).toMatchObject({ waiting: 0, active: 0, needsWakeAt: sample.at })
    expect((await readWorkers())[0]).not.toHaveProperty('busy')
  })

  it('knows no workers until it has listened for their heartbeats', async () => {
    const newcomer = openSource('celery', env.broker, { keyPrefix: 'e2i:' })
    const { workers: of } = await newcomer.sweep(['mail'])
    expect(of).toMatchObject({ ok: false, cause: { code: 'no-data' } })
    await newcomer.close()
  })

  it('counts but does not tell apart when too much is unacknowledged', async () => {
    const modest = openSource('celery', env.broker, { keyPrefix: 'e2i:', lookAt: 1 })
    await redis.hset('e2i:unacked', { a: '["", "", "mail"]', b: '["", "", "mail"]' })
    expect(await readOne(modest, 'mail')).not.toHaveProperty('unacked')
    expect(await read()).toMatchObject({ unacked: { total: 2 } })
    await modest.close()
  })
})
